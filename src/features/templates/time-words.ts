import { offsetMs } from '../../core/time/zone-offset.ts';
import { localDateOf, localDayOf } from '../../core/time/local-date.ts';
import { MINUTE_MS, type EpochMs, type TimeZone } from '../../core/time/time.ts';
import type { Language } from './language.ts';

/** On the seventh day from today the weekday is today's. */
const DAYS_TOLD_BY_WEEKDAY = 6;
const MOST_REMEMBERED = 4_096;
/** Spaces that Intl writes and text messages cannot. */
const NARROW_SPACES = /[\u2009\u202f]/g;

const DATE = { weekday: 'long', month: 'long', day: 'numeric' } as const;
const HOUR = { hour: 'numeric', minute: '2-digit' } as const;

type Style = 'moment' | 'date' | 'hour' | 'dayPart' | 'datedDayPart' | 'weChat';

/** Times as words, in one zone and language. What was written once is remembered: slots come again and again. */
export class TimeWords {
  private readonly moments: Intl.DateTimeFormat;
  private readonly dates: Intl.DateTimeFormat;
  private readonly shortDates: Intl.DateTimeFormat;
  private readonly calendarDates: Intl.DateTimeFormat;
  private readonly hours: Intl.DateTimeFormat;
  private readonly weekdays: Intl.DateTimeFormat;
  private readonly dayParts: Intl.DateTimeFormat;
  private readonly slots = new Map<EpochMs, { readonly end: EpochMs; readonly text: string }>();
  private readonly written: Readonly<Record<Style, Map<EpochMs, string>>> = {
    moment: new Map(),
    date: new Map(),
    hour: new Map(),
    dayPart: new Map(),
    datedDayPart: new Map(),
    weChat: new Map(),
  };

  constructor(
    private readonly language: Language,
    formats: string,
    private readonly zone: TimeZone,
  ) {
    const of = (options: Intl.DateTimeFormatOptions) =>
      new Intl.DateTimeFormat(formats, { ...options, timeZone: zone, calendar: 'gregory' });
    this.moments = of({ ...DATE, ...HOUR });
    this.dates = of(DATE);
    this.shortDates = of({ weekday: 'short', month: 'short', day: 'numeric' });
    this.calendarDates = of({ month: 'long', day: 'numeric' });
    this.hours = of(HOUR);
    this.weekdays = of({ weekday: language.weekdayStyle });
    this.dayParts = of({ hour: 'numeric', dayPeriod: 'long', hourCycle: 'h12' });
  }

  /** `Friday, November 27 at 10:30 AM` */
  moment(at: EpochMs): string {
    return this.remember('moment', at, () => this.moments.format(at));
  }

  /** `Friday, November 27` */
  date(at: EpochMs): string {
    return this.remember('date', at, () => this.dates.format(at));
  }

  /** `10:30 AM` */
  hour(at: EpochMs): string {
    return this.remember('hour', at, () => this.hours.format(at));
  }

  /** `Fri, Nov 27, 10:30 – 11:00 AM`, as the language joins a day and its hours. */
  slot(start: EpochMs, end: EpochMs, join: (day: string, hours: string) => string): string {
    const known = this.slots.get(start);
    if (known?.end === end) return known.text;
    const day = this.shortDates.format(start);
    const text = plainSpaces(
      localDayOf(start, this.zone) === localDayOf(end, this.zone)
        ? join(day, this.hours.formatRange(start, end))
        : `${join(day, this.hours.format(start))} – ${join(this.shortDates.format(end), this.hours.format(end))}`,
    );
    keep(this.slots, start, { end, text });
    return text;
  }

  /** `Friday afternoon`; with its date if the weekday alone would not tell it at `now`. */
  dayPart(at: EpochMs, now: EpochMs): string {
    const days = localDayOf(at, this.zone) - localDayOf(now, this.zone);
    const isNear = days >= 0 && days <= DAYS_TOLD_BY_WEEKDAY;
    return this.remember(isNear ? 'dayPart' : 'datedDayPart', at, () => {
      const part = this.dayParts.formatToParts(at).find(({ type }) => type === 'dayPeriod')!.value;
      const words = this.language.dayPart(
        this.weekdays.format(at),
        part,
        this.minuteOfDay(at) / 60,
      );
      return isNear ? words : this.language.datedDayPart(words, this.calendarDates.format(at));
    });
  }

  /** `2019年10月1日 15:01`, the form that WeChat asks for in any language. */
  forWeChat(at: EpochMs): string {
    return this.remember('weChat', at, () => {
      const [year, month, day] = localDateOf(at, this.zone).split('-').map(Number);
      const minute = this.minuteOfDay(at);
      const clock = `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`;
      return `${year}年${month}月${day}日 ${clock}`;
    });
  }

  private minuteOfDay(at: EpochMs): number {
    const minutes = Math.floor((at + offsetMs(this.zone, at)) / MINUTE_MS);
    return ((minutes % 1440) + 1440) % 1440;
  }

  private remember(style: Style, at: EpochMs, write: () => string): string {
    const written = this.written[style];
    const known = written.get(at);
    if (known !== undefined) return known;
    const text = plainSpaces(write());
    keep(written, at, text);
    return text;
  }
}

const plainSpaces = (text: string): string => text.replace(NARROW_SPACES, ' ');

function keep<Value>(map: Map<EpochMs, Value>, at: EpochMs, value: Value): void {
  if (map.size >= MOST_REMEMBERED) map.clear();
  map.set(at, value);
}

const twoDigits = (number: number): string => String(number).padStart(2, '0');

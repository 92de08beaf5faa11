import type { EpochMs } from '../../core/time/time.ts';

/** Octets of a line without its end. Source: RFC 5545 section 3.1. */
const LINE_OCTETS = 75;

/** One appointment as calendars know it. */
export interface CalendarEvent {
  /** Same for the life of the appointment, in every feed and message. */
  readonly uid: string;
  /** Grows with every change: calendars ignore a change that repeats the number. */
  readonly sequence: number;
  /** When what is said of it was last changed. */
  readonly changedAt: EpochMs;
  readonly start: EpochMs;
  readonly end: EpochMs;
  readonly isCancelled: boolean;
  readonly summary: string;
  readonly location: string;
  readonly description: string;
}

/** Who publishes: a name, and a URI that stands for them. */
export interface Organizer {
  readonly name: string;
  readonly uri: string;
}

/** A feed that calendars read again and again. They look at it when they like, some once a day. */
export interface CalendarFeed {
  readonly name: string;
  readonly language: string;
  readonly events: readonly CalendarEvent[];
}

/** How often programs are asked to look again. Sources: RFC 7986 section 5.7; the older name is Outlook's. */
const REFRESH = ['REFRESH-INTERVAL;VALUE=DURATION:PT15M', 'X-PUBLISHED-TTL:PT15M'];

/**
 * A calendar to subscribe to. Times are in UTC, which every program shows in its own zone; a feed has no
 * METHOD, as it is the state of things and asks for nothing.
 */
export function feedText({ name, language, events }: CalendarFeed): string {
  const names = [`NAME;LANGUAGE=${language}:${text(name)}`, `X-WR-CALNAME:${text(name)}`];
  return calendar(
    [...names, ...REFRESH],
    events.flatMap((event) => eventLines(event)),
  );
}

/** A calendar that goes with one message. Sources: RFC 5546 sections 3.2.1 and 3.2.5. */
export function messageText(
  method: 'PUBLISH' | 'CANCEL',
  organizer: Organizer,
  events: readonly CalendarEvent[],
): string {
  const by = `ORGANIZER;CN=${quoted(organizer.name)}:${organizer.uri}`;
  return calendar(
    [`METHOD:${method}`],
    events.flatMap((event) => eventLines(event, by)),
  );
}

function calendar(properties: readonly string[], events: readonly string[]): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Welt//Appointments//EN',
    'CALSCALE:GREGORIAN',
    ...properties,
    ...events,
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join('');
}

function eventLines(event: CalendarEvent, organizer?: string): readonly string[] {
  return [
    'BEGIN:VEVENT',
    `UID:${event.uid}`,
    `SEQUENCE:${event.sequence}`,
    `DTSTAMP:${utc(event.changedAt)}`,
    `LAST-MODIFIED:${utc(event.changedAt)}`,
    `DTSTART:${utc(event.start)}`,
    `DTEND:${utc(event.end)}`,
    `STATUS:${event.isCancelled ? 'CANCELLED' : 'CONFIRMED'}`,
    `SUMMARY:${text(event.summary)}`,
    `LOCATION:${text(event.location)}`,
    `DESCRIPTION:${text(event.description)}`,
    ...(organizer === undefined ? [] : [organizer]),
    'END:VEVENT',
  ];
}

const utc = (at: EpochMs): string =>
  new Date(at)
    .toISOString()
    .replace(/[-:]/g, '')
    .replace(/\.\d{3}/, '');

/** What no text may hold, whoever wrote it: control characters but tabs and ends of lines. */
const CONTROLS = /[^\P{Cc}\t\r\n]/gu;

const text = (value: string): string =>
  value
    .replace(CONTROLS, '')
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\r\n|\r|\n/g, '\\n');

/** A parameter's value, which knows no escape for a quotation mark. */
const quoted = (value: string): string =>
  `"${value
    .replace(CONTROLS, '')
    .replace(/[\r\n]+/g, ' ')
    .replace(/"/g, "'")}"`;

/** The line in parts that are short enough, without cutting a character in two. */
function folded(line: string): string {
  const parts: string[] = [];
  let part = '';
  let octets = 0;
  for (const character of line) {
    const more = Buffer.byteLength(character);
    if (octets + more > LINE_OCTETS) {
      parts.push(part);
      part = ' ';
      octets = 1;
    }
    part += character;
    octets += more;
  }
  return [...parts, part].join('\r\n');
}

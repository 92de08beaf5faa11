import { TimeWords } from './time-words.ts';
import { readIcu, type Icu } from './icu.ts';
import type { Language } from './language.ts';
import type { Wording } from './languages.ts';
import type { TimeZone } from '../../core/time/time.ts';

/** In a name in two languages, between them. */
const HALVES = ' · ';
const MOST_NAMES = 1_024;

type PhraseName = keyof Language['phrases'];

interface Prices {
  readonly full: Intl.NumberFormat;
  readonly bare: Intl.NumberFormat;
  /** How many make one of the currency. */
  readonly minorUnits: number;
}

/** A wording with what Intl and ICU need for it made ready. */
export class Phrasebook {
  private readonly phrases: ReadonlyMap<PhraseName, Icu>;
  private readonly byZone = new Map<TimeZone, TimeWords>();
  private readonly lists: Intl.ListFormat;
  private readonly halves = new Map<string, string>();
  private readonly prices = new Map<string, Prices>();

  constructor(private readonly wording: Wording) {
    const { language, formats } = wording;
    const names = Object.keys(language.phrases) as PhraseName[];
    this.phrases = new Map(
      names.map((name) => [name, read(language.phrases[name], language.locale)]),
    );
    this.lists = new Intl.ListFormat(formats, { type: 'conjunction' });
  }

  get language(): Language {
    return this.wording.language;
  }

  phrase(name: PhraseName, values: Readonly<Record<string, string | number>>): string {
    return this.phrases.get(name)!.format(values);
  }

  list(parts: readonly string[]): string {
    return parts.length === 1 ? parts[0]! : this.lists.format(parts);
  }

  /** @param priceMinor in the smallest unit of `currency`, ISO 4217 */
  price(priceMinor: number, currency: string): string {
    const { full, minorUnits } = this.pricesIn(currency);
    return full.format(priceMinor / minorUnits);
  }

  /** As {@link price}, with the bare sign of the currency: `¥49.00`. */
  amount(priceMinor: number, currency: string): string {
    const { bare, minorUnits } = this.pricesIn(currency);
    return bare.format(priceMinor / minorUnits);
  }

  times(zone: TimeZone): TimeWords {
    let times = this.byZone.get(zone);
    if (times === undefined) {
      times = new TimeWords(this.language, this.wording.formats, zone);
      this.byZone.set(zone, times);
    }
    return times;
  }

  /** `Century Avenue · 世纪大道` -> the half that is of this language; any other name as it is. */
  half(name: string): string {
    const known = this.halves.get(name);
    if (known !== undefined) return known;
    const half = name.split(HALVES).find((part) => this.language.writes(part)) ?? name;
    if (this.halves.size >= MOST_NAMES) this.halves.clear();
    this.halves.set(name, half);
    return half;
  }

  private pricesIn(currency: string): Prices {
    const known = this.prices.get(currency);
    if (known !== undefined) return known;
    const of = (currencyDisplay: 'symbol' | 'narrowSymbol') =>
      new Intl.NumberFormat(this.wording.formats, { style: 'currency', currency, currencyDisplay });
    const full = of('symbol');
    const decimals = full.resolvedOptions().maximumFractionDigits ?? 0;
    const prices = { full, bare: of('narrowSymbol'), minorUnits: 10 ** decimals };
    this.prices.set(currency, prices);
    return prices;
  }
}

/** @throws Error if a phrase of the language is no ICU message */
function read(text: string, locale: string): Icu {
  const message = readIcu(text, locale);
  if (!message.ok) throw new Error(`bad phrase of ${locale}: ${message.error.fault}: ${text}`);
  return message.value;
}

const MOST_REMEMBERED = 64;
const books = new Map<string, Phrasebook>();

export function phrasebookOf(wording: Wording): Phrasebook {
  const known = books.get(wording.formats);
  if (known !== undefined) return known;
  if (books.size >= MOST_REMEMBERED) books.clear();
  const book = new Phrasebook(wording);
  books.set(wording.formats, book);
  return book;
}

import type { MessageKind } from '../../core/messages/kinds.ts';
import type { OrderStatus } from '../../core/orders/states.ts';

/**
 * The words of one kind of message, ICU messages over the names in `variables.ts`.
 *
 * Paragraphs of `text` are parted by an empty line. One that names a variable of which there is no value
 * is left out.
 */
export interface MessageTexts {
  readonly title: string;
  readonly text: string;
  readonly short: string;
}

/** Something about the goods. */
export interface StageWords {
  /** On its own: `deep cleaning`. */
  readonly name: string;
  /** After "your shoes are", or what stands for that: `in deep cleaning`. */
  readonly now: string;
}

/** Parts of messages, ICU messages over the names in braces. */
interface Phrases {
  /** {name}, {pairs} */
  readonly item: string;
  /** {first}, an item; {more}, pairs beyond it, 1 or more; {all}, pairs with it */
  readonly several: string;
  /** {item}, {care} */
  readonly line: string;
  /** {care}, what is done with goods now */
  readonly inCare: string;
  /** {place}, {address} */
  readonly place: string;
  /** {day}, {hours} */
  readonly slot: string;
}

/** One language, in one file of this shape and one line in `languages.ts`. */
export interface Language {
  /** BCP 47. */
  readonly locale: string;
  /** For dates and numbers, given the region that the customer's own locale names, if it names one. */
  readonly formatsOf: (region: string | undefined) => string;
  /** Whether a half of a name in two languages, as `Century Avenue · 世纪大道`, is of this one. */
  readonly writes: (half: string) => boolean;
  /** `weekday` as Intl writes it long or short, `part` of the day as Intl writes it, `hour` 0 to 23. */
  readonly weekdayStyle: 'long' | 'short';
  readonly dayPart: (weekday: string, part: string, hour: number) => string;
  /** The same of a date that the weekday alone does not tell. */
  readonly datedDayPart: (dayPart: string, date: string) => string;
  readonly phrases: Phrases;
  /** By code of service or skill; a service that is not here goes by its own name. */
  readonly care: Readonly<Record<string, string>>;
  /** Instead of a time: the store is open. */
  readonly openNow: string;
  /** Care of several sorts, or of none that has a name. */
  readonly anyCare: StageWords;
  readonly stages: Readonly<Record<OrderStatus, StageWords>>;
  /** By code: of a delay of a promise, or of what broke one. */
  readonly reasons: Readonly<Record<string, string>>;
  readonly noReason: string;
  /** A customer whose name is not known. */
  readonly somebody: string;
  /** What was found, in previews. */
  readonly sampleExplanation: string;
  readonly messages: Readonly<Record<MessageKind, MessageTexts>>;
}

/** Paragraphs as one text. */
export const paragraphs = (...parts: readonly string[]): string => parts.join('\n\n');

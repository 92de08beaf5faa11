/** What a person would have received. */
export interface LogicalMessage {
  readonly recipient: string;
  /** All that the person reads, the title included, decoded as the provider's clients do. */
  readonly text: string;
  /** Where the provider has a field that comes back in receipts or look-ups: what stood in it. */
  readonly echo: string | null;
  /** The provider's id of it, as text. */
  readonly ref: string | null;
  /** Where a later message replaces an earlier one: what says which. */
  readonly collapse?: string;
}

/** An answer to a request; what is not a string is written as JSON. */
export interface FakeAnswer {
  /** 200 unless told. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * What can go wrong with one attempt.
 *
 * - `resetAfterHeaders`: nothing is recorded, the connection is reset
 * - `resetAfterBody`: the message is recorded, the connection is reset before an answer
 * - `dropResponse`: recorded, never answered
 * - `slowBody`: recorded, the answer begins and does not end
 * - `invalidJson`: recorded, answered 200 with what is no answer
 * - `hugeBody`: recorded, answered 200 with more than anybody should read
 * - `redirect`: not recorded, sent elsewhere
 * - `tellTale`: not recorded, refused with all that was received in every field for words
 */
export type Fault =
  | 'resetAfterHeaders'
  | 'resetAfterBody'
  | 'dropResponse'
  | 'slowBody'
  | 'invalidJson'
  | 'hugeBody'
  | 'redirect'
  | 'tellTale';

/** What a channel must say when it happens. */
export type FaultOutcome = 'ambiguous' | 'temporary' | 'notAccepted';

/** After which faults a channel over HTTP says what. */
export const HTTP_FAULTS: Readonly<Record<Fault, FaultOutcome>> = {
  resetAfterHeaders: 'ambiguous',
  resetAfterBody: 'ambiguous',
  dropResponse: 'ambiguous',
  slowBody: 'ambiguous',
  invalidJson: 'ambiguous',
  hugeBody: 'ambiguous',
  redirect: 'notAccepted',
  tellTale: 'notAccepted',
};

/** Faults during which the answer only ends when the channel's time is up. */
export const STALLING: ReadonlySet<Fault> = new Set(['dropResponse', 'slowBody']);

/** A provider as the contract kit needs it. {@link FakeProvider} is one over HTTP. */
export interface ContractFake {
  /** Where it listens, for the setting `baseUrl`. Changes when it accepts again after refusing. */
  readonly url: string;
  /** What it can do, and what a channel must then say. */
  readonly faults: Readonly<Partial<Record<Fault, FaultOutcome>>>;
  /** Whether connections to it can be refused. */
  readonly canRefuse: boolean;
  /** Whether it can be told to answer with any HTTP status and body. */
  readonly canAnswer: boolean;
  /** Whether messages have a field for the id of the delivery; then a channel has to set it. */
  readonly echoes: boolean;
  readonly messages: readonly LogicalMessage[];
  /** How often somebody tried to hand over a message, with or without success. */
  readonly attempts: number;
  /** Every request of any kind. */
  readonly requestCount: number;
  /** Tokens it gave out, and other words that must not be told. */
  readonly secrets: readonly string[];

  start(): Promise<void>;
  stop(): Promise<void>;
  /** As after the start: no messages, no faults, and what {@link start} gave to people. */
  reset(): void;
  /** What happens to the next attempt. */
  failNext(fault: Fault | FakeAnswer): void;
  /** Fulfilled when an attempt hangs. To be called before the attempt. */
  stalled(): Promise<void>;
  refuse(): Promise<void>;
  accept(): Promise<void>;

  /** Of providers with tokens that expire: how many were given out. */
  tokensIssued?(): number;
  /** None of the tokens that were given out is good any more. */
  expireTokens?(): void;
  /** Of providers that need a grant: from now nobody has one. */
  closeGrants?(): void;
}

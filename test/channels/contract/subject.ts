import type {
  CallbackReply,
  CallbackRequest,
  Channel,
  ChannelEvent,
  MessageContent,
  SendOutcome,
} from '../../../src/channels/channel.ts';
import type { TestClock } from '../../support/test-clock.ts';
import type { ContractFake, FakeAnswer } from '../fakes/contract-fake.ts';

/** What an outcome has at least. */
export interface ExpectedOutcome {
  readonly outcome?: SendOutcome['outcome'];
  readonly because?: string;
  readonly code?: string;
  readonly retryAfterMs?: number | null;
  readonly field?: string;
  readonly isRepeat?: boolean;
}

/** A channel with its provider's fake, as the contract kit tries it. */
export interface ContractSubject {
  readonly channel: Channel;
  readonly fake: ContractFake;
  /** The one of the fake. */
  readonly clock: TestClock;
  /** As headquarters would fill them in, with every secret that there is, for the provider at `url`. */
  readonly settings: (url: string) => Readonly<Record<string, unknown>>;
  /** Of a person whom the fake knows and lets receive at least 60 messages. */
  readonly address: unknown;
  /** What the fake calls this person. */
  readonly recipient: string;
  /** A kind of message that the settings can send. Default: order.ready. */
  readonly kind?: string;
  /** What differs from the kit's own content; `fields` are added to the kit's. */
  readonly content?: Partial<MessageContent>;
  /** The delivery's id as it stands in the provider's field. Default: as it is. */
  readonly echoOf?: (deliveryId: string) => string;
  /** Settings that look good and are refused by the provider; needed if there is any secret. */
  readonly wrongCredentials?: {
    readonly settings: Readonly<Record<string, unknown>>;
    readonly outcome: ExpectedOutcome;
  };
  /** Settings that make it another account of the same provider; needed if tokens expire. */
  readonly otherAccount?: Readonly<Record<string, unknown>>;
  /** The person there, where addresses belong to an account. */
  readonly otherAddress?: unknown;
  /** Every code that the provider documents, with what it means to us. */
  readonly cases: readonly OutcomeCase[];
  /** An answer with a code that nobody knows; needed if the fake can give any answer. */
  readonly unknownCode?: {
    readonly answer: FakeAnswer;
    /** Default: permanent, because of the content. */
    readonly outcome?: ExpectedOutcome;
  };
  /** Needed if receipts are pushed or people can answer. */
  readonly callbacks?: CallbackCases;
}

export interface OutcomeCase {
  readonly name: string;
  /** The answer to the next attempt; or what else makes it come to the outcome. */
  readonly answer: FakeAnswer | (() => void);
  readonly outcome: ExpectedOutcome;
}

export interface CallbackCases {
  /** Requests of the provider. Made anew whenever one is needed. */
  readonly genuine: readonly CallbackCase[];
  /** Requests that nobody should believe, besides those that the kit makes out of genuine ones. */
  readonly forged: readonly { readonly name: string; readonly request: () => CallbackRequest }[];
  /** Questions that a provider asks before it uses the address. */
  readonly handshake?: {
    readonly request: () => CallbackRequest;
    readonly reply: Partial<CallbackReply>;
  };
}

export interface CallbackCase {
  readonly name: string;
  readonly request: () => CallbackRequest;
  /** What each event has at least, in order. */
  readonly events: readonly Partial<ChannelEvent>[];
  readonly reply?: Partial<CallbackReply>;
  /** Whether the provider signs the body; without it only the sender is known. */
  readonly isBodySigned: boolean;
}

/** One requirement of the contract. */
export interface Check {
  readonly id: string;
  readonly name: string;
  /** Throws, or rejects, if the channel does not meet it. */
  readonly run: () => unknown;
}

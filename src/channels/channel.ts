import type { z } from 'zod';

import type { EpochMs } from '../core/time/time.ts';
import type { HttpClient } from './http-client.ts';
import type { TokenStore } from './token-store.ts';

/** What a person is told, ready to be put into the form of any channel. Channels know no templates. */
export interface MessageContent {
  /** Which message it is, e.g. `order.booked`; what an approved template is bound to. */
  readonly kind: string;
  /** Language of the words, BCP 47. */
  readonly locale: string;
  readonly title: string;
  /** The whole message, paragraphs parted by an empty line. */
  readonly text: string;
  /** The same in one or two sentences, for channels where each character counts. */
  readonly short: string;
  /** Values by name, as words of the language: for approved templates, and as data for programs. */
  readonly fields: Readonly<Record<string, string>>;
  /** Where the order can be seen and changed. */
  readonly link: string | null;
  readonly photo: { readonly url: string; readonly caption: string } | null;
  readonly calendar: CalendarPart | null;
}

/** An iCalendar object (RFC 5545) and what it asks for (RFC 5546). */
export interface CalendarPart {
  readonly method: 'REQUEST' | 'CANCEL' | 'PUBLISH';
  readonly content: string;
}

/** One delivery: addressed, but not yet in the channel's own form. */
export interface OutgoingMessage<Address> {
  /** Same on every attempt; to be passed to the provider as its idempotency key or echo field. A UUID. */
  readonly deliveryId: string;
  /** When the delivery was first attempted; what a provider's window for repeats counts from. */
  readonly firstAttemptAt: EpochMs;
  readonly address: Address;
  /** Which of the channel's {@link Way}s was chosen. */
  readonly way: string;
  readonly content: MessageContent;
  /** After this the message is of no use any more. */
  readonly usefulUntil: EpochMs;
}

/** What the provider would be given, and what of it a person would read. */
export type Composed<Payload> =
  | { readonly ok: true; readonly payload: Payload; readonly shown: ShownMessage }
  | { readonly ok: false; readonly error: PermanentFailure };

export interface ShownMessage {
  readonly title: string | null;
  readonly text: string;
}

/** The provider has it; or it says that it had it already. */
export interface Accepted {
  readonly outcome: 'accepted';
  /** The provider's own id, as text: some are larger than a number can hold. */
  readonly providerRef: string | null;
  /** The answer is the only evidence there will ever be. */
  readonly isDelivered?: boolean;
  readonly isRepeat?: boolean;
}

/** Nothing was sent; trying again later may help. */
export interface TemporaryFailure {
  readonly outcome: 'temporary';
  /** `token`: a cached token was refused and has been dropped; try again at once, once. */
  readonly because: 'provider' | 'rateLimit' | 'token';
  readonly retryAfterMs: number | null;
  readonly code: string;
  readonly message: string;
}

/** Nothing was sent, and the same will not be accepted later. */
export interface PermanentFailure {
  readonly outcome: 'permanent';
  readonly because: 'recipient' | 'content' | 'configuration' | 'consent' | 'window';
  /** The provider's code, or one of ours in capitals. */
  readonly code: string;
  readonly message: string;
  /** Part of the content that was refused. */
  readonly field?: string;
}

/** It may have been sent, or not: no answer came after the request was written. */
export interface Ambiguous {
  readonly outcome: 'ambiguous';
  readonly code: string;
  readonly message: string;
}

export type SendOutcome = Accepted | TemporaryFailure | PermanentFailure | Ambiguous;

/** What a provider does about a message that is sent twice. */
export type Idempotency =
  /** A repeat within the window is not sent again. `sameBody`: only if it is the same to the byte. */
  | { readonly is: 'key'; readonly windowSec: number; readonly sameBody: boolean }
  /** It can be asked whether it has a message. Not `isAuthoritative`: "no" may be wrong. */
  | {
      readonly is: 'lookUp';
      readonly afterSec: readonly number[];
      readonly isAuthoritative: boolean;
    }
  /** A later copy replaces one that was not yet shown. */
  | { readonly is: 'replace' }
  | { readonly is: 'none' };

/** `sync`: the provider's answer is the only evidence. `push`: receipts come to {@link Channel.callback}. */
export type Receipts = 'push' | 'sync' | 'none';

/** A limit that the provider states. */
export interface RateLimit {
  readonly scope: 'account' | 'recipient';
  readonly messages: number;
  readonly perSec: number;
}

/** What must be there before a message may go a way; opened by what the person does. */
export type GrantNeed =
  /** One accepted request for one message of this template. */
  | { readonly is: 'oneTime'; readonly templateId: string }
  /** Open for some time after the person wrote. */
  | { readonly is: 'window' };

/** One of the forms that a channel can send a message in, in the order it prefers them. */
export interface Way {
  readonly name: string;
  readonly grant: GrantNeed | null;
}

/** One setting of an account, for the form that headquarters fills in. */
export interface SettingField {
  readonly name: string;
  /** Kept encrypted, never answered, never logged. */
  readonly isSecret: boolean;
  readonly isRequired: boolean;
  readonly help: string;
}

export interface Capabilities {
  readonly idempotency: Idempotency;
  readonly receipts: Receipts;
  /** Whether people can answer on it. */
  readonly inbound: boolean;
  readonly calendar: boolean;
  readonly photo: boolean;
  /** Texts are sent as templates that the provider approved; bound in the settings by kind. */
  readonly approvedTemplates: boolean;
}

export interface ChannelDescriptor {
  /** Stable name stored with each delivery, e.g. `aliyun-sms`. Lower case, never renamed. */
  readonly name: string;
  /** What a contact must be to be an address; `own`: an address of the channel's own making. */
  readonly reaches: 'email' | 'phone' | 'any' | 'own' | 'endpoint';
  /** `staff`: a group of colleagues, never a customer. */
  readonly audience: 'customer' | 'staff' | 'both';
  readonly capabilities: Capabilities;
  readonly rates: readonly RateLimit[];
  /** How long one attempt may take. */
  readonly timeoutMs: number;
  readonly settings: readonly SettingField[];
}

/** What an attempt may use. */
export interface SendContext {
  readonly now: () => EpochMs;
  readonly http: HttpClient;
  readonly tokens: TokenStore;
  /** Aborts when the attempt has to be over. */
  readonly signal: AbortSignal;
}

/** An HTTP request of a provider, exactly as it came. */
export interface CallbackRequest {
  readonly method: string;
  /** The public address that was called, with its query. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** How far a delivery has come; a higher rank is never undone by a lower one. */
export type ReceiptStatus = 'accepted' | 'sent' | 'undelivered' | 'failed' | 'delivered' | 'read';

export type ChannelEvent =
  | {
      readonly is: 'receipt';
      /** Same for a repeat of the same receipt; unique within the account. */
      readonly dedupeKey: string;
      readonly at: EpochMs;
      readonly deliveryId: string | null;
      readonly providerRef: string | null;
      readonly status: ReceiptStatus;
      readonly code: string | null;
      /** Of a failure. */
      readonly because?: PermanentFailure['because'];
    }
  | {
      readonly is: 'grant';
      readonly dedupeKey: string;
      readonly at: EpochMs;
      /** As in {@link addressKey}. */
      readonly addressKey: string;
      readonly grant: GrantNeed;
      readonly change: 'open' | 'close';
      /** null: without end. */
      readonly lastsSec: number | null;
      /** Messages that it is good for; null: any number while it is open. */
      readonly messages: number | null;
    }
  | {
      readonly is: 'inbound';
      readonly dedupeKey: string;
      readonly at: EpochMs;
      readonly addressKey: string;
      readonly kind: 'text' | 'image' | 'voice' | 'video' | 'file' | 'location' | 'event';
      readonly text: string | null;
    }
  /** The person wants no more, or again, messages on this channel. */
  | {
      readonly is: 'consent';
      readonly dedupeKey: string;
      readonly at: EpochMs;
      readonly addressKey: string;
      readonly change: 'given' | 'withdrawn';
    };

export interface CallbackReply {
  readonly status: number;
  readonly contentType?: string;
  readonly body: string;
}

/** Refused: nothing of it is to be believed. */
export type CallbackOutcome =
  | { readonly ok: false; readonly status: 400 | 401 | 403 | 405; readonly reason: string }
  | { readonly ok: true; readonly events: readonly ChannelEvent[]; readonly reply: CallbackReply };

/** What is known of a message that may have been sent. */
export interface SentMessage<Address> {
  readonly deliveryId: string;
  readonly address: Address;
  readonly firstAttemptAt: EpochMs;
  /** The words as they were sent, for providers that can only be asked by content. */
  readonly shown: ShownMessage;
}

export type LookUpOutcome =
  | { readonly found: true; readonly providerRef: string | null; readonly status: ReceiptStatus }
  | { readonly found: false }
  /** The provider could not be asked. */
  | { readonly found: 'unknown'; readonly code: string };

/**
 * One way to reach people. To add one: implement this in a folder of its own, pass the contract kit in
 * `test/channels/contract-kit.ts`, add a line to `channels.ts`. Nothing else changes.
 *
 * It does nothing on its own account: it makes one attempt when told to, keeps nothing between calls
 * but what {@link TokenStore} keeps, and knows no order, customer or template.
 */
export interface Channel<Settings = unknown, Address = unknown, Payload = unknown> {
  readonly descriptor: ChannelDescriptor;
  /** Of one account, as headquarters fill them in; unknown names are refused. Faults name fields, never values. */
  readonly settings: z.ZodType<Settings>;
  readonly address: z.ZodType<Address>;

  /** The address in one line, the same for the same person: `openid@appid`, a number, an email. */
  addressKey(address: Address): string;
  /** The address that has this key. Needed if addresses are `own` and people can answer: who writes is bound. */
  addressOf?(addressKey: string): Address;
  /** How a message of this kind could go, best first; none: it cannot. */
  ways(settings: Settings, kind: string): readonly Way[];
  /** Pure. Fits the words into the channel's limits, without cutting a character in two. */
  compose(settings: Settings, message: OutgoingMessage<Address>): Composed<Payload>;
  /**
   * Makes one attempt to hand over what {@link compose} made.
   *
   * Does not throw for anything that a provider or a network does, does not retry, follows no redirect,
   * and is over when the signal aborts. May be called again for the same delivery.
   */
  send(
    settings: Settings,
    message: OutgoingMessage<Address>,
    payload: Payload,
    context: SendContext,
  ): Promise<SendOutcome>;
  /** Needed if idempotency is `lookUp`. */
  lookUp?(
    settings: Settings,
    sent: SentMessage<Address>,
    context: SendContext,
  ): Promise<LookUpOutcome>;
  /** Needed if receipts are pushed or people can answer. Verifies before it believes anything. */
  callback?(settings: Settings, request: CallbackRequest, now: EpochMs): CallbackOutcome;
  /**
   * Of providers that call only to say that there is something: fetches what they have to tell. Called with
   * every call that {@link callback} believed.
   *
   * @param cursor as the last one ended; null: the first
   */
  fetchTold?(
    settings: Settings,
    cursor: string | null,
    call: CallbackRequest,
    context: SendContext,
  ): Promise<FetchedEvents>;
  /** Whether the settings work. Sends nothing to anybody. */
  verify?(settings: Settings, context: SendContext): Promise<Verified>;
}

/** `cursor` is kept with the effect of the events; null: there is nothing to go on from. */
export type FetchedEvents =
  | { readonly ok: true; readonly events: readonly ChannelEvent[]; readonly cursor: string | null }
  | { readonly ok: false; readonly code: string; readonly message: string };

export type Verified =
  { readonly ok: true } | { readonly ok: false; readonly code: string; readonly message: string };

import { randomUUID } from 'node:crypto';
import pg from 'pg';

import { BookOrder } from '../../../src/features/orders/index.ts';
import { newTicketCode } from '../../../src/features/orders/ticket-code.ts';
import { silentService } from './silent-service.ts';
import type { CustomersWish } from './wishes.ts';

/** A statement as the service sent it. */
interface Sent {
  readonly name?: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** What one booking sent in its transaction, from its beginning to its commit. */
export type Transaction = readonly Sent[];

const HQ = { role: 'hq', id: 'hq' } as const;
const UUID = '[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}';
/** So that a replayed booking takes its claims however often it is replayed. */
const FAR_LIMIT = 1_000_000_000;
/** Where they stand in the claim statement, and the others in the one that places an order. */
const LIMITS = 8;
const TICKET_CODE = 1;
const CUSTOMER = 2;

/** The statements of real bookings, made by the service's own code in this process. */
export async function recordBookings(
  databaseUrl: string,
  wished: Iterator<CustomersWish, never>,
  count: number,
): Promise<readonly Transaction[]> {
  const app = await silentService(databaseUrl);
  const recorder = new Recorder();
  try {
    const bookings = app.get(BookOrder, { strict: false });
    while (recorder.transactions.length < count) {
      const { customer, ...wish } = wished.next().value;
      await bookings.run({
        ...wish,
        caller: HQ,
        requestKey: randomUUID(),
        customer: { ...customer, phone: null, locale: null },
        holdId: null,
      });
    }
    return recorder.transactions.filter((sent) => !sent.some(isOfNewCustomer));
  } finally {
    recorder.stop();
    await app.close();
  }
}

const isOfNewCustomer = ({ name }: Sent): boolean => name === 'customer-insert';

/** Listens to every connection of this process. */
class Recorder {
  readonly transactions: Transaction[] = [];
  private current: Sent[] | undefined;
  // Put back as it was, and never called without its client.
  private readonly query = Object.getOwnPropertyDescriptor(pg.Client.prototype, 'query')!;

  constructor() {
    pg.Client.prototype.query = new Proxy(this.query.value as typeof pg.Client.prototype.query, {
      apply: (target, client, args: unknown[]) => {
        this.note(args);
        return Reflect.apply(target, client, args) as unknown;
      },
    });
  }

  stop(): void {
    Object.defineProperty(pg.Client.prototype, 'query', this.query);
  }

  private note([first]: readonly unknown[]): void {
    const sent = typeof first === 'string' ? { text: first } : (first as Sent);
    if (/^(START|BEGIN)/.test(sent.text)) this.current = [];
    this.current?.push({ ...sent });
    if (sent.text === 'ROLLBACK') this.current = undefined;
    if (sent.text !== 'COMMIT' || this.current === undefined) return;
    this.transactions.push(this.current);
    this.current = undefined;
  }
}

/** A text cut where an id or a code stands: the pieces between them, and which of them it is. */
class Cut {
  constructor(
    private readonly pieces: readonly { readonly text: string; readonly known: number }[],
  ) {}

  join(ids: readonly string[]): string {
    return this.pieces.map(({ text, known }) => (known < 0 ? text : ids[known]!)).join('');
  }
}

/**
 * Makes the same booking once more for the same customer, as often as it is called: with new ids, key
 * and ticket code.
 */
export function repeater(transaction: Transaction): () => Transaction {
  const { values } = transaction.find(({ name }) => name === 'order-insert')!;
  const [ticketCode, customerId] = [values![TICKET_CODE], values![CUSTOMER]] as [string, string];
  const known = [ticketCode, customerId];
  const pattern = new RegExp(`(${UUID}|${ticketCode})`);
  const cut = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(cut);
    if (typeof value !== 'string') return value;
    const pieces = value.split(pattern).map((text, at) => {
      if (at % 2 === 1 && !known.includes(text)) known.push(text);
      return { text, known: at % 2 === 1 ? known.indexOf(text) : -1 };
    });
    return new Cut(pieces);
  };
  const cuts = transaction.map((sent) => ({
    ...sent,
    values: withFarLimits(sent.name, sent.values ?? []).map(cut),
  }));
  return () => {
    const others = known.map((): string => randomUUID());
    // Twice as long as a real one: among so many orders one of those would soon be drawn again.
    others.splice(0, 2, newTicketCode() + newTicketCode(), customerId);
    return cuts.map((sent) => ({
      ...sent,
      values: sent.values.map((value) => join(value, others)),
    }));
  };
}

function join(value: unknown, ids: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((one) => join(one, ids));
  return value instanceof Cut ? value.join(ids) : value;
}

function withFarLimits(name: string | undefined, values: readonly unknown[]): readonly unknown[] {
  if (name !== 'ledger-take') return values;
  return values.map((value, at) =>
    at === LIMITS ? (value as readonly unknown[]).map(() => FAR_LIMIT) : value,
  );
}

/** A bare connection that sends what the service sent, as it sent it. */
export class ReplayClient {
  private readonly client: pg.Client;

  constructor(
    databaseUrl: string,
    private readonly transactions: Iterator<Transaction, undefined>,
  ) {
    this.client = new pg.Client(databaseUrl);
    // What goes wrong is told by the statement that it happens to.
    this.client.on('error', () => undefined);
  }

  async connect(): Promise<void> {
    await this.client.connect();
  }

  async replay(): Promise<boolean> {
    const transaction = this.transactions.next().value;
    if (transaction === undefined) throw new Error('too few bookings to replay');
    for (const { name, text, values } of transaction) {
      await this.client.query({ name, text, values: values as unknown[] });
    }
    return true;
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}

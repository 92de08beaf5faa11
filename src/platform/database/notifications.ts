import type { OnModuleDestroy } from '@nestjs/common';
import pg from 'pg';
import type { Logger } from 'pino';

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;
/** How often it is made sure that the connection still works; one that hangs says nothing itself. */
const PROBE_MS = 30_000;
/** How long anything may take on the connection before it counts as broken. */
const PATIENCE_MS = 10_000;
/** Told while the connection is down; more than these are dropped, oldest first. */
const MOST_WAITING = 10_000;
/** Told in one statement. */
const MOST_AT_ONCE = 500;

/** Who hears what is told on a channel. */
export interface Listener {
  heard(payload: string): void;
  /** From here on everything is heard; what was told before may have been missed. */
  missed(): void;
}

interface Told {
  readonly channel: string;
  readonly payload: string;
}

/**
 * What the processes of a deployment tell each other through the database: ids, so that the others look
 * now and not a little later. It may be lost, as when a connection breaks; so whoever listens also looks
 * when nothing is said, only less often.
 *
 * One connection of its own, as to listen belongs to a session. What is told goes over it too, after the
 * transaction that it is about and never within: a transaction that notifies holds one lock of the whole
 * server until it is on disk, so such commits go one after the other (measured: half the rate of writes
 * with 16 writers). Here many go in one statement that waits for no disk.
 */
export class Notifications implements OnModuleDestroy {
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly waiting: Told[] = [];
  private client: pg.Client | undefined;
  /** Whether the client can be used. */
  private isConnected = false;
  private isTelling = false;
  private isOver = false;
  private retryMs = FIRST_RETRY_MS;
  private retry: NodeJS.Timeout | undefined;
  private probes: NodeJS.Timeout | undefined;

  constructor(
    private readonly url: string,
    private readonly log: Logger,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  /** @returns ends the listening */
  listen(channel: string, listener: Listener): () => void {
    const known = this.listeners.get(channel);
    if (known === undefined) {
      this.listeners.set(channel, new Set([listener]));
      if (this.isConnected) void this.hear([channel]);
      else this.connect();
    } else {
      known.add(listener);
      listener.missed();
    }
    return () => {
      this.listeners.get(channel)?.delete(listener);
    };
  }

  /** Tells all processes, this one too, soon and without waiting. To be called after the commit. */
  tell(channel: string, payload: string): void {
    if (this.isOver) return;
    this.waiting.push({ channel, payload });
    if (this.waiting.length > MOST_WAITING) this.waiting.shift();
    if (this.isConnected) void this.tellAll();
    else this.connect();
  }

  /** Makes sure that the connection, if there is one, still works; else there will be a new one. */
  async probe(): Promise<void> {
    const { client } = this;
    if (client === undefined || !this.isConnected) return;
    try {
      await client.query('SELECT');
    } catch (err) {
      this.drop(client, err);
    }
  }

  async onModuleDestroy(): Promise<void> {
    this.isOver = true;
    clearTimeout(this.retry);
    clearInterval(this.probes);
    this.isConnected = false;
    await this.client?.end();
  }

  private connect(): void {
    if (this.client !== undefined || this.retry !== undefined || this.isOver) return;
    const client = new pg.Client({
      connectionString: this.url,
      application_name: 'welt-listen',
      keepAlive: true,
      connectionTimeoutMillis: this.patienceMs,
      query_timeout: this.patienceMs,
    });
    this.client = client;
    client.on('notification', ({ channel, payload = '' }) => {
      for (const listener of this.listeners.get(channel) ?? []) listener.heard(payload);
    });
    client.on('error', (err) => {
      this.log.warn({ err }, 'the database connection that listens broke');
    });
    client.once('end', () => {
      this.ended(client);
    });
    this.probes = setInterval(() => void this.probe(), PROBE_MS).unref();
    void this.begin(client);
  }

  private async begin(client: pg.Client): Promise<void> {
    try {
      await client.connect();
      // What is told is worth no wait for the disk: it is worth nothing after a crash.
      await client.query('SET synchronous_commit = off');
      this.isConnected = !this.isOver;
      await this.hear([...this.listeners.keys()]);
      this.retryMs = FIRST_RETRY_MS;
      void this.tellAll();
    } catch (err) {
      this.drop(client, err);
    }
  }

  /** Listeners are told that they may have missed something when they no longer can. */
  private async hear(channels: readonly string[]): Promise<void> {
    const { client } = this;
    if (client === undefined || channels.length === 0) return;
    try {
      const names = channels.map((channel) => `LISTEN ${client.escapeIdentifier(channel)}`);
      await client.query(names.join(';'));
    } catch (err) {
      // The next connection listens to all.
      this.drop(client, err);
      return;
    }
    for (const channel of channels) {
      for (const listener of this.listeners.get(channel) ?? []) listener.missed();
    }
  }

  /** Nobody waits for its end: what hangs may never come to one. */
  private drop(client: pg.Client, err: unknown): void {
    if (this.client !== client) return;
    if (!this.isOver) this.log.warn({ err }, 'the database connection that listens broke');
    client.end().catch(() => undefined);
    this.ended(client);
  }

  private ended(client: pg.Client): void {
    if (this.client !== client) return;
    this.client = undefined;
    this.isConnected = false;
    clearInterval(this.probes);
    if (this.isOver) return;
    this.retry = setTimeout(() => {
      this.retry = undefined;
      this.connect();
    }, this.retryMs);
    this.retry.unref();
    this.retryMs = Math.min(this.retryMs * 2, LONGEST_RETRY_MS);
  }

  /** One statement at a time; what is told meanwhile goes with the next. */
  private async tellAll(): Promise<void> {
    if (this.isTelling) return;
    this.isTelling = true;
    try {
      while (this.isConnected && this.waiting.length > 0) await this.tellSome();
    } finally {
      this.isTelling = false;
    }
  }

  private async tellSome(): Promise<void> {
    const client = this.client!;
    const some = this.waiting.splice(0, MOST_AT_ONCE);
    const values = [some.map(({ channel }) => channel), some.map(({ payload }) => payload)];
    try {
      await client.query({ ...TELL, values });
    } catch (err) {
      // The next connection tells it; it may be told twice.
      this.waiting.unshift(...some);
      this.drop(client, err);
    }
  }
}

const TELL = {
  name: 'tell',
  text: `SELECT pg_notify(channel, payload)
           FROM unnest($1::text[], $2::text[]) AS told (channel, payload)`,
};

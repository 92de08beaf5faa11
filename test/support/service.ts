import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import { pino, type Logger } from 'pino';

import type { Channel } from '../../src/channels/channel.ts';
import { AppModule } from '../../src/app.module.ts';
import type { NetworkInput } from '../../src/core/network/network-input.ts';
import type { EpochMs } from '../../src/core/time/time.ts';
import { readConfig } from '../../src/platform/config/config.ts';
import { createHttpApp } from '../../src/platform/http/http-app.ts';
import { NestLog } from '../../src/platform/logging/nest-log.ts';
import { parseContact } from '../../src/platform/signin/contact.ts';
import { signToken, type TokenScope } from '../../src/platform/signin/token.ts';
import { listenBelowEphemeral } from './listen.ts';
import { createTestDatabase, type TestDatabase } from './postgres.ts';
import { TestClock } from './test-clock.ts';

/**
 * Monday 2030-09-02 08:00 in Shanghai. In the future, as the database's own clock says what is long
 * past and can be forgotten.
 */
export const MONDAY_MORNING = Date.UTC(2030, 8, 2);

export const TOKEN_SECRET = 'a-secret-of-the-tests-that-is-long-enough';
const TOKEN_SECONDS = 3600;

export type Token = string | Promise<string>;

export interface Answer<Data> {
  readonly status: number;
  /** Null if the request failed as a whole. */
  readonly data: Data | null;
  readonly errors: readonly AnswerError[];
}

export interface AnswerError {
  readonly message: string;
  readonly path?: readonly unknown[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

export interface ServiceOptions {
  /** Imported before the first test asks. */
  readonly network?: NetworkInput;
  /** Where the service's clock stands; default: {@link MONDAY_MORNING}. */
  readonly now?: EpochMs;
  readonly env?: Readonly<Record<string, string>>;
  /** Ways to reach people. Default: all there are. */
  readonly channels?: readonly Channel[];
  /** Of another service, to be a second process of the same deployment. Default: a new one. */
  readonly database?: TestDatabase;
  /** Default: as TEST_LOG_LEVEL says, or none. */
  readonly log?: Logger;
}

/** The whole service in this process, on a free port and a database of its own, its clock standing. */
export class TestService {
  readonly tokens = {
    hq: signed({ role: 'hq' }),
    staff: (...stores: readonly string[]) => signed({ role: 'staff', stores }),
    customer: (contact: string) =>
      signed({ role: 'customer', contact: parseContact(contact)!.value }),
  };

  private constructor(
    readonly app: NestFastifyApplication,
    readonly database: TestDatabase,
    readonly clock: TestClock,
    /** Straight to the database, past the service. */
    readonly db: pg.Pool,
    private readonly ownsDatabase: boolean,
  ) {}

  static async start(options: ServiceOptions = {}): Promise<TestService> {
    const database = options.database ?? (await createTestDatabase());
    const clock = new TestClock(options.now ?? MONDAY_MORNING);
    const app = await startApp(database.url, clock, options);
    const db = new pg.Pool({ connectionString: database.url, max: 2 });
    // Dropping the database ends connections that nobody uses any more.
    db.on('error', () => undefined);
    const service = new TestService(app, database, clock, db, options.database === undefined);
    if (options.network !== undefined) await service.import(options.network);
    return service;
  }

  /** Of `/graphql`. */
  get url(): string {
    const { port } = this.app.getHttpServer().address() as { readonly port: number };
    return `http://127.0.0.1:${port}/graphql`;
  }

  /** Sends a GraphQL request, without a token as nobody. */
  async ask<Data = Record<string, unknown>>(
    query: string,
    variables: object = {},
    token?: Token,
  ): Promise<Answer<Data>> {
    const bearer = await token;
    const response = await fetch(this.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      },
      body: JSON.stringify({ query, variables }),
    });
    const body = (await response.json()) as Partial<Answer<Data>>;
    return { status: response.status, data: body.data ?? null, errors: body.errors ?? [] };
  }

  /** The data of an answer. @throws Error if there is any error in it */
  async data<Data = Record<string, unknown>>(
    query: string,
    variables: object = {},
    token?: Token,
  ): Promise<Data> {
    const { data, errors } = await this.ask<Data>(query, variables, token);
    if (data === null || errors.length > 0) throw new Error(JSON.stringify(errors));
    return data;
  }

  /** Imports parts of the chain as headquarters. @throws Error if they are not accepted */
  async import(input: NetworkInput): Promise<ImportAnswer> {
    const answer = await this.data<{ importNetwork: ImportAnswer }>(
      IMPORT,
      { input },
      this.tokens.hq,
    );
    const imported = answer.importNetwork;
    if (imported.__typename !== 'Network') throw new Error(JSON.stringify(imported));
    return imported;
  }

  async rows<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.db.query<Row>(text, values)).rows;
  }

  async stop(): Promise<void> {
    await this.db.end();
    await this.app.close();
    if (this.ownsDatabase) await this.database.drop();
  }
}

export const startService = (options?: ServiceOptions): Promise<TestService> =>
  TestService.start(options);

/** The answer to {@link TestService.import}; what the type name has not is missing. */
export interface ImportAnswer {
  readonly __typename: 'Network' | 'InvalidNetwork';
  readonly stores: number;
  readonly workshops: number;
  readonly services: number;
  readonly lines: number;
  readonly conflicts: readonly ImportConflict[];
  readonly code: string;
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

export interface ImportConflict {
  readonly code: string;
  readonly order: { readonly id: string; readonly status: string; readonly version: number };
  readonly appointment: {
    readonly id: string;
    readonly kind: string;
    readonly status: string;
    readonly store: { readonly code: string; readonly name: string };
  };
}

export const IMPORT = `mutation ($input: NetworkInput!) {
  importNetwork(input: $input) {
    __typename
    ... on Network {
      stores workshops services lines
      conflicts {
        code order { id status version } appointment { id kind status store { code name } }
      }
    }
    ... on InvalidNetwork { code message problems { path message } }
  }
}`;

async function startApp(
  databaseUrl: string,
  clock: TestClock,
  { env = {}, channels, log = quiet() }: ServiceOptions,
): Promise<NestFastifyApplication> {
  const config = readConfig({ NODE_ENV: 'test', ROLE: 'api', TOKEN_SECRET, ...env });
  const ground = { config, databaseUrl, log, clock, channels };
  const app = await createHttpApp(AppModule.forRoot(ground), { logger: new NestLog(log) });
  await listenBelowEphemeral(app);
  return app;
}

const quiet = (): Logger => pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' });

function signed(scope: TokenScope): Promise<string> {
  return signToken(TOKEN_SECRET, scope, TOKEN_SECONDS);
}

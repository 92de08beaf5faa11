import type { NetworkInput } from '../../src/core/network/network-input.ts';
import { signToken, type TokenScope } from '../../src/platform/signin/token.ts';
import type { Asking } from './bookings.ts';
import { IMPORT, type ImportAnswer, type Token } from './service.ts';
import { ServiceProcess } from './service-process.ts';

const TOKEN_SECRET = 'the-secret-of-processes-of-the-tests';
const TOKEN_SECONDS = 3600;
/** Shown of many. */
const MOST_FAULTS = 5;
/** Marks of a fault in the log of a service, as people read it and as JSON. */
const FAULTS = /deadlock|ERROR|FATAL|"level":(50|60)/;

const signed = (scope: TokenScope): Promise<string> =>
  signToken(TOKEN_SECRET, scope, TOKEN_SECONDS);

/** One way into a deployment: GraphQL over HTTP to one of its processes. */
export class ServiceClient implements Asking {
  readonly tokens = {
    hq: signed({ role: 'hq' }),
    staff: (...stores: readonly string[]) => signed({ role: 'staff', stores }),
    /** @param contact in its normal form */
    customer: (contact: string) => signed({ role: 'customer', contact }),
  };

  constructor(readonly url: string) {}

  /**
   * The data of an answer.
   *
   * @throws Error if the request got no answer, another status than 200, or any error in it
   */
  async data<Data = Record<string, unknown>>(
    query: string,
    variables: object = {},
    token?: Token,
  ): Promise<Data> {
    const bearer = await token;
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      },
      body: JSON.stringify({ query, variables }),
    });
    const text = await response.text();
    const body = JSON.parse(text) as { data?: Data | null; errors?: unknown };
    if (response.status !== 200 || body.errors !== undefined || body.data == null) {
      throw new Error(`${response.status} ${text}`);
    }
    return body.data;
  }

  /** Imports parts of the chain as headquarters. @throws Error if they are not accepted */
  async import(input: NetworkInput): Promise<ImportAnswer> {
    type Imported = { importNetwork: ImportAnswer };
    const { importNetwork } = await this.data<Imported>(IMPORT, { input }, this.tokens.hq);
    if (importNetwork.__typename !== 'Network') throw new Error(JSON.stringify(importNetwork));
    return importNetwork;
  }
}

/** Several processes of the service, as `npm start` runs them, on one database. */
export class Processes {
  private readonly launched: ServiceProcess[] = [];
  private readonly clients = new Map<string, ServiceClient>();

  private constructor(private readonly env: NodeJS.ProcessEnv) {}

  /** @param env at least DATABASE_URL or DATA_DIR */
  static async start(count: number, env: NodeJS.ProcessEnv): Promise<Processes> {
    const processes = new Processes({ TOKEN_SECRET, LOG_LEVEL: 'warn', ...env });
    const started = await Promise.allSettled(
      Array.from({ length: count }, () => processes.startOne()),
    );
    const failed = started.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) {
      await processes.stop();
      throw failed.reason;
    }
    return processes;
  }

  /** One more process of the same deployment. */
  async startOne(): Promise<ServiceProcess> {
    const service = await ServiceProcess.launch(this.env);
    this.launched.push(service);
    await service.says('Welt answers at');
    return service;
  }

  /** The processes in the order in which they were launched, dead ones included. */
  get all(): readonly ServiceProcess[] {
    return this.launched;
  }

  /** A client of the process of this number, counted round. */
  client(turn: number): ServiceClient {
    const { url } = this.launched[turn % this.launched.length]!;
    const client = this.clients.get(url) ?? new ServiceClient(url);
    this.clients.set(url, client);
    return client;
  }

  /** The first lines of the logs that tell of a fault. */
  get faults(): readonly string[] {
    const lines = this.launched.flatMap(({ output }) => output.split('\n'));
    return lines.filter((line) => FAULTS.test(line)).slice(0, MOST_FAULTS);
  }

  /** Ends all of them in order, and by force what does not end in time. */
  async stop(): Promise<void> {
    await Promise.all(
      this.launched.map(async (service) => {
        const force = setTimeout(() => {
          service.kill('SIGKILL');
        }, 20_000);
        service.kill('SIGTERM');
        await service.ended;
        clearTimeout(force);
      }),
    );
  }
}

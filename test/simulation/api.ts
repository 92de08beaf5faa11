import { signToken, type TokenScope } from '../../src/platform/signin/token.ts';
import { TOKEN_SECRET, type TestService, type Token } from '../support/service.ts';
import type { Random } from '../support/random.ts';
import type { Operation } from './operations.ts';
import type { Tally } from './tally.ts';

/** Of any answer; what its type has not is missing. */
export interface Answer {
  readonly __typename: string;
  /** Of a refusal. */
  readonly code?: string;
}

/** The simulation is years ahead of the clock that signs. */
const LIFETIME_SEC = 30 * 366 * 86_400;

/** The service as those see it who use it. A refusal that nobody could expect is a flaw. */
export class Api {
  private keys = 0;
  private readonly tokens = new Map<string, Promise<string>>();

  constructor(
    readonly service: TestService,
    private readonly random: Random,
    private readonly tally: Tally,
    private readonly repeats: number,
  ) {}

  get now(): number {
    return this.service.clock.now();
  }

  readonly hq = (): Promise<string> => this.token({ role: 'hq' });

  readonly staff = (code: string): Promise<string> => this.token({ role: 'staff', stores: [code] });

  readonly customer = (contact: string): Promise<string> =>
    this.token({ role: 'customer', contact });

  /** @throws Error if the request as a whole fails */
  async read<Data>(query: string, variables: object, token?: Token): Promise<Data> {
    this.tally.add('requests');
    return this.service.data<Data>(query, variables, token);
  }

  /**
   * Sends a changing operation with a key of its own, at times twice.
   *
   * @param expected codes with which the service may well refuse it
   */
  async change<T extends Answer>(
    operation: Operation,
    input: object,
    token: Token,
    expected: readonly string[] = [],
  ): Promise<T> {
    const { field, query, hasKey } = operation;
    const keyed = hasKey ? { requestKey: this.newKey(), ...input } : input;
    const answer = await this.send<T>(field, query, keyed, token);
    if (hasKey && this.random.chance(this.repeats))
      await this.repeat(operation, keyed, token, answer);
    if (answer.code === undefined) return answer;
    this.tally.add(`refused/${field} ${answer.code}`);
    if (!expected.includes(answer.code)) {
      const detail = `${field} ${JSON.stringify(keyed)}: ${JSON.stringify(answer)}`;
      this.tally.flaw('UNEXPECTED_REFUSAL', this.now, detail);
    }
    return answer;
  }

  newKey(): string {
    this.keys += 1;
    return `simulated-${this.keys}`;
  }

  /** What was done stays done; a refusal may be another by now. */
  private async repeat(
    { field, query }: Operation,
    keyed: object,
    token: Token,
    before: Answer,
  ): Promise<void> {
    const again = await this.send<Answer>(field, query, keyed, token);
    if (before.code !== undefined) return;
    if (identityOf(again) === identityOf(before)) return;
    const detail = `${field}: ${JSON.stringify(before)} then ${JSON.stringify(again)}`;
    this.tally.flaw('ANSWERED_OTHERWISE', this.now, detail);
  }

  private async send<T extends Answer>(
    field: string,
    query: string,
    input: object,
    token: Token,
  ): Promise<T> {
    const data = await this.read<Record<string, T>>(query, { input }, token);
    return data[field]!;
  }

  private token(scope: TokenScope): Promise<string> {
    const name = JSON.stringify(scope);
    const known = this.tokens.get(name);
    if (known !== undefined) return known;
    const made = signToken(TOKEN_SECRET, scope, LIFETIME_SEC);
    this.tokens.set(name, made);
    return made;
  }
}

/** Which thing it is, whatever became of it since. */
function identityOf(answer: Answer): string {
  const { id, order } = answer as { id?: string; order?: { id: string } };
  return `${answer.__typename} ${id ?? order?.id ?? ''} ${answer.code ?? ''}`;
}

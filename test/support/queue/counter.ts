import { newKey, type Asking } from '../bookings.ts';
import type { Token } from '../service.ts';

/** Any answer about a visit in a line; what its type has not is missing. */
export interface EntryAnswer {
  readonly __typename: string;
  readonly id: string;
  readonly number: string;
  readonly kind: string;
  readonly visitKind: string;
  readonly pairs: number;
  readonly orderId: string | null;
  readonly dueAt: string;
  readonly goesFirst: boolean;
  readonly state: string;
  readonly desk: string | null;
  readonly version: number;
  readonly place: PlaceAnswer | null;
  readonly code: string;
  readonly options: readonly { readonly ticketCode: string; readonly visitKind: string }[];
}

export interface PlaceAnswer {
  readonly peopleAhead: number;
  readonly wait: WaitAnswer | null;
}

export interface WaitAnswer {
  readonly fromMinutes: number;
  readonly toMinutes: number;
  readonly likelyMinutes: number;
  readonly peopleAhead: number;
}

export interface QueueAnswer {
  readonly desks: readonly { readonly name: string; readonly isOpen: boolean }[];
  readonly waiting: readonly EntryAnswer[];
  readonly atDesks: readonly EntryAnswer[];
  readonly held: readonly EntryAnswer[];
}

const WAIT = `{ fromMinutes toMinutes likelyMinutes peopleAhead }`;
export const ENTRY = `
  __typename id number kind visitKind pairs orderId dueAt goesFirst state desk version
  place { peopleAhead wait ${WAIT} }`;
const ANSWER = `{
  __typename
  ... on QueueEntry { ${ENTRY} }
  ... on Refusal { code message }
}`;
const CHECK_IN = `mutation ($input: CheckInInput!) { checkIn(input: $input) {
  __typename
  ... on QueueEntry { ${ENTRY} }
  ... on CheckInChoice { options { ticketCode visitKind start end } }
  ... on Refusal { code message }
} }`;
const DESK_ANSWER = `{
  __typename ... on Desk { storeCode name isOpen visitKinds } ... on Refusal { code message }
}`;
const QUEUE = `query ($store: ID!) { queue(storeCode: $store) {
  desks { name isOpen visitKinds }
  waiting { ${ENTRY} } atDesks { ${ENTRY} } held { ${ENTRY} }
} }`;

/** What is done to one visit of a line. */
export type EntryMove =
  'recall' | 'serve' | 'holdEntry' | 'resumeEntry' | 'finishVisit' | 'leaveQueue';

/** The counter of one store, through the API; as headquarters unless a token is given. */
export class Counter {
  constructor(
    private readonly service: Asking,
    private readonly storeCode = 'A',
    private readonly token: Token = service.tokens.hq,
  ) {}

  async checkIn(input: object): Promise<EntryAnswer> {
    const given = { requestKey: newKey(), storeCode: this.storeCode, ...input };
    return this.ask<EntryAnswer>('checkIn', CHECK_IN, { input: given });
  }

  async join(input: object = {}): Promise<EntryAnswer> {
    const given = {
      ...{ requestKey: newKey(), storeCode: this.storeCode, visitKind: 'DROP_OFF' },
      ...input,
    };
    const query = `mutation ($input: JoinQueueInput!) { joinQueue(input: $input) ${ANSWER} }`;
    return this.ask<EntryAnswer>('joinQueue', query, { input: given });
  }

  async open(desk: string, more: object = {}): Promise<EntryAnswer> {
    const query = `mutation ($input: OpenDeskInput!) { openDesk(input: $input) ${DESK_ANSWER} }`;
    return this.ask<EntryAnswer>('openDesk', query, { input: { ...this.desk(desk), ...more } });
  }

  async close(desk: string): Promise<EntryAnswer> {
    const query = `mutation ($input: DeskInput!) { closeDesk(input: $input) ${DESK_ANSWER} }`;
    return this.ask<EntryAnswer>('closeDesk', query, { input: this.desk(desk) });
  }

  async callNext(desk: string, more: object = {}): Promise<EntryAnswer> {
    const query = `mutation ($input: DeskInput!) { callNext(input: $input) ${ANSWER} }`;
    return this.ask<EntryAnswer>('callNext', query, { input: { ...this.desk(desk), ...more } });
  }

  async move(move: EntryMove, { id }: Pick<EntryAnswer, 'id'>): Promise<EntryAnswer> {
    const query = `mutation ($input: QueueEntryInput!) { ${move}(input: $input) ${ANSWER} }`;
    return this.ask<EntryAnswer>(move, query, { input: { requestKey: newKey(), entryId: id } });
  }

  async transfer({ id }: Pick<EntryAnswer, 'id'>, desk: string): Promise<EntryAnswer> {
    const query = `mutation ($input: TransferVisitInput!) { transferVisit(input: $input) ${ANSWER} }`;
    const input = { requestKey: newKey(), entryId: id, desk };
    return this.ask<EntryAnswer>('transferVisit', query, { input });
  }

  async queue(): Promise<QueueAnswer> {
    return this.ask<QueueAnswer>('queue', QUEUE, { store: this.storeCode });
  }

  async settings(input: object): Promise<EntryAnswer> {
    const query = `mutation ($input: QueueSettingsInput!) { setQueueSettings(input: $input) {
      __typename ... on QueueSettings { earlyWindowMinutes } ... on Refusal { code message }
    } }`;
    const given = { storeCode: this.storeCode, ...input };
    return this.ask<EntryAnswer>('setQueueSettings', query, { input: given });
  }

  private desk(desk: string) {
    return { requestKey: newKey(), storeCode: this.storeCode, desk };
  }

  private async ask<Answer>(field: string, query: string, variables: object): Promise<Answer> {
    const data = await this.service.data<Record<string, Answer>>(query, variables, this.token);
    return data[field]!;
  }
}

/** What somebody is told who thinks of joining. */
export async function expectedWait(
  service: Pick<Asking, 'data'>,
  storeCode = 'A',
): Promise<WaitAnswer | null> {
  const query = `query ($store: ID!) { expectedWait(storeCode: $store, visitKind: DROP_OFF) ${WAIT} }`;
  return (await service.data<{ expectedWait: WaitAnswer | null }>(query, { store: storeCode }))
    .expectedWait;
}

/** One visit as anybody sees it who knows its id. */
export async function readEntry(
  service: Pick<Asking, 'data'>,
  id: string,
  token?: Token,
): Promise<EntryAnswer | null> {
  const query = `query ($id: ID!) { queueEntry(id: $id) { ${ENTRY} } }`;
  return (await service.data<{ queueEntry: EntryAnswer | null }>(query, { id }, token)).queueEntry;
}

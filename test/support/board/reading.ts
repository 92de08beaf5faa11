import type { TestService, Token } from '../service.ts';

export interface EntryAnswer {
  readonly id: string;
  readonly number: string;
  readonly state: string;
  readonly desk: string | null;
}

/** What `dayBoard` answers. */
export interface BoardAnswer {
  readonly store: { readonly code: string; readonly name: string };
  readonly date: string;
  readonly at: string;
  readonly visits: readonly {
    readonly orderId: string;
    readonly ticketCode: string;
    readonly kind: string;
    readonly start: string;
    readonly mark: string;
    readonly customerName: string | null;
    readonly pairs: number;
    readonly orderStatus: string;
    readonly readyBy: string;
    readonly shelves: readonly string[];
    readonly entry: EntryAnswer | null;
  }[];
  readonly walkIns: readonly (EntryAnswer & {
    readonly visitKind: string;
    readonly pairs: number;
    readonly ticketCode: string | null;
  })[];
  readonly arrivals: readonly {
    readonly lineCode: string;
    readonly departs: string;
    readonly scheduled: string;
    readonly arrives: string;
    readonly isCancelled: boolean;
    readonly orders: number;
    readonly pairs: number;
    readonly pairsOnBoard: number;
    readonly pairsUnloaded: number;
    readonly arrivedAt: string | null;
  }[];
  readonly ready: readonly {
    readonly orderId: string;
    readonly ticketCode: string;
    readonly pairs: number;
    readonly shelves: readonly string[];
    readonly overdueDays: number;
  }[];
  readonly tasks: readonly { readonly id: string; readonly kind: string }[];
  readonly totals: Readonly<Record<string, number>>;
}

const ENTRY = 'id number state desk arrivedAt';

export const BOARD_FIELDS = `store { code name } date at
  visits { appointmentId orderId ticketCode kind start end mark customerName pairs orderStatus readyBy
           shelves entry { ${ENTRY} } }
  walkIns { ${ENTRY} visitKind pairs orderId ticketCode customerName }
  arrivals { lineCode departs placeCode scheduled arrives isCancelled orders pairs pairsOnBoard
             pairsUnloaded arrivedAt }
  ready { orderId ticketCode customerName pairs shelves pickUpStart pickUpEnd overdueDays }
  tasks { id kind storeCode orderId reason createdAt doneAt }
  totals { dropOffs pickUps expected late arrived missed done pairsToComeIn notReady walkIns
           walkInsInLine ready overdue tasks arrivals pairsDue }`;

export const DAY_BOARD = `query ($storeCode: ID!, $date: LocalDate!) {
  dayBoard(storeCode: $storeCode, date: $date) { ${BOARD_FIELDS} }
}`;

/** As headquarters unless a token is given. @throws Error if there is no such store */
export async function dayBoard(
  service: TestService,
  storeCode: string,
  date: string,
  token: Token = service.tokens.hq,
): Promise<BoardAnswer> {
  const asked = { storeCode, date };
  const answer = await service.data<{ dayBoard: BoardAnswer | null }>(DAY_BOARD, asked, token);
  if (answer.dayBoard === null) throw new Error(`no store ${storeCode}`);
  return answer.dayBoard;
}

export interface SheetAnswer {
  readonly date: string;
  readonly opens: string;
  readonly madeAt: string;
  readonly title: string;
  readonly content: string;
  readonly sendings: readonly {
    readonly channel: string;
    readonly account: string;
    readonly status: string;
    readonly reason: string | null;
    readonly code: string | null;
    readonly sentAt: string | null;
  }[];
}

/** As headquarters unless a token is given; null: none was made. */
export async function daySheet(
  service: TestService,
  storeCode: string,
  date: string,
  token: Token = service.tokens.hq,
): Promise<SheetAnswer | null> {
  const query = `query ($storeCode: ID!, $date: LocalDate!) {
    daySheet(storeCode: $storeCode, date: $date) {
      storeCode date opens madeAt locale title content
      sendings { channel account status reason code sentAt }
    }
  }`;
  const asked = { storeCode, date };
  return (await service.data<{ daySheet: SheetAnswer | null }>(query, asked, token)).daySheet;
}

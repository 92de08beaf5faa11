import { ok, refuse, type Result } from '../result.ts';

/**
 * Life of a visit in the line, by what is done to it. What is not in the table is refused.
 *
 * Called again is called; a visit that is handed to another desk, or was put aside, is back in the line
 * with the due time it had. Goods that are handed over settle a visit wherever in the line it is; an order
 * that is cancelled ends it without its having been served.
 */
export const QUEUE_MOVES = {
  WAITING: {
    call: 'CALLED',
    hold: 'HELD',
    leave: 'LEFT',
    transfer: 'WAITING',
    settle: 'FINISHED',
    cancelOrder: 'LEFT',
  },
  CALLED: {
    recall: 'CALLED',
    serve: 'SERVING',
    hold: 'HELD',
    leave: 'LEFT',
    transfer: 'WAITING',
    settle: 'FINISHED',
    cancelOrder: 'LEFT',
  },
  SERVING: {
    finish: 'FINISHED',
    hold: 'HELD',
    transfer: 'WAITING',
    settle: 'FINISHED',
    cancelOrder: 'LEFT',
  },
  HELD: {
    resume: 'WAITING',
    leave: 'LEFT',
    transfer: 'WAITING',
    settle: 'FINISHED',
    cancelOrder: 'LEFT',
  },
  FINISHED: {},
  LEFT: {},
} as const satisfies Record<string, Readonly<Partial<Record<QueueMove, string>>>>;

export type QueueState = keyof typeof QUEUE_MOVES;

export const ALL_QUEUE_MOVES = [
  ...([
    'call',
    'recall',
    'serve',
    'hold',
    'resume',
    'finish',
    'leave',
    'transfer',
    'settle',
    'cancelOrder',
  ] as const),
];

export type QueueMove = (typeof ALL_QUEUE_MOVES)[number];

/** The visit is not where this can be done to it. */
export interface WrongQueueStatus {
  readonly code: 'WRONG_STATUS';
}

/** The state after a move, or WRONG_STATUS. */
export function afterMove(
  state: QueueState,
  move: QueueMove,
): Result<QueueState, WrongQueueStatus> {
  const moves: Readonly<Partial<Record<QueueMove, QueueState>>> = QUEUE_MOVES[state];
  const next = moves[move];
  return next === undefined ? refuse({ code: 'WRONG_STATUS' }) : ok(next);
}

/** Whether a visit was ended before in just this way: to end it again changes nothing. */
export const isEndedSo = (state: QueueState, move: QueueMove): boolean =>
  (move === 'finish' && state === 'FINISHED') || (move === 'leave' && state === 'LEFT');

/** A desk is busy with it. */
export const AT_A_DESK: ReadonlySet<QueueState> = new Set<QueueState>(['CALLED', 'SERVING']);

/** The customer is gone. */
export const IS_OVER: ReadonlySet<QueueState> = new Set<QueueState>(['FINISHED', 'LEFT']);

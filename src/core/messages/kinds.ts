/** How a kind of message behaves, whatever its words and channels. */
interface KindRule {
  /** Name towards providers and programs; never changed. */
  readonly name: string;
  /** `change`: owed at once by a change of the order. `clock`: owed for a time computed from the order. */
  readonly by: 'change' | 'clock';
  /** What to do when nobody knows whether it was sent: try once more, or leave it. */
  readonly guarantee: 'atLeastOnce' | 'atMostOnce';
  /** The customer cannot turn it off. */
  readonly isCritical: boolean;
  /** Waits for the end of quiet hours. The others answer what the customer just did. */
  readonly isQuiet: boolean;
  /** Pending ones of these kinds that it makes needless. */
  readonly replaces: readonly string[];
}

const change = { by: 'change', guarantee: 'atLeastOnce', isCritical: false } as const;
const clock = { by: 'clock', guarantee: 'atLeastOnce', isCritical: false, isQuiet: true } as const;

/** All messages that a customer may get about an order. */
export const MESSAGE_KINDS = {
  ORDER_BOOKED: { ...change, name: 'order.booked', isQuiet: false, replaces: [] },
  DROP_OFF_REMINDER: { ...clock, name: 'dropoff.reminder', replaces: [] },
  RECEIPT: { ...change, name: 'order.received', isQuiet: false, replaces: [] },
  PROGRESS: {
    ...change,
    name: 'care.progress',
    guarantee: 'atMostOnce',
    isQuiet: true,
    replaces: ['PROGRESS'],
  },
  FINDING: { ...change, name: 'care.finding', isCritical: true, isQuiet: true, replaces: [] },
  NEW_PROMISE: {
    ...change,
    name: 'promise.changed',
    isCritical: true,
    isQuiet: true,
    replaces: ['NEW_PROMISE'],
  },
  READY: {
    ...change,
    name: 'order.ready',
    isQuiet: true,
    replaces: ['PROGRESS', 'FINDING', 'NEW_PROMISE'],
  },
  PICK_UP_REMINDER: { ...clock, name: 'pickup.reminder', replaces: [] },
  PICK_UP_DAY: { ...clock, name: 'pickup.day', replaces: ['PICK_UP_REMINDER'] },
  QUEUE_NEAR: {
    ...change,
    name: 'queue.near',
    guarantee: 'atMostOnce',
    isQuiet: false,
    replaces: [],
  },
  MISSED: { ...clock, name: 'visit.missed', replaces: [] },
  OVERDUE: { ...clock, name: 'pickup.overdue', replaces: ['MISSED', 'OVERDUE'] },
  MOVED: {
    ...change,
    name: 'appointment.moved',
    isCritical: true,
    isQuiet: false,
    replaces: ['ORDER_BOOKED', 'MOVED', 'NEW_PROMISE'],
  },
  CANCELLED: {
    ...change,
    name: 'order.cancelled',
    isCritical: true,
    isQuiet: false,
    replaces: [
      ...['ORDER_BOOKED', 'RECEIPT', 'PROGRESS', 'FINDING', 'NEW_PROMISE', 'READY', 'MOVED'],
    ],
  },
  COLLECTED: {
    ...change,
    name: 'order.collected',
    isQuiet: false,
    replaces: ['RECEIPT', 'PROGRESS', 'FINDING', 'NEW_PROMISE', 'READY', 'MOVED', 'ORDER_BOOKED'],
  },
} as const satisfies Record<string, KindRule>;

export type MessageKind = keyof typeof MESSAGE_KINDS;

export const ALL_MESSAGE_KINDS = Object.keys(MESSAGE_KINDS) as readonly MessageKind[];

/** Those that are computed anew with every change of an order. */
export const CLOCK_KINDS: readonly MessageKind[] = ALL_MESSAGE_KINDS.filter(
  (kind) => MESSAGE_KINDS[kind].by === 'clock',
);

export const ruleOf = (kind: MessageKind): KindRule => MESSAGE_KINDS[kind];

import type { MessageKind } from '../../core/messages/kinds.ts';

/** `count` is for plurals, `choice` for a select; both can be shown, too. */
export type VariableType = 'text' | 'count' | 'choice';

export interface Variable {
  readonly type: VariableType;
  /** If not, it may stand only in a paragraph that can be left out. */
  readonly isAlwaysThere: boolean;
  /** Of a choice. */
  readonly choices?: readonly string[];
  /** For headquarters, with an example. */
  readonly meaning: string;
}

const always = (meaning: string): Variable => ({ type: 'text', isAlwaysThere: true, meaning });
const maybe = (meaning: string): Variable => ({ type: 'text', isAlwaysThere: false, meaning });
const count = (meaning: string): Variable => ({ type: 'count', isAlwaysThere: true, meaning });
const choice = (choices: readonly string[], meaning: string): Variable => ({
  ...{ type: 'choice', isAlwaysThere: true, choices, meaning },
});

/** Everything that a text may name. Times are said in the zone of the store that they are of. */
export const VARIABLES = {
  customer: maybe('Name of the customer'),
  items: always('The goods in a few words: AJ1 and 2 more pairs'),
  itemList: always('A line for each item, with its care'),
  pairs: count('How many pairs the goods are'),
  ticketCode: always('What the customer shows at the counter: H2W4-KYAH'),
  dropOffStore: always('Name of the store'),
  dropOffPlace: always('Name and address of the store'),
  dropOffTime: always('Start of the slot: Friday, November 27 at 10:30 AM'),
  dropOffSlot: always('Start and end of the slot: Fri, Nov 27, 10:30 – 11:00 AM'),
  pickUpStore: always('Name of the store'),
  pickUpPlace: always('Name and address of the store'),
  pickUpTime: always('Start of the slot: Friday, November 27 at 10:30 AM'),
  pickUpSlot: always('Start and end of the slot: Fri, Nov 27, 10:30 – 11:00 AM'),
  pickUpHour: always('Start of the slot without its date: 10:30 AM'),
  readyDay: always('From when the goods can be collected, in words: Friday afternoon'),
  readyTime: always('The same to the minute: Friday, November 27 at 4:40 PM'),
  isReady: choice(['yes', 'no'], 'Whether the goods lie ready at the store'),
  link: maybe('Address of the page of the order'),
  stage: always('What is done with the goods: deep cleaning'),
  stageNow: always('The same as what is said of them: in deep cleaning'),
  reason: maybe('Why'),
  explanation: maybe('What was found'),
  price: maybe('What it would cost: $12.00'),
  newReadyDay: maybe('From when the goods could be collected, if approved: Friday afternoon'),
  slots: maybe('A line for each slot that can be chosen, up to three'),
  collectFrom: always('When the store is open next: Friday, November 27 at 10:30 AM'),
  collectUntil: always('How long the goods are kept for sure: Friday, November 27 at 9:00 PM'),
  visit: choice(['DROP_OFF', 'PICK_UP'], 'Which appointment it is about; other: nobody said'),
  missedSlot: always('Start and end of the slot that was missed'),
  missedPlace: always('Name and address of its store'),
  overdueDays: count('Days since the pick-up'),
  lastCollectBy: maybe('Until when the store keeps the goods: Friday, November 27'),
} as const satisfies Record<string, Variable>;

export type VariableName = keyof typeof VARIABLES;

/** undefined: there is none of that name. */
export const variable = (name: string): Variable | undefined =>
  Object.hasOwn(VARIABLES, name) ? VARIABLES[name as VariableName] : undefined;

const EVERYWHERE: readonly VariableName[] = [
  ...(['customer', 'items', 'itemList', 'pairs', 'ticketCode', 'link', 'isReady'] as const),
  ...(['dropOffStore', 'dropOffPlace', 'dropOffTime', 'dropOffSlot'] as const),
  ...(['pickUpStore', 'pickUpPlace', 'pickUpTime', 'pickUpSlot', 'pickUpHour'] as const),
  ...(['readyDay', 'readyTime'] as const),
];

/** One of the named variables has to be there. */
type Demand = readonly VariableName[];

interface KindVariables {
  /** Beyond those that every kind has. */
  readonly more: readonly VariableName[];
  /** What the text must say, come what may. */
  readonly text: readonly Demand[];
  readonly short: readonly Demand[];
}

const ITEMS: Demand = ['items', 'itemList'];
const DROP_OFF_PLACE: Demand = ['dropOffStore', 'dropOffPlace'];
const DROP_OFF_TIME: Demand = ['dropOffTime', 'dropOffSlot'];
const PICK_UP_PLACE: Demand = ['pickUpStore', 'pickUpPlace'];
const PICK_UP_TIME: Demand = ['pickUpTime', 'pickUpSlot'];
const READY: Demand = ['readyDay', 'readyTime'];
const STAGE: Demand = ['stage', 'stageNow'];
const APPOINTMENTS: readonly Demand[] = [
  ...[DROP_OFF_PLACE, DROP_OFF_TIME, PICK_UP_PLACE, PICK_UP_TIME],
];

const BY_KIND: Readonly<Record<MessageKind, KindVariables>> = {
  ORDER_BOOKED: {
    more: [],
    text: [ITEMS, ...APPOINTMENTS, READY, ['ticketCode']],
    short: [DROP_OFF_TIME, PICK_UP_TIME],
  },
  DROP_OFF_REMINDER: {
    more: [],
    text: [ITEMS, DROP_OFF_TIME, DROP_OFF_PLACE, ['ticketCode']],
    short: [DROP_OFF_TIME, DROP_OFF_PLACE],
  },
  RECEIPT: {
    more: ['stage', 'stageNow'],
    text: [ITEMS, [...STAGE, 'itemList'], READY],
    short: [['items'], STAGE, READY],
  },
  PROGRESS: { more: ['stage', 'stageNow'], text: [ITEMS, STAGE], short: [['items'], STAGE] },
  FINDING: {
    more: ['explanation', 'price', 'newReadyDay'],
    text: [ITEMS],
    short: [['items']],
  },
  NEW_PROMISE: {
    more: ['reason', 'slots', 'visit'],
    text: [ITEMS, READY, PICK_UP_TIME],
    short: [['items'], READY],
  },
  READY: {
    more: ['collectFrom', 'collectUntil'],
    text: [ITEMS, PICK_UP_PLACE, ['collectFrom'], ['collectUntil'], ['ticketCode']],
    short: [['items'], PICK_UP_PLACE],
  },
  PICK_UP_REMINDER: {
    more: [],
    text: [ITEMS, PICK_UP_TIME, PICK_UP_PLACE, ['ticketCode']],
    short: [PICK_UP_TIME, PICK_UP_PLACE],
  },
  PICK_UP_DAY: {
    more: [],
    text: [ITEMS, [...PICK_UP_TIME, 'pickUpHour'], PICK_UP_PLACE, ['ticketCode']],
    short: [[...PICK_UP_TIME, 'pickUpHour'], PICK_UP_PLACE],
  },
  QUEUE_NEAR: { more: ['visit'], text: [['ticketCode']], short: [['ticketCode']] },
  MISSED: {
    more: ['visit', 'missedSlot', 'missedPlace'],
    text: [ITEMS, ['missedSlot']],
    short: [['missedSlot']],
  },
  OVERDUE: {
    more: ['overdueDays', 'lastCollectBy'],
    text: [ITEMS, PICK_UP_PLACE, ['ticketCode']],
    short: [['items'], PICK_UP_PLACE],
  },
  MOVED: {
    more: ['visit'],
    text: [ITEMS, ...APPOINTMENTS, READY],
    short: [PICK_UP_TIME, PICK_UP_PLACE],
  },
  CANCELLED: { more: ['reason'], text: [ITEMS, ['ticketCode']], short: [['items']] },
  COLLECTED: { more: [], text: [ITEMS], short: [['items']] },
};

/** What texts of the kind may name. */
export const variablesOf = (kind: MessageKind): readonly VariableName[] => [
  ...EVERYWHERE,
  ...BY_KIND[kind].more,
];

/** What a text or a short text of the kind must name: of each demand, one. */
export const demandsOf = (kind: MessageKind, part: 'text' | 'short'): readonly Demand[] =>
  BY_KIND[kind][part];

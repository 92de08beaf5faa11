import { DateTime } from 'luxon';

import {
  demandsByClock,
  isRightToSay,
  MINUTE,
  NEWS_OF,
  newsUntil,
  onDate,
  OUTDATED_BY,
  WAITING_NEWS,
  WIRE_NAMES,
  type Demand,
  type Happening,
  type Kind,
  type KnownOrder,
  type KnownStore,
  type Rules,
} from './message-rules.ts';

/** How far messages are spread. */
const SPREAD_MS = 5 * MINUTE;
/** How long before quiet hours goes out what cannot wait for their end. */
const EARLY_MS = 10 * MINUTE;

/** Both ends included. */
interface Window {
  readonly from: number;
  readonly to: number;
}

/** A message that is to be sent once, unless something comes between. */
interface Pending {
  readonly kind: Kind;
  readonly key: string;
  readonly due: number;
  readonly until: number;
  readonly zone: string;
  readonly isNews: boolean;
  /** Where it may be sent; none: quiet hours leave no time for it. */
  readonly windows: readonly Window[];
  /** When it is past at the latest. */
  readonly over: number;
  /** At some moment when it may have been looked at, it was not right to say. */
  isOptional: boolean;
}

/** What was sent, as its channel saw it. */
export interface SeenMessage {
  readonly orderId: string;
  readonly kind: string;
  readonly pickUpAt: string;
  readonly dropOffAt: string;
  readonly readyAt: string;
}

export interface Violation {
  readonly code: 'NOT_DEMANDED' | 'LOST' | 'NOT_RIGHT_TO_SAY' | 'SAYS_WHAT_IS_NOT_SO';
  readonly kind: string;
  readonly orderId: string;
  readonly at: string;
  readonly detail: string;
}

/** Watches the messages of one order against what the policy demands at each moment. */
class OrderMonitor {
  private pending: Pending[] = [];
  /** Never again: it was sent, or could not be said when it was due. */
  private readonly settled = new Set<string>();

  constructor(
    private order: KnownOrder,
    private readonly stores: ReadonlyMap<string, KnownStore>,
    private rules: Rules,
    private readonly report: (code: Violation['code'], kind: string, detail: string) => void,
  ) {}

  /** Everything before this moment is over. */
  pass(now: number): void {
    for (const one of this.pending) {
      const first = one.windows[0]?.from ?? one.due;
      const moments = [first, Math.min(one.over, now)].filter((moment) => moment <= now);
      const wasRight = (moment: number) => this.isRight(one.kind, moment);
      if (!moments.every(wasRight)) one.isOptional = true;
    }
    const over = this.pending.filter((one) => one.over < now);
    for (const one of over) {
      if (!one.isOptional && one.windows.length > 0) {
        this.report('LOST', one.kind, `${one.key}: due ${text(one.windows)}`);
      }
      this.settled.add(one.key);
    }
    this.pending = this.pending.filter((one) => !over.includes(one));
  }

  happened(what: Happening, order: KnownOrder, now: number): void {
    this.order = order;
    const kind = NEWS_OF[what];
    const isNews = !this.rules.off.includes(kind) && (kind !== 'NEW_PROMISE' || isLate(order));
    if (isNews) {
      const outdated = OUTDATED_BY[kind] ?? [];
      this.pending = this.pending.filter((one) => !outdated.includes(one.kind) || !one.isNews);
      this.pending.push(this.news(kind, now));
    }
    this.plan(now);
  }

  ruledBy(rules: Rules, now: number): void {
    this.rules = rules;
    this.pending = this.pending.filter(({ kind }) => !rules.off.includes(kind));
    this.pending = this.pending.map((one) => (one.isNews ? this.quietAgain(one) : one));
    if (this.order.status !== 'CANCELLED' && this.order.status !== 'COLLECTED') this.plan(now);
  }

  sent(message: SeenMessage, now: number): void {
    const { order } = this;
    const candidates = this.pending
      .filter(({ kind }) => WIRE_NAMES[kind] === message.kind)
      .filter(({ windows }) => windows.some(({ from, to }) => from <= now && now <= to))
      .sort((a, b) => a.over - b.over);
    const [found] = candidates;
    if (found === undefined) {
      const near = this.pending.filter(({ kind }) => WIRE_NAMES[kind] === message.kind);
      const detail = near.map(({ key, windows }) => `${key}: due ${text(windows)}`).join('; ');
      this.report('NOT_DEMANDED', message.kind, detail);
      return;
    }
    this.pending = this.pending.filter((one) => one !== found);
    this.settled.add(found.key);
    if (!this.isRight(found.kind, now)) this.report('NOT_RIGHT_TO_SAY', found.kind, order.status);
    const said = [message.dropOffAt, message.pickUpAt, message.readyAt].map((one) =>
      Date.parse(one),
    );
    const so = [order.dropOff.start, order.pickUp.start, order.promise.readyBy];
    // The words give readyBy to the minute.
    if (said.some((instant, i) => Math.abs(instant - so[i]!) >= MINUTE)) {
      this.report('SAYS_WHAT_IS_NOT_SO', found.kind, `${said.join()} instead of ${so.join()}`);
    }
  }

  private isRight(kind: Kind, now: number): boolean {
    return isRightToSay(kind, this.order, this.rules, now);
  }

  private news(kind: Kind, now: number): Pending {
    const { order, rules, stores } = this;
    const until = newsUntil(kind, order, now);
    const { zone } = stores.get(order.pickUp.storeCode)!;
    const quiet = WAITING_NEWS.includes(kind) ? rules.quietHours : null;
    const windows = outOfQuiet({ from: now, to: now }, until, quiet, zone, now);
    const key = `${kind} ${order.version}`;
    return { kind, key, due: now, until, zone, isNews: true, windows, ...open(windows, now) };
  }

  /** News keep their time, unless it is in the quiet hours that hold now. */
  private quietAgain(one: Pending): Pending {
    const { kind, until, zone, windows: before } = one;
    if (!WAITING_NEWS.includes(kind)) return one;
    const windows = before.flatMap((window) =>
      outOfQuiet(window, until, this.rules.quietHours, zone, Infinity),
    );
    return { ...one, windows, over: Math.max(one.over, ...windows.map(({ to }) => to)) };
  }

  private plan(now: number): void {
    const demands = demandsByClock(this.order, this.stores, this.rules);
    const kept = this.pending.filter(({ isNews }) => isNews);
    for (const demand of demands) {
      if (this.settled.has(demand.key)) continue;
      const next = planned(demand, this.rules.quietHours, now);
      const before = this.pending.find(({ key }) => key === demand.key);
      // What is past is left out, but for what waits to be sent already.
      if (before !== undefined && isSame(before, next)) kept.push(before);
      else if (demand.due >= now) kept.push(next);
    }
    this.pending = kept;
  }
}

/** Watches everything that is sent, and says what was not as the policy demands. */
export class MessageMonitor {
  readonly violations: Violation[] = [];
  sentCount = 0;
  private readonly orders = new Map<string, OrderMonitor>();
  private now = 0;

  constructor(
    private readonly stores: ReadonlyMap<string, KnownStore>,
    private rules: Rules,
  ) {}

  /** What is due until just before `now` has been sent by now. */
  pass(now: number): void {
    this.now = now;
    for (const order of this.orders.values()) order.pass(now);
  }

  happened(what: Happening, order: KnownOrder): void {
    const { id } = order;
    const known = this.orders.get(id) ?? this.watch(order);
    known.happened(what, order, this.now);
  }

  ruledBy(rules: Rules): void {
    this.rules = rules;
    for (const order of this.orders.values()) order.ruledBy(rules, this.now);
  }

  sent(message: SeenMessage): void {
    this.sentCount += 1;
    const order = this.orders.get(message.orderId);
    if (order === undefined) this.report(message.orderId)('NOT_DEMANDED', message.kind, 'no order');
    else order.sent(message, this.now);
  }

  private watch(order: KnownOrder): OrderMonitor {
    const monitor = new OrderMonitor(order, this.stores, this.rules, this.report(order.id));
    this.orders.set(order.id, monitor);
    return monitor;
  }

  private report(orderId: string): (code: Violation['code'], kind: string, detail: string) => void {
    return (code, kind, detail) => {
      const at = new Date(this.now).toISOString();
      this.violations.push({ code, kind, orderId, at, detail });
    };
  }
}

const isLate = ({ promise, pickUp }: KnownOrder): boolean => promise.readyBy > pickUp.start;

function planned(demand: Demand, quiet: Rules['quietHours'], now: number): Pending {
  const { due, mayBeBefore, until, zone } = demand;
  const from = mayBeBefore ? due - SPREAD_MS : due;
  const to = Math.min(due + SPREAD_MS, Math.max(due, until));
  const windows = outOfQuiet({ from, to }, until, quiet, zone, now);
  return { ...demand, isNews: false, windows, ...open(windows, to) };
}

const open = (windows: readonly Window[], otherwise: number) => ({
  over: Math.max(...windows.map(({ to }) => to), windows.length === 0 ? otherwise : -Infinity),
  isOptional: false,
});

const isSame = (a: Pending, b: Pending): boolean =>
  a.due === b.due && a.until === b.until && text(a.windows) === text(b.windows);

/**
 * The parts of a window that are not in quiet hours, and where the others go: to their end, spread; if
 * that is too late, to just before they begin, if they have not begun `now`.
 */
function outOfQuiet(
  { from, to }: Window,
  until: number,
  quiet: Rules['quietHours'],
  zone: string,
  now: number,
): readonly Window[] {
  if (quiet === null) return [{ from, to }];
  const windows: Window[] = [];
  let free = from;
  for (const hours of quietHoursAround(from, quiet, zone)) {
    if (hours.to <= from || hours.from > to) continue;
    if (free < hours.from) windows.push({ from: free, to: hours.from - 1 });
    // Right at the end of its use there would be no time to send it.
    if (hours.to < until) {
      windows.push({ from: hours.to, to: Math.min(hours.to + SPREAD_MS, until) });
    } else if (now < hours.from) {
      const early = Math.max(now, hours.from - EARLY_MS);
      windows.push({ from: early, to: early });
    }
    free = hours.to;
  }
  if (free <= to) windows.push({ from: free, to });
  return windows.sort((a, b) => a.from - b.from);
}

/** Half-open: at their end they are over. */
function quietHoursAround(
  instant: number,
  { from, to }: NonNullable<Rules['quietHours']>,
  zone: string,
): readonly Window[] {
  return [-1, 0, 1].map((days) => ({
    from: onDate(instant, days, from, zone),
    to: onDate(instant, to < from ? days + 1 : days, to, zone),
  }));
}

const text = (windows: readonly Window[]): string =>
  windows.length === 0
    ? 'never'
    : windows
        .map(
          ({ from, to }) => `${DateTime.fromMillis(from).toUTC().toISO()!}+${(to - from) / 1000}s`,
        )
        .join(' or ');

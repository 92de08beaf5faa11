import type { MessageKind } from '../../core/messages/kinds.ts';
import type { Advance, MessagePolicy, QuietHours, Route } from '../../core/messages/policy.ts';
import { routeProblems } from '../../core/messages/route.ts';
import { parseLocalTime } from '../../core/time/local-date.ts';
import type { MinuteOfDay } from '../../core/time/time.ts';
import { isLocale } from '../customers/index.ts';

export interface QuietHoursInput {
  readonly from: string;
  readonly to: string;
}

export interface StoreMessageTimesInput {
  readonly storeCode: string;
  readonly dropOffReminderAt?: string | null;
  readonly pickUpReminderAt?: string | null;
}

export interface RouteStepInput {
  readonly channel: string;
  readonly account?: string | null;
  readonly isOptional: boolean;
  readonly advance?: readonly RouteAdvanceInput[] | null;
}

export interface RouteAdvanceInput {
  readonly on: 'REJECTED' | 'EXHAUSTED' | 'AMBIGUOUS' | 'NOT_DELIVERED' | 'NOT_READ';
  readonly withinSeconds?: number | null;
}

export interface MessageRouteInput {
  readonly mode: 'FALLBACK' | 'BROADCAST';
  readonly needsAll: boolean;
  readonly steps: readonly RouteStepInput[];
}

/** `MessagePolicyInput` of the schema. */
export interface MessagePolicyInput {
  readonly locale?: string | null;
  readonly orderLink?: string | null;
  readonly dropOffReminderAt?: string | null;
  readonly dropOffReminderLeastMinutes?: number | null;
  readonly pickUpReminderAt?: string | null;
  readonly pickUpDayLeadMinutes?: number | null;
  readonly graceMinutes?: number | null;
  readonly overdueDays?: readonly number[] | null;
  readonly overdueAt?: string | null;
  readonly quietHours?: QuietHoursInput | null;
  readonly off?: readonly MessageKind[] | null;
  readonly stores?: readonly StoreMessageTimesInput[] | null;
  readonly routes?:
    readonly { readonly kind: MessageKind; readonly route: MessageRouteInput }[] | null;
  readonly defaultRoute?: MessageRouteInput | null;
}

export interface InputProblem {
  readonly path: string;
  readonly message: string;
}

/** What inputs may name. */
export interface KnownNames {
  readonly stores: ReadonlyMap<string, unknown>;
  readonly channels: ReadonlyMap<string, { readonly hasReceipts: boolean }>;
}

const MOST_OVERDUE_DAYS = 20;
const DAY_MIN = 1440;
const MOST_LINK = 500;
/** The id stands in the path or behind it, and nothing in it could end the address. */
const ORDER_LINK = /^https:\/\/[\w.-]+(:\d+)?\/[^\s{}<>"\\\p{C}]*\{id\}[^\s{}<>"\\\p{C}]*$/u;

const ROUTE_SENTENCES = {
  ROUTE_MODE_REQUIRED: 'must say how the route goes',
  NO_STEPS: 'must name at least one channel',
  TOO_MANY_STEPS: 'must name at most 10 channels',
  UNKNOWN_CHANNEL: 'must be a channel that there is',
  TWICE_IN_ROUTE: 'must not be an account that an earlier step has',
  NO_RECEIPTS_THERE: 'cannot wait for a receipt: this channel has none',
  WAIT_OUT_OF_RANGE: 'must wait from 10 to 259200 seconds',
} as const;

/** `policy` with the changes of `input`, as far as they are right, and all that is wrong with them. */
export function changedPolicy(
  policy: MessagePolicy,
  input: MessagePolicyInput,
  names: KnownNames,
): { readonly policy: MessagePolicy; readonly problems: readonly InputProblem[] } {
  const reading = new Reading(names);
  const { quietHours, defaultRoute } = input;
  const changed = {
    locale: reading.locale(input.locale),
    orderLink: input.orderLink === null ? null : reading.orderLink(input.orderLink),
    dropOffReminderAt: reading.time('dropOffReminderAt', input.dropOffReminderAt),
    dropOffReminderLeastMin: reading.minutes(
      'dropOffReminderLeastMinutes',
      input.dropOffReminderLeastMinutes,
    ),
    pickUpReminderAt: reading.time('pickUpReminderAt', input.pickUpReminderAt),
    pickUpDayLeadMin: reading.minutes('pickUpDayLeadMinutes', input.pickUpDayLeadMinutes),
    graceMin: reading.minutes('graceMinutes', input.graceMinutes),
    overdueDays: reading.days(input.overdueDays),
    overdueAt: reading.time('overdueAt', input.overdueAt),
    quietHours: quietHours === null ? null : reading.quietHours(quietHours),
    off: input.off == null ? undefined : [...new Set(input.off)],
    stores: reading.stores(input.stores),
    routes: reading.routes(input.routes),
    defaultRoute:
      defaultRoute === null ? null : reading.optionalRoute('defaultRoute', defaultRoute),
  };
  const given = Object.fromEntries(Object.entries(changed).filter(([, v]) => v !== undefined));
  return { policy: { ...policy, ...given }, problems: reading.problems };
}

class Reading {
  readonly problems: InputProblem[] = [];

  constructor(private readonly names: KnownNames) {}

  time(path: string, text: string | null | undefined): MinuteOfDay | undefined {
    if (text == null) return undefined;
    const minute = parseLocalTime(text);
    if (minute !== null && minute < DAY_MIN) return minute;
    this.wrong(path, 'must be a time from 00:00 to 23:59, HH:MM');
    return undefined;
  }

  locale(text: string | null | undefined): string | undefined {
    if (text == null) return undefined;
    if (isLocale(text)) return text;
    this.wrong('locale', 'must be a language as in zh-CN or en');
    return undefined;
  }

  orderLink(text: string | undefined): string | undefined {
    if (text === undefined) return undefined;
    if (ORDER_LINK.test(text) && text.length <= MOST_LINK) return text;
    this.wrong('orderLink', 'must be an https address with {id}, at most 500 characters');
    return undefined;
  }

  minutes(path: string, value: number | null | undefined): number | undefined {
    if (value == null) return undefined;
    if (value >= 0 && value <= DAY_MIN) return value;
    this.wrong(path, 'must be from 0 to 1440');
    return undefined;
  }

  days(days: readonly number[] | null | undefined): readonly number[] | undefined {
    if (days == null) return undefined;
    const isGrowing = days.every((day, i) => day >= 1 && day <= 365 && day > (days[i - 1] ?? 0));
    if (isGrowing && days.length <= MOST_OVERDUE_DAYS) return days;
    this.wrong('overdueDays', 'must be at most 20 growing numbers from 1 to 365');
    return undefined;
  }

  quietHours(input: QuietHoursInput | undefined): QuietHours | undefined {
    if (input === undefined) return undefined;
    const from = this.time('quietHours.from', input.from);
    const to = this.time('quietHours.to', input.to);
    if (from === undefined || to === undefined) return undefined;
    if (from !== to) return { from, to };
    this.wrong('quietHours.to', 'must not be the same as from');
    return undefined;
  }

  stores(list: MessagePolicyInput['stores']): MessagePolicy['stores'] | undefined {
    if (list == null) return undefined;
    const entries = list.map((one, i) => {
      const path = `stores[${i}]`;
      if (!this.names.stores.has(one.storeCode)) {
        this.wrong(`${path}.storeCode`, 'must be a store of the chain');
      }
      if (list.findIndex(({ storeCode }) => storeCode === one.storeCode) < i) {
        this.wrong(`${path}.storeCode`, 'must not be named twice');
      }
      const dropOff = this.time(`${path}.dropOffReminderAt`, one.dropOffReminderAt);
      const pickUp = this.time(`${path}.pickUpReminderAt`, one.pickUpReminderAt);
      const times = { dropOffReminderAt: dropOff ?? null, pickUpReminderAt: pickUp ?? null };
      return [one.storeCode, times] as const;
    });
    return Object.fromEntries(entries);
  }

  routes(list: MessagePolicyInput['routes']): MessagePolicy['routes'] | undefined {
    if (list == null) return undefined;
    const entries = list.map(({ kind, route }, i) => {
      if (list.findIndex((other) => other.kind === kind) < i) {
        this.wrong(`routes[${i}].kind`, 'must not be named twice');
      }
      return [kind, this.route(`routes[${i}].route`, route)] as const;
    });
    return Object.fromEntries(entries);
  }

  optionalRoute(path: string, input: MessageRouteInput | undefined): Route | undefined {
    return input === undefined ? undefined : this.route(path, input);
  }

  private route(path: string, input: MessageRouteInput): Route {
    const route = routeOf(input);
    input.steps.forEach(({ advance }, i) => {
      (advance ?? []).forEach(({ on, withinSeconds }, j) => {
        if ((on === 'NOT_DELIVERED' || on === 'NOT_READ') === (withinSeconds == null)) {
          const at = `${path}.steps[${i}].advance[${j}].withinSeconds`;
          this.wrong(at, 'is needed where a receipt is waited for, and nowhere else');
        }
      });
    });
    for (const problem of routeProblems(route, this.names.channels)) {
      const at = problem.path.replace(/^targets/, 'steps');
      this.wrong([path, at].filter(Boolean).join('.'), ROUTE_SENTENCES[problem.code]);
    }
    return route;
  }

  private wrong(path: string, message: string): void {
    this.problems.push({ path, message });
  }
}

function routeOf({ mode, needsAll, steps }: MessageRouteInput): Route {
  if (mode === 'BROADCAST') {
    const targets = steps.map(({ channel, account, isOptional }) => ({
      channel,
      account: account ?? null,
      isOptional,
    }));
    return { mode: 'broadcast', success: needsAll ? 'all' : 'any', targets };
  }
  return {
    mode: 'fallback',
    steps: steps.map(({ channel, account, advance }) => ({
      channel,
      account: account ?? null,
      advance: (advance ?? [{ on: 'REJECTED' }, { on: 'EXHAUSTED' }]).map(advanceOf),
    })),
  };
}

function advanceOf({ on, withinSeconds }: RouteAdvanceInput): Advance {
  switch (on) {
    case 'REJECTED':
      return { on: 'rejected' };
    case 'EXHAUSTED':
      return { on: 'exhausted' };
    case 'AMBIGUOUS':
      return { on: 'ambiguous' };
    case 'NOT_DELIVERED':
      return { on: 'noReceipt', of: 'delivered', withinSec: withinSeconds ?? 0 };
    case 'NOT_READ':
      return { on: 'noReceipt', of: 'read', withinSec: withinSeconds ?? 0 };
  }
}

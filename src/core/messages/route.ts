import type { MessageKind } from './kinds.ts';
import { ruleOf } from './kinds.ts';
import type { Advance, MessagePolicy, Route, RouteStep } from './policy.ts';

/** A way to reach people, as far as routes care. */
export interface RouteAccount {
  readonly channel: string;
  readonly account: string;
  readonly hasReceipts: boolean;
  /** Reaches customers at an address of theirs. */
  readonly isForCustomers: boolean;
}

/** One place that a message is sent to, or tried at after others. */
export interface Target {
  readonly channel: string;
  readonly account: string;
}

/** Accounts by name; when to take the next step. */
export interface Step extends Target {
  readonly advance: readonly Advance[];
}

/** {@link Route} for one person and kind, every account named. */
export type PersonalRoute =
  | { readonly mode: 'fallback'; readonly steps: readonly Step[] }
  | {
      readonly mode: 'broadcast';
      readonly success: 'any' | 'all';
      readonly targets: readonly (Target & { readonly isOptional: boolean })[];
    };

/** What a person said about how to be reached. */
export interface ChannelWishes {
  /** First the one that is liked best; those that are not named come after. */
  readonly channels: readonly string[];
  readonly offChannels: readonly string[];
}

/** The name of an account that is not named. */
export const DEFAULT_ACCOUNT = 'default';

/**
 * The route of a kind for one person: the policy's, the channels that the person likes best first, without
 * those that the person turned off. What nobody can turn off goes all its ways.
 */
export function routeFor(
  kind: MessageKind,
  policy: Pick<MessagePolicy, 'routes' | 'defaultRoute'>,
  accounts: readonly RouteAccount[],
  wishes: ChannelWishes,
): PersonalRoute {
  const route = policy.routes[kind] ?? policy.defaultRoute;
  const isWanted = ({ channel }: { readonly channel: string }): boolean =>
    ruleOf(kind).isCritical || !wishes.offChannels.includes(channel);
  if (route?.mode === 'broadcast') {
    const targets = route.targets.map(({ isOptional, ...target }) => ({
      ...named(target),
      isOptional,
    }));
    return { mode: 'broadcast', success: route.success, targets: targets.filter(isWanted) };
  }
  const steps = route?.steps ?? everyAccount(kind, accounts);
  const wanted = steps.filter(isWanted).map((step) => ({ ...named(step), advance: step.advance }));
  return { mode: 'fallback', steps: inOrderOf(wishes.channels, wanted) };
}

const named = ({ channel, account }: Pick<RouteStep, 'channel' | 'account'>): Target => ({
  channel,
  account: account ?? DEFAULT_ACCOUNT,
});

function everyAccount(kind: MessageKind, accounts: readonly RouteAccount[]): readonly RouteStep[] {
  const advance = defaultAdvance(kind);
  return accounts
    .filter(({ isForCustomers }) => isForCustomers)
    .map(({ channel, account }) => ({ channel, account, advance }));
}

/** Without a route of its own, what has to arrive goes on also when nobody knows whether it did. */
const defaultAdvance = (kind: MessageKind): readonly Advance[] =>
  ruleOf(kind).guarantee === 'atLeastOnce' ? ADVANCE_ALWAYS : ADVANCE_ON_NO;

const ADVANCE_ON_NO: readonly Advance[] = [{ on: 'rejected' }, { on: 'exhausted' }];
const ADVANCE_ALWAYS: readonly Advance[] = [...ADVANCE_ON_NO, { on: 'ambiguous' }];

function inOrderOf(channels: readonly string[], steps: readonly Step[]): readonly Step[] {
  const rank = ({ channel }: Step): number => {
    const index = channels.indexOf(channel);
    return index === -1 ? channels.length : index;
  };
  return [...steps].sort((a, b) => rank(a) - rank(b));
}

/** What the policy says about a step that was taken; it may have left the route since. */
export function advanceOf(
  route: PersonalRoute,
  { channel, account }: Target,
  kind: MessageKind,
): readonly Advance[] {
  if (route.mode === 'broadcast') return [];
  const step = route.steps.find((s) => s.channel === channel && s.account === account);
  return step?.advance ?? defaultAdvance(kind);
}

export const advancesOn = (advance: readonly Advance[], on: Advance['on']): boolean =>
  advance.some((one) => one.on === on);

/** What became of one target of a broadcast. */
export type TargetState = 'OPEN' | 'REACHED' | 'MISSED';

/**
 * Whether a broadcast is done, has failed, or is still open (null). A target to which nothing could be
 * sent counts as missed.
 */
export function broadcastState(
  route: Extract<PersonalRoute, { mode: 'broadcast' }>,
  stateOf: (target: Target) => TargetState,
): 'DONE' | 'FAILED' | null {
  const required = route.targets.filter(({ isOptional }) => !isOptional);
  const counted = required.length > 0 ? required : route.targets;
  const states = counted.map(stateOf);
  if (route.success === 'any') {
    const all = route.targets.map(stateOf);
    if (all.includes('REACHED')) return 'DONE';
    return all.includes('OPEN') ? null : 'FAILED';
  }
  if (states.includes('MISSED')) return 'FAILED';
  return states.includes('OPEN') ? null : 'DONE';
}

export interface RouteProblem {
  /** As in `steps[1].advance[0]`. */
  readonly path: string;
  readonly code:
    | 'ROUTE_MODE_REQUIRED'
    | 'NO_STEPS'
    | 'TOO_MANY_STEPS'
    | 'UNKNOWN_CHANNEL'
    | 'TWICE_IN_ROUTE'
    | 'NO_RECEIPTS_THERE'
    | 'WAIT_OUT_OF_RANGE';
}

const MOST_STEPS = 10;
/** Seconds between which a wait for a receipt makes sense. */
const RECEIPT_WAIT_SEC = { least: 10, most: 259_200 };

/**
 * What is wrong with a route.
 *
 * @param channels whether each channel that there is tells later what became of a message
 */
export function routeProblems(
  route: Route | readonly unknown[],
  channels: ReadonlyMap<string, { readonly hasReceipts: boolean }>,
): readonly RouteProblem[] {
  if (!('mode' in route)) return [{ path: '', code: 'ROUTE_MODE_REQUIRED' }];
  const [list, path] =
    route.mode === 'fallback' ? [route.steps, 'steps'] : [route.targets, 'targets'];
  if (list.length === 0) return [{ path, code: 'NO_STEPS' }];
  if (list.length > MOST_STEPS) return [{ path, code: 'TOO_MANY_STEPS' }];
  const seen = new Set<string>();
  return list.flatMap((step, index) => {
    const at = `${path}[${index}]`;
    const channel = channels.get(step.channel);
    if (channel === undefined) return [{ path: at, code: 'UNKNOWN_CHANNEL' as const }];
    const key = `${step.channel} ${step.account ?? DEFAULT_ACCOUNT}`;
    const twice = seen.has(key) ? [{ path: at, code: 'TWICE_IN_ROUTE' as const }] : [];
    seen.add(key);
    const advance = 'advance' in step ? step.advance : [];
    return [...twice, ...advanceProblems(advance, at, channel.hasReceipts)];
  });
}

function advanceProblems(
  advance: readonly Advance[],
  path: string,
  hasReceipts: boolean,
): readonly RouteProblem[] {
  return advance.flatMap((one, index): readonly RouteProblem[] => {
    if (one.on !== 'noReceipt') return [];
    const at = `${path}.advance[${index}]`;
    if (!hasReceipts) return [{ path: at, code: 'NO_RECEIPTS_THERE' }];
    const { least, most } = RECEIPT_WAIT_SEC;
    const isInRange = one.withinSec >= least && one.withinSec <= most;
    return isInRange ? [] : [{ path: at, code: 'WAIT_OUT_OF_RANGE' }];
  });
}

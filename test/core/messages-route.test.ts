import { describe, expect, it } from 'vitest';

import { receiptNeed } from '../../src/core/messages/receipt-needs.ts';
import {
  broadcastState,
  routeFor,
  routeProblems,
  type RouteAccount,
  type TargetState,
} from '../../src/core/messages/route.ts';
import type { Route, RouteStep } from '../../src/core/messages/policy.ts';

const account = (channel: string, isForCustomers = true): RouteAccount => ({
  ...{ channel, account: 'default', hasReceipts: true, isForCustomers },
});
const ACCOUNTS = [account('line'), account('sms'), account('mail'), account('robot', false)];
const NO_WISHES = { channels: [], offChannels: [] };
const step = (channel: string, parts: Partial<RouteStep> = {}): RouteStep => ({
  ...{ channel, account: null, advance: [] },
  ...parts,
});
const fallback = (...steps: RouteStep[]): Route => ({ mode: 'fallback', steps });
const PLAIN = { routes: {}, defaultRoute: null };

const channelsOf = (route: ReturnType<typeof routeFor>): string[] =>
  (route.mode === 'fallback' ? route.steps : route.targets).map(({ channel }) => channel);

describe('the route of a message', () => {
  it.each([
    ['every account for customers, in order', PLAIN, NO_WISHES, ['line', 'sms', 'mail']],
    [
      'those that are liked best go first',
      PLAIN,
      { channels: ['mail', 'sms'], offChannels: [] },
      ['mail', 'sms', 'line'],
    ],
    [
      'without those that are turned off',
      PLAIN,
      { channels: ['mail'], offChannels: ['line', 'mail'] },
      ['sms'],
    ],
    [
      'the default of the policy',
      { routes: {}, defaultRoute: fallback(step('mail'), step('sms')) },
      NO_WISHES,
      ['mail', 'sms'],
    ],
    [
      'the route of its kind before the default',
      { routes: { READY: fallback(step('sms')) }, defaultRoute: fallback(step('mail')) },
      NO_WISHES,
      ['sms'],
    ],
  ])('%s', (_, policy, wishes, expected) => {
    expect(channelsOf(routeFor('READY', policy, ACCOUNTS, wishes))).toEqual(expected);
  });

  it('goes all its ways with what nobody can turn off', () => {
    const wishes = { channels: [], offChannels: ['line', 'sms', 'mail'] };
    expect(channelsOf(routeFor('CANCELLED', PLAIN, ACCOUNTS, wishes))).toHaveLength(3);
  });

  it('names the account that is not named', () => {
    const policy = {
      routes: {},
      defaultRoute: fallback(step('sms'), step('sms', { account: 'b' })),
    };
    expect(routeFor('READY', policy, ACCOUNTS, NO_WISHES)).toMatchObject({
      steps: [{ account: 'default' }, { account: 'b' }],
    });
  });

  it('goes on after a silence only with what has to arrive', () => {
    const advanceOf = (kind: 'READY' | 'PROGRESS') => {
      const route = routeFor(kind, PLAIN, ACCOUNTS, NO_WISHES);
      return route.mode === 'fallback' ? route.steps[0]!.advance.map(({ on }) => on) : [];
    };
    expect(advanceOf('READY')).toContain('ambiguous');
    expect(advanceOf('PROGRESS')).not.toContain('ambiguous');
  });
});

describe('a broadcast', () => {
  const route = (success: 'any' | 'all') => ({
    mode: 'broadcast' as const,
    success,
    targets: ['a', 'b', 'c'].map((channel) => ({
      ...{ channel, account: 'default', isOptional: channel === 'c' },
    })),
  });

  it.each<['any' | 'all', TargetState[], 'DONE' | 'FAILED' | null]>([
    ['any', ['OPEN', 'MISSED', 'REACHED'], 'DONE'],
    ['any', ['MISSED', 'MISSED', 'OPEN'], null],
    ['any', ['MISSED', 'MISSED', 'MISSED'], 'FAILED'],
    ['all', ['REACHED', 'REACHED', 'MISSED'], 'DONE'],
    ['all', ['REACHED', 'OPEN', 'REACHED'], null],
    ['all', ['OPEN', 'MISSED', 'REACHED'], 'FAILED'],
  ])('%s of %s: %s', (success, states, expected) => {
    const stateOf = ({ channel }: { channel: string }) => states['abc'.indexOf(channel)]!;
    expect(broadcastState(route(success), stateOf)).toBe(expected);
  });
});

describe('what is wrong with a route', () => {
  const channels = new Map([
    ['sms', { hasReceipts: true }],
    ['robot', { hasReceipts: false }],
  ]);
  const waiting = (withinSec: number) =>
    ({ advance: [{ on: 'noReceipt', of: 'delivered', withinSec }] }) as const;

  it.each<[string, Route | readonly unknown[], object[]]>([
    ['a bare list', [step('sms')], [{ path: '', code: 'ROUTE_MODE_REQUIRED' }]],
    ['no step', fallback(), [{ path: 'steps', code: 'NO_STEPS' }]],
    ['no such channel', fallback(step('fax')), [{ path: 'steps[0]', code: 'UNKNOWN_CHANNEL' }]],
    [
      'a wait for a receipt that never comes',
      fallback(step('sms', waiting(900)), step('robot', waiting(900))),
      [{ path: 'steps[1].advance[0]', code: 'NO_RECEIPTS_THERE' }],
    ],
    ['too short a wait', fallback(step('sms', waiting(9))), [{ code: 'WAIT_OUT_OF_RANGE' }]],
    ['too long a wait', fallback(step('sms', waiting(259_201))), [{ code: 'WAIT_OUT_OF_RANGE' }]],
    [
      'the same account twice',
      fallback(step('sms'), step('sms', { account: 'default' })),
      [{ path: 'steps[1]', code: 'TWICE_IN_ROUTE' }],
    ],
    ['nothing', fallback(step('sms', waiting(10)), step('robot')), []],
  ])('%s', (_, route, expected) => {
    const problems = routeProblems(route, channels);
    expect(problems).toHaveLength(expected.length);
    expect(problems).toMatchObject(expected);
  });
});

describe('the need of a receipt', () => {
  const within = (of: 'delivered' | 'read', withinSec: number) =>
    ({ on: 'noReceipt', of, withinSec }) as const;
  const soFar = { acceptedAt: 0, isDelivered: false, isRead: false };

  it.each([
    ['none is waited for', [], soFar, 10, { is: 'met' }],
    ['it may still come', [within('delivered', 60)], soFar, 59_999, { is: 'open', until: 60_000 }],
    ['it is late', [within('delivered', 60)], soFar, 60_000, { is: 'missed' }],
    ['it came', [within('delivered', 60)], { ...soFar, isDelivered: true }, 90_000, { is: 'met' }],
    [
      'who has read it has got it',
      [within('delivered', 60)],
      { ...soFar, isRead: true },
      90_000,
      { is: 'met' },
    ],
    [
      'delivered and not read',
      [within('delivered', 60), within('read', 600)],
      { ...soFar, isDelivered: true },
      90_000,
      { is: 'open', until: 600_000 },
    ],
  ])('%s', (_, advance, known, now, expected) => {
    expect(receiptNeed(advance, known, now)).toEqual(expected);
  });
});

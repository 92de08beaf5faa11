import { expect, test } from 'vitest';

import { isToldInTime } from '../../src/core/guard/notice.ts';
import { DEFAULT_POLICY } from '../../src/core/messages/policy.ts';
import { at, ZONE } from '../support/worked-network.ts';

const POLICY = { ...DEFAULT_POLICY, quietHours: { from: 21 * 60, to: 8 * 60 } };

test.each([
  ['two hours before', 'Tue 08:00', 'Tue 10:00', true],
  ['a minute less', 'Tue 08:01', 'Tue 10:00', false],
  ['in the quiet hours before an early visit', 'Mon 23:58', 'Tue 07:30', false],
  ['a minute before them', 'Mon 20:59', 'Tue 07:30', true],
])('a customer is told in time: %s', (_, dueAt, visit, isInTime) => {
  const usefulUntil = at(visit);
  const told = { kind: 'NEW_PROMISE' as const, occasion: 'v2', usefulUntil, skip: null };
  const plan = { owed: [{ ...told, dueAt: at(dueAt) }], recomputed: [] };
  expect(isToldInTime(plan, POLICY, ZONE, at(visit))).toBe(isInTime);
});

test('a customer to whom nothing is owed is not told', () => {
  expect(isToldInTime({ owed: [], recomputed: [] }, POLICY, ZONE, at('Tue 10:00'))).toBe(false);
});

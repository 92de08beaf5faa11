import { describe, expect, it } from 'vitest';

import { Usage } from '../../src/core/claims/usage.ts';
import { Planner } from '../../src/core/promise/planner.ts';
import { MINUTE_MS } from '../../src/core/time/time.ts';
import { claim, linesOf, planOf, questionOf, QUICK } from '../support/promise/ask.ts';
import { aChain, aLine, aShift, aStore, aWorkshop } from '../support/promise/chain.ts';
import { anItem, at, RESOLE, workedExample } from '../support/promise/worked-example.ts';

describe('the hand-over', () => {
  it('before now counts as now', () => {
    const plan = planOf(workedExample(), { handedOverAt: at('Mon 09:00'), now: at('Mon 21:00') });
    expect(plan.readyBy).toBe(at('Wed 20:30'));
  });

  it.each([
    { after: 0, readyBy: 'Tue 20:30' },
    { after: 1, readyBy: 'Tue 20:30' },
    { after: MINUTE_MS, readyBy: 'Tue 20:30' },
  ])('$after ms after a cut-off misses that van, and no more', ({ after, readyBy }) => {
    const plan = planOf(workedExample(), { handedOverAt: at('Mon 13:30') + after });
    expect(plan.readyBy).toBe(at(readyBy));
    expect(plan.steps[0]!.start).toBe(at(after === 0 ? 'Mon 14:00' : 'Mon 20:30'));
    expect(plan.delays).toEqual(
      after === 0 ? [] : [{ kind: 'MISSED_CUT_OFF', code: 'A-W', at: at('Mon 14:00') }],
    );
  });
});

describe('vans', () => {
  it('a full van is waited out and named', () => {
    const plan = planOf(workedExample({}, { vanPairs: 4 }), {}, [
      claim('ride:W-B/W>B', 'Tue 18:30', 4),
    ]);
    expect(plan.readyBy).toBe(at('Wed 11:00'));
    expect(plan.delays).toEqual([{ kind: 'TRIP_FULL', code: 'W-B', at: at('Tue 18:30') }]);
  });

  it('a van that is too small when empty is no delay, laid out or not', () => {
    const { stores, workshops, lines } = workedExample();
    const chain = aChain({
      stores: [...stores.values()],
      workshops: [...workshops.values()],
      lines: [...lines.values(), { ...lines.get('W-B')!, code: 'S', pairs: 1, cutOffMin: 0 }].map(
        (line) =>
          line.code === 'W-B' ? { ...line, departures: line.departures.slice(0, 1) } : line,
      ),
    });
    const planner = new Planner(chain, new Usage());
    planner.layOut(at('Mon 08:00'));
    const plan = planOf(chain, { items: [anItem(2)] });
    expect(plan.delays).toEqual([]);
    expect(planner.plan(questionOf({ items: [anItem(2)] }))).toEqual({ ok: true, value: plan });
  });

  const lap = (changes: Partial<Parameters<typeof aLine>[0]> = {}) =>
    aChain({
      stores: [aStore({ code: 'A', nightDrop: true }), aStore({ code: 'B', nightDrop: true })],
      workshops: [
        aWorkshop({
          code: 'W',
          shifts: [
            aShift({ starts: '09:00', ends: '12:00', cutOff: '10:00', units: { clean: 9 } }),
          ],
        }),
      ],
      lines: [
        aLine({
          code: 'LAP',
          departures: ['08:00', '13:00'],
          pairs: 3,
          stops: [
            ['A', 0],
            ['B', 30],
            ['W', 60],
            ['B', 90],
            ['A', 120],
          ],
          ...changes,
        }),
      ],
    });

  it('goods stay on a van that calls at other stops, and take each leg', () => {
    const plan = planOf(lap(), { handedOverAt: at('Tue 07:30'), items: [anItem(2, QUICK)] });
    expect(plan.readyBy).toBe(at('Tue 15:00'));
    expect(plan.claims.filter(({ resource }) => resource.startsWith('ride:'))).toEqual([
      { resource: 'ride:LAP/A>B', start: at('Tue 08:00'), amount: 2, limit: 3 },
      { resource: 'ride:LAP/B>W', start: at('Tue 08:00'), amount: 2, limit: 3 },
      { resource: 'ride:LAP/W>B', start: at('Tue 13:00'), amount: 2, limit: 3 },
    ]);
  });

  it('one full leg keeps goods off the whole ride', () => {
    const plan = planOf(lap(), { handedOverAt: at('Tue 07:30'), items: [anItem(2, QUICK)] }, [
      claim('ride:LAP/B>W', 'Tue 08:00', 2),
    ]);
    expect(plan.steps[0]!.start).toBe(at('Tue 13:00'));
    expect(plan.delays).toEqual([{ kind: 'TRIP_FULL', code: 'LAP', at: at('Tue 08:00') }]);
  });

  it('do not run on excepted dates, which is no delay', () => {
    const plan = planOf(lap({ exceptDates: new Set(['2026-09-08']) }), {
      handedOverAt: at('Tue 07:30'),
      items: [anItem(2, QUICK)],
    });
    expect(plan.readyBy).toBe(at('Wed 15:00'));
    expect(plan.delays).toEqual([]);
  });

  it('of two ways with the same ready-by the one with fewer rides, though later at the workshop', () => {
    const { stores, workshops, lines: direct } = workedExample();
    const plan = planOf(
      aChain({
        stores: [...stores.values(), aStore({ code: 'C', nightDrop: true })],
        workshops: [...workshops.values()],
        lines: [
          ...direct.values(),
          aLine({
            code: '1',
            departures: ['12:00'],
            stops: [
              ['A', 0],
              ['C', 20],
            ],
          }),
          aLine({
            code: '2',
            departures: ['13:00'],
            stops: [
              ['C', 0],
              ['W', 20],
            ],
          }),
        ],
      }),
    );
    expect(linesOf(plan)).toEqual(['A-W', 'W-B']);
  });

  it('of two equal vans the one whose line comes first', () => {
    const { stores, workshops, lines: one } = workedExample();
    const twin = { ...one.get('A-W')!, code: 'A' };
    const plan = planOf(
      aChain({
        stores: [...stores.values()],
        workshops: [...workshops.values()],
        lines: [...one.values(), twin],
      }),
    );
    expect(linesOf(plan)).toEqual(['A', 'W-B']);
  });

  it('a night drop takes goods at a closed store', () => {
    const closed = { specialHours: [{ from: '2026-09-08', to: '2026-09-08', hours: [] }] };
    expect(planOf(workedExample({ ...closed, nightDrop: true })).readyBy).toBe(at('Tue 20:30'));
    expect(planOf(workedExample(closed)).readyBy).toBe(at('Wed 11:00'));
  });
});

describe('work', () => {
  it('drying past the end of the shift is named', () => {
    const plan = planOf(workedExample(), { items: [anItem(1, RESOLE)] });
    const work = plan.steps.filter(({ kind }) => kind === 'WORK');
    expect(work).toMatchObject([{ start: at('Tue 09:00'), end: at('Wed 15:00') }]);
    expect(plan.readyBy).toBe(at('Wed 20:30'));
    expect(plan.delays).toEqual([{ kind: 'DRYING', code: 'W', at: at('Tue 09:00') }]);
  });

  it('an operation begins when the one before is finished', () => {
    const operations = [...QUICK, { skill: 'sole', units: 1, dwellMin: 0 }];
    const plan = planOf(workedExample(), { items: [anItem(1, operations)] });
    const work = plan.steps.filter(({ kind }) => kind === 'WORK');
    expect(work.map(({ by, end }) => [by, end])).toEqual([
      ['clean', at('Tue 18:00')],
      ['sole', at('Wed 18:00')],
    ]);
  });

  it('equal pieces of work are one step, and their units add up', () => {
    const plan = planOf(workedExample(), { items: [anItem(1), anItem(1), anItem(2)] });
    expect(plan.steps.filter(({ kind }) => kind === 'WORK')).toHaveLength(1);
    expect(plan.claims).toContainEqual({
      resource: 'work:W/clean',
      start: at('Tue 09:00'),
      amount: 4,
      limit: 120,
    });
  });

  it('items that do not fit into one shift together go into two', () => {
    const plan = planOf(workedExample(), { items: [anItem(80), anItem(80)] });
    expect(plan.readyBy).toBe(at('Wed 20:30'));
    expect(plan.delays).toEqual([{ kind: 'WORKSHOP_FULL', code: 'W', at: at('Tue 09:00') }]);
  });

  it('a big item makes way where the order as a whole is finished sooner', () => {
    // The big one first would leave no room on Tuesday for the small one, which has two days of work.
    const operations = [...QUICK, { skill: 'sole', units: 1, dwellMin: 0 }];
    const plan = planOf(workedExample(), { items: [anItem(115, QUICK), anItem(20, operations)] });
    const work = plan.claims.filter(({ resource }) => resource.startsWith('work:'));
    expect(work.map(({ resource, start, amount }) => [resource, start, amount])).toEqual([
      ['work:W/clean', at('Tue 09:00'), 20],
      ['work:W/clean', at('Wed 09:00'), 115],
      ['work:W/sole', at('Wed 09:00'), 20],
    ]);
    expect(plan.readyBy).toBe(at('Wed 20:30'));
  });

  it('closed dates are named, weekly days off are not', () => {
    const plan = planOf(workedExample({}, { closedDates: ['2026-09-08', '2026-09-13'] }));
    expect(plan.readyBy).toBe(at('Wed 20:30'));
    expect(plan.delays).toEqual([{ kind: 'WORKSHOP_CLOSED', code: 'W', at: at('Tue 09:00') }]);
  });

  it('the less loaded of two equal workshops, then the first by code', () => {
    const { stores, workshops, lines: one } = workedExample();
    const twins = [...one.values()].map((line) => ({
      ...line,
      code: line.code.replace('W', 'V'),
      stops: line.stops.map((stop) => (stop.code === 'W' ? { ...stop, code: 'V' } : stop)),
    }));
    const chain = aChain({
      stores: [...stores.values()],
      workshops: [workshops.get('W')!, { ...workshops.get('W')!, code: 'V' }],
      lines: [...one.values(), ...twins],
    });
    expect(linesOf(planOf(chain))).toEqual(['A-V', 'V-B']);
    const loaded = planOf(chain, {}, [claim('work:V/clean', 'Tue 09:00', 1)]);
    expect(linesOf(loaded)).toEqual(['A-W', 'W-B']);
  });
});

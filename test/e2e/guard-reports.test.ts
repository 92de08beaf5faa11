import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { newKey } from '../support/bookings.ts';
import { apply, disruptions, lift, preview, trip } from '../support/disruptions.ts';
import { startService, type TestService } from '../support/service.ts';
import { workedNetwork } from '../support/worked-network.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService({ network: workedNetwork() });
});
afterAll(() => service.stop());

beforeEach(async () => {
  for (const { id } of await disruptions(service)) await lift(service, id);
});

describe('a report', () => {
  it('counts once, however often it is sent', async () => {
    const requestKey = newKey();
    const late = trip('DELAY_TRIP', 'A-W', 'Mon 14:00', { delayMinutes: 5 });
    const first = await apply(service, late, { requestKey });
    expect(await apply(service, late, { requestKey })).toEqual(first);
    expect(await apply(service, { ...late, delayMinutes: 6 }, { requestKey })).toMatchObject({
      __typename: 'RequestKeyReused',
    });
    expect(await disruptions(service)).toHaveLength(1);
  });

  it.each([
    { kind: 'CLOSE_STORE', partCode: 'A', fromDate: '9999-12-31' },
    { kind: 'CANCEL_TRIP', partCode: 'A-W', from: '9999-12-31T23:59:59Z' },
  ])('is no report of the end of the calendar: $kind', async (what) => {
    await expect(apply(service, what)).rejects.toThrow('At most the year 8999.');
    await expect(preview(service, what)).rejects.toThrow('At most the year 8999.');
  });

  it.each([
    {
      what: { kind: 'CLOSE_STORE', partCode: 'NONE', fromDate: '2030-09-03' },
      code: 'UNKNOWN_PART',
    },
    { what: { kind: 'CLOSE_STORE', partCode: 'A' }, code: 'INCOMPLETE' },
    { what: { kind: 'CLOSE_STORE', partCode: 'A', fromDate: '2030-08-01' }, code: 'PAST' },
    { what: trip('CUT_SHIFT', 'W', 'Tue 10:00'), code: 'UNKNOWN_WINDOW' },
    { what: trip('CUT_SHIFT', 'W', 'Tue 09:00', { skill: 'gold' }), code: 'UNKNOWN_WINDOW' },
    { what: trip('CANCEL_TRIP', 'A-W', 'Tue 14:01'), code: 'UNKNOWN_WINDOW' },
    { what: trip('DELAY_TRIP', 'A-W', 'Tue 14:00'), code: 'INCOMPLETE' },
    { what: trip('CANCEL_TRIP', 'NONE', 'Tue 14:00'), code: 'UNKNOWN_PART' },
  ])('is refused: $code of $what.kind', async ({ what, code }) => {
    expect(await apply(service, what)).toMatchObject({ __typename: 'InvalidDisruption', code });
    expect(await preview(service, what)).toMatchObject({ __typename: 'InvalidDisruption', code });
  });
});

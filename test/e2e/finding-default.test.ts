import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { refuse } from '../../src/core/result.ts';
import { DecideFinding } from '../../src/features/findings/decide-finding.service.ts';
import {
  decideFinding,
  findingsOf,
  kindsOf,
  reported,
  runOverdue,
  setHouseRules,
  workOn,
} from '../support/findings.ts';
import { ledgerFaults } from '../support/ledger-faults.ts';
import { startService, type TestService } from '../support/service.ts';
import { at, workedNetwork } from '../support/worked-network.ts';

const MEI = '+8613800138000';

let service: TestService;
beforeAll(async () => {
  service = await startService({ network: workedNetwork({ counter: { visits: 60 } }) });
});
afterAll(() => service.stop());

beforeEach(async () => {
  await setHouseRules(service, {
    findingDecideHours: 24,
    findingReminderHours: 4,
    findingDefault: 'DECLINE',
  });
});

describe('a finding that nobody decides on', () => {
  it.each([
    { findingDefault: 'DECLINE', state: 'DECLINED', operations: 1 },
    { findingDefault: 'APPROVE', state: 'APPROVED', operations: 2 },
  ])('is $state by the house rules, after a reminder', async (rule) => {
    const { findingDefault, state, operations } = rule;
    await setHouseRules(service, { findingDefault });
    const { order, tag, finding } = await reported(service);
    service.clock.set(at('Wed 05:30'));
    await runOverdue(service);
    await runOverdue(service);
    expect(
      (await kindsOf(service, order.id)).filter((kind) => kind === 'FINDING_REMINDED'),
    ).toHaveLength(1);
    const reminders = await service.rows(
      `SELECT 1 FROM message WHERE order_id = $1 AND kind = 'FINDING'`,
      [order.id],
    );
    expect(reminders).toHaveLength(2);
    expect(await findingsOf(service, order.id)).toMatchObject([{ state: 'OPEN' }]);
    service.clock.set(at('Wed 09:30') + 1);
    await Promise.all([runOverdue(service), runOverdue(service)]);
    await runOverdue(service);
    expect(await findingsOf(service, order.id)).toMatchObject([
      { id: finding.id, state, decidedAs: 'DEFAULT' },
    ]);
    expect(
      (await kindsOf(service, order.id)).filter((kind) => kind === 'FINDING_DECIDED'),
    ).toHaveLength(1);
    expect(await workOn(service, tag)).toHaveLength(operations);
    expect(await ledgerFaults(service)).toEqual([]);
  });

  it('is decided though as many as are read at once before it cannot be', async () => {
    const { order, finding } = await reported(service);
    const copies = await service.rows<{ id: string }>(
      `INSERT INTO finding SELECT (jsonb_populate_record(f, jsonb_build_object(
           'id', lpad(number::text, 8, '0') || '-0000-7000-8000-000000000000',
           'order_version', 1000 + number))).*
         FROM finding f, generate_series(1, 50) AS number WHERE f.id = $1 RETURNING id`,
      [finding.id],
    );
    const ids = new Set(copies.map(({ id }) => id));
    const decisions = service.app.get(DecideFinding, { strict: false });
    const decide = decisions.run.bind(decisions);
    const deciding = vi.spyOn(decisions, 'run').mockImplementation(async (request, decider) => {
      if (!ids.has(request.findingId)) return decide(request, decider);
      if (/^0*[0-9]*[02468]-/.test(request.findingId)) return refuse({ code: 'WRONG_STATUS' });
      throw new Error('the database is away');
    });
    service.clock.set(at('Wed 09:30') + 1);
    const handled = runOverdue(service);
    await handled.catch(() => undefined);
    deciding.mockRestore();
    await service.rows(`DELETE FROM finding WHERE id = ANY ($1::uuid[])`, [[...ids]]);
    expect(await handled).toBe(1);
    expect(await findingsOf(service, order.id)).toMatchObject([{ decidedAs: 'DEFAULT' }]);
  });

  it('is decided once when the customer and the rules come at the same moment', async () => {
    for (let round = 0; round < 5; round++) {
      const { order, finding } = await reported(service);
      const approve = { findingId: finding.id, decision: 'APPROVE' } as const;
      service.clock.set(at('Wed 09:30'));
      const byCustomer = decideFinding(service, approve, service.tokens.customer(MEI));
      service.clock.set(at('Wed 09:30') + 1);
      await Promise.all([byCustomer, runOverdue(service), runOverdue(service)]);
      await runOverdue(service);
      const kinds = await kindsOf(service, order.id);
      expect(kinds.filter((kind) => kind === 'FINDING_DECIDED')).toHaveLength(1);
      const [found] = (await findingsOf(service, order.id))!;
      const answer = await byCustomer;
      expect(answer.__typename === 'Finding').toBe(found!.decidedAs === 'CUSTOMER');
    }
    expect(await ledgerFaults(service)).toEqual([]);
  });
});

describe('setHouseRules', () => {
  it('changes what is given, and is for headquarters', async () => {
    expect(await setHouseRules(service, { findingReminderHours: null })).toEqual({
      partialHandOut: true,
      findingDecideHours: 24,
      findingReminderHours: null,
      findingDefault: 'DECLINE',
    });
    const { order } = await reported(service);
    service.clock.set(at('Wed 05:30'));
    await runOverdue(service);
    expect(await kindsOf(service, order.id)).not.toContain('FINDING_REMINDED');
    for (const input of [{ findingDecideHours: 0 }, { findingReminderHours: 24 }]) {
      await expect(setHouseRules(service, input)).rejects.toThrow('hour');
    }
    const staff = service.tokens.staff('A');
    await expect(setHouseRules(service, {}, staff)).rejects.toThrow('FORBIDDEN');
  });
});

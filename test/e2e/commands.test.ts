import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { PROJECT_ROOT } from '../../src/platform/project-root.ts';
import { aBooking, bookOrder } from '../support/bookings.ts';
import { startService, TOKEN_SECRET, type TestService } from '../support/service.ts';
import { aStore, dateOf, workedNetwork } from '../support/worked-network.ts';

let directory: string;
let service: TestService;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'welt-commands-'));
  service = await startService({ network: workedNetwork() });
});
afterAll(async () => {
  await service.stop();
  rmSync(directory, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A command as npm runs it, in the deployment of the service. */
async function command(name: string, ...args: readonly string[]): Promise<Ended> {
  const { PATH, HOME } = process.env;
  const program = join(PROJECT_ROOT, '.config', 'run.mjs');
  const child = spawn(process.execPath, [program, `commands/${name}`, ...args], {
    env: { PATH, HOME, DATABASE_URL: service.database.url, TOKEN_SECRET, DATA_DIR: directory },
    cwd: directory,
  });
  const texts = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (texts.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (texts.err += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...texts };
}

function file(content: unknown): string {
  const path = join(directory, 'network.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('import', () => {
  it('loads a file, and says what the chain has now and what no longer fits', async () => {
    const { ticketCode, pickUp } = await bookOrder(service, aBooking());
    const closed = { from: dateOf('Tue'), to: dateOf('Tue'), hours: [] };
    const path = file({ stores: [aStore('B', {}, { specialHours: [closed] }), aStore('C')] });
    const { code, out, err } = await command('import', path);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n')).toEqual([
      'Imported 2 stores, 0 workshops, 0 services, 0 lines. ' +
        'The chain has 3 stores, 1 workshop, 3 services, 3 lines; version 2.',
      'Appointments that no longer fit, and stay as they are: 1',
      `  CLOSED ${ticketCode} PICK_UP B ${pickUp.start}`,
      '',
    ]);
    const { store } = await service.data<{ store: object }>('{ store(code: "C") { name } }');
    expect(store).toEqual({ name: 'Store C' });
  });

  it('says every problem of a file, and changes nothing', async () => {
    const path = file({ stores: [aStore('D'), aStore('B', {}, { timeZone: 'Mars/Olympus' })] });
    const { code, out } = await command('import', path);
    expect(code).toBe(1);
    expect(out).toMatch(/^Nothing was imported: 1 problem\.\n {2}stores\[1\]\.timeZone: \S/);
    expect(await service.data('{ store(code: "D") { name } }')).toEqual({ store: null });
  });

  it('says so if the file has another form', async () => {
    const { code, out } = await command('import', file({ stores: [{ code: 7 }] }));
    expect(code).toBe(1);
    expect(out).toContain('stores[0].code: ');
  });

  it.each([
    { name: 'no file is named', args: () => [], says: 'Usage: npm run --silent import' },
    {
      name: 'it is not there',
      args: () => ['none.json'],
      says: 'none.json cannot be read (ENOENT)',
    },
    { name: 'it is no JSON', args: () => [file('{ stores: ')], says: 'is no JSON' },
  ])('ends with 2 if $name', async ({ args, says }) => {
    const { code, out, err } = await command('import', ...args());
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(says);
    expect(err).not.toContain('    at ');
  });
});

describe('token', () => {
  it('prints a token that the service takes, and nothing else', async () => {
    const booking = {
      ...aBooking({ dropOff: 'A Mon 11:00', pickUp: 'B Wed 20:30' }),
      customer: null,
    };
    const { code, out, err } = await command(
      'token',
      ...['--role', 'customer', '--contact', '+86 138 0013 8000'],
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect((await bookOrder(service, booking, out.trim())).__typename).toBe('Order');
  });

  it.each([
    { name: 'no role', args: [] },
    { name: 'a role that there is not', args: ['--role', 'boss'] },
    { name: 'staff of no store', args: ['--role', 'staff'] },
    { name: 'a customer without contact', args: ['--role', 'customer'] },
    { name: 'headquarters with a store', args: ['--role', 'hq', '--store', 'A'] },
  ])('ends with 2 and says how it is used: $name', async ({ args }) => {
    const { code, out, err } = await command('token', ...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('Usage: npm run --silent token');
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { PROJECT_ROOT } from '../../src/platform/project-root.ts';
import { verifyToken } from '../../src/platform/signin/token.ts';

const SECRET = 'a-secret-of-more-than-32-characters!';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'welt-token-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function token(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const { PATH, HOME } = process.env;
  const options = { cwd: PROJECT_ROOT, env: { PATH, HOME, DATA_DIR: directory, ...env } };
  return new Promise((resolve) => {
    execFile('npm', ['run', '--silent', 'token', '--', ...args], options, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}

describe('npm run token', () => {
  it.each([
    { args: ['--role', 'hq'], caller: { role: 'hq', id: 'hq' } },
    {
      args: ['--role', 'staff', '--store', 'B,A'],
      caller: { role: 'staff', id: 'staff:A,B', stores: ['A', 'B'] },
    },
    {
      args: ['--role', 'staff', '--store', 'A', '--permission', 'OVER_LIMIT'],
      caller: { role: 'staff', id: 'staff:A', stores: ['A'], permissions: ['OVER_LIMIT'] },
    },
    {
      args: ['--role', 'customer', '--contact', 'Ada@Example.com'],
      caller: {
        role: 'customer',
        id: expect.stringMatching(/^customer:[\w-]{22}$/),
        contact: { kind: 'email', value: 'ada@example.com' },
      },
    },
  ])('prints nothing but a token: $args', async ({ args, caller }) => {
    const { code, out } = await token(args, { TOKEN_SECRET: SECRET });
    expect(code).toBe(0);
    expect(out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(await verifyToken(SECRET, out.trim())).toEqual(caller);
  });

  it.each([
    { args: [], says: '--role' },
    { args: ['--role', 'owner'], says: '--role' },
    { args: ['--role', 'staff'], says: '--store' },
    { args: ['--role', 'staff', '--store', 'no code'], says: '--store' },
    { args: ['--role', 'customer'], says: '--contact' },
    { args: ['--role', 'customer', '--contact', 'somebody'], says: '--contact' },
    { args: ['--role', 'hq', '--store', 'A'], says: '--store' },
    { args: ['--role', 'hq', '--permission', 'OVER_LIMIT'], says: '--permission' },
    { args: ['--role', 'staff', '--store', 'A', '--permission', 'ALL'], says: '--permission' },
    { args: ['--role', 'hq', '--verbose'], says: '--verbose' },
  ])('does not understand $args', async ({ args, says }) => {
    const { code, out, err } = await token(args, { TOKEN_SECRET: SECRET });
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(says);
  });

  it('makes one secret, however many need it first', async () => {
    const several = await Promise.all([1, 2, 3, 4].map(() => token(['--role', 'hq'])));
    const secret = readFileSync(join(directory, 'token-secret'), 'utf8').trim();
    const callers = several.map(({ out }) => verifyToken(secret, out.trim()));
    expect(await Promise.all(callers)).toEqual(several.map(() => ({ role: 'hq', id: 'hq' })));
  });

  it('in production uses no secret but the one that is set', async () => {
    const { code, out, err } = await token(['--role', 'hq'], { NODE_ENV: 'production' });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('TOKEN_SECRET');
  });
});

import { parseArgs } from 'node:util';

import { readConfig } from '../platform/config/config.ts';
import { PERMISSIONS, type Permission } from '../platform/signin/caller.ts';
import { parseContact } from '../platform/signin/contact.ts';
import { tokenSecret } from '../platform/signin/token-secret.ts';
import { signToken, type TokenScope } from '../platform/signin/token.ts';

const USAGE = `Usage: npm run --silent token -- --role hq
       npm run --silent token -- --role staff --store CODE[,CODE...] [--permission OVER_LIMIT]
       npm run --silent token -- --role customer --contact EMAIL_OR_PHONE`;
const LIFETIME_SECONDS = 30 * 24 * 60 * 60;
const STORE_CODE = /^[A-Za-z0-9_-]{1,32}$/;

/** The command was called in a way that it does not understand. */
class UsageError extends Error {}

/** Prints a bearer token for the deployment it is run in, and nothing else on standard output. */
async function main(): Promise<void> {
  const scope = readScope(process.argv.slice(2));
  const secret = tokenSecret(readConfig());
  process.stdout.write(`${await signToken(secret, scope, LIFETIME_SECONDS)}\n`);
}

function readScope(args: string[]): TokenScope {
  const { role, store, contact, permission } = readOptions(args);
  if (store !== undefined && role !== 'staff') throw new UsageError('--store goes with staff');
  if (permission !== undefined && role !== 'staff') {
    throw new UsageError('--permission goes with staff');
  }
  if (contact !== undefined && role !== 'customer') {
    throw new UsageError('--contact goes with customer');
  }
  switch (role) {
    case 'hq':
      return { role };
    case 'staff':
      return { role, stores: readStores(store), permissions: readPermissions(permission) };
    case 'customer':
      return { role, contact: readContact(contact) };
    default:
      throw new UsageError('--role must be hq, staff or customer');
  }
}

interface Options {
  readonly role?: string;
  readonly store?: string[];
  readonly contact?: string;
  readonly permission?: string[];
}

function readOptions(args: string[]): Options {
  try {
    const options = {
      role: { type: 'string' },
      store: { type: 'string', multiple: true },
      contact: { type: 'string' },
      permission: { type: 'string', multiple: true },
    } as const;
    return parseArgs({ args, options, strict: true }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function readStores(given: readonly string[] = []): readonly string[] {
  const stores = given.flatMap((codes) => codes.split(',')).map((code) => code.trim());
  if (stores.length === 0) throw new UsageError('staff need --store with the code of their store');
  const bad = stores.find((code) => !STORE_CODE.test(code));
  if (bad !== undefined) throw new UsageError(`--store: ${JSON.stringify(bad)} is no store code`);
  return stores;
}

function readPermissions(given: readonly string[] | undefined): readonly Permission[] | undefined {
  return given?.map((name) => {
    const permission = PERMISSIONS.find((known) => known === name);
    if (permission === undefined) {
      throw new UsageError(`--permission must be ${PERMISSIONS.join(' or ')}`);
    }
    return permission;
  });
}

function readContact(given = ''): string {
  const contact = parseContact(given);
  if (contact === undefined) {
    throw new UsageError(
      'a customer needs --contact with an e-mail address or a telephone number like +8613800138000',
    );
  }
  return contact.value;
}

try {
  await main();
} catch (error) {
  const { message } = error as Error;
  process.stderr.write(`${message}\n${error instanceof UsageError ? `${USAGE}\n` : ''}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

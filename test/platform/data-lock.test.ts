import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  DataInUseError,
  dataOwner,
  lockData,
} from '../../src/platform/database/embedded/data-lock.ts';
import { processStart } from '../../src/platform/process-identity.ts';

const ADDRESS = 'http://localhost:3000';
const startedAt = processStart(process.pid)!;

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'welt-lock-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

function leave(number: number, owner: object | string): void {
  const text = typeof owner === 'string' ? owner : JSON.stringify(owner);
  writeFileSync(join(directory, `service.${number}.lock`), text);
}

function lockFiles(): readonly string[] {
  return readdirSync(directory).sort();
}

describe('lockData', () => {
  it('says whose the data is', () => {
    lockData(directory, ADDRESS);
    expect(dataOwner(directory)).toEqual({ pid: process.pid, startedAt, address: ADDRESS });
  });

  it('refuses while the owner lives', () => {
    lockData(directory, ADDRESS);
    const before = lockFiles();
    expect(() => lockData(directory, 'http://localhost:4000')).toThrow(DataInUseError);
    expect(() => lockData(directory, 'http://localhost:4000')).toThrow(
      `Welt already runs on this data: ${ADDRESS} (pid ${process.pid})`,
    );
    expect(lockFiles()).toEqual(before);
  });

  it('is free again after the release', () => {
    lockData(directory, ADDRESS)();
    expect(dataOwner(directory)).toBeUndefined();
    lockData(directory, 'http://localhost:4000');
    expect(dataOwner(directory)?.address).toBe('http://localhost:4000');
  });

  it.each([
    { name: 'of a dead process', owner: { pid: 2 ** 30, startedAt: '1', address: ADDRESS } },
    {
      name: 'of a process whose id is now another’s',
      owner: { pid: process.pid, startedAt: 'earlier', address: ADDRESS },
    },
    { name: 'that says nothing', owner: '' },
    { name: 'that makes no sense', owner: '{"pid":' },
  ])('takes over a lock $name', ({ owner }) => {
    leave(7, owner);
    lockData(directory, ADDRESS);
    expect(lockFiles()).toEqual(['service.8.lock']);
    expect(dataOwner(directory)?.pid).toBe(process.pid);
  });

  it('goes by the highest number', () => {
    leave(9, { pid: process.pid, startedAt, address: ADDRESS });
    leave(10, 'released');
    expect(dataOwner(directory)).toBeUndefined();
    leave(11, { pid: process.pid, startedAt, address: ADDRESS });
    expect(() => lockData(directory, ADDRESS)).toThrow(DataInUseError);
  });
});

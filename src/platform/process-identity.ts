import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const HAS_PROC = process.platform === 'linux';

/**
 * When a process began, in a form that is only good to compare: a process id alone says nothing, as
 * the system gives it to another process later.
 *
 * @returns undefined if no such process lives (a zombie does not)
 */
export function processStart(pid: number): string | undefined {
  try {
    if (!HAS_PROC) return ps('lstart=', pid) || undefined;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/**
 * The living processes of a PostgreSQL server on this data directory: all of them where /proc tells
 * (each works in that directory), else the one that `pidFile` names if its command line fits.
 */
export function serverProcesses(data: string, pidInFile: number | undefined): readonly number[] {
  if (HAS_PROC) {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.map(Number).filter((pid) => worksIn(pid, data) && isAlive(pid));
  }
  if (pidInFile === undefined || !isAlive(pidInFile)) return [];
  return ps('command=', pidInFile).includes(data) ? [pidInFile] : [];
}

function isAlive(pid: number): boolean {
  return processStart(pid) !== undefined;
}

function worksIn(pid: number, directory: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === directory;
  } catch {
    return false;
  }
}

function ps(column: string, pid: number): string {
  try {
    return execFileSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

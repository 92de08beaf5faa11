import type { DestinationStream } from 'pino';

import type { LoggedError } from './logged-error.ts';

const LEVELS: Readonly<Record<number, string>> = {
  10: 'TRACE',
  20: 'DEBUG',
  30: 'INFO',
  40: 'WARN',
  50: 'ERROR',
  60: 'FATAL',
};

interface Entry {
  readonly level: number;
  readonly time: number;
  readonly msg?: string;
  readonly err?: LoggedError;
  readonly [field: string]: unknown;
}

/** Turns each JSON entry into `12:31:05 INFO text field=value`, with stacks on lines of their own. */
export function readable(out: DestinationStream): DestinationStream {
  return {
    write: (line) => {
      out.write(toText(JSON.parse(line) as Entry));
    },
  };
}

function toText({ level, time, msg = '', err, ...fields }: Entry): string {
  const clock = new Date(time).toISOString().slice(11, 19);
  const rest = Object.entries(fields).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
  const head = `${clock} ${(LEVELS[level] ?? String(level)).padEnd(5)} ${msg}${rest.join('')}\n`;
  return head + causes(err);
}

function causes(err: LoggedError | undefined): string {
  if (err === undefined) return '';
  const text = (err.stack ?? err.message).replaceAll('\n', '\n    ');
  return `    ${text}\n${err.cause === undefined ? '' : `    caused by\n${causes(err.cause)}`}`;
}

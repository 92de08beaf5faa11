import { inspect } from 'node:util';

import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

/** Lets NestJS write to the log of the service. What it says of its own start is for debugging. */
export class NestLog implements LoggerService {
  constructor(private readonly out: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.out.debug(...entry(message, rest));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.out.debug(...entry(message, rest));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.out.trace(...entry(message, rest));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.out.warn(...entry(message, rest));
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.out.error(...entry(message, rest));
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.out.fatal(...entry(message, rest));
  }
}

/** NestJS passes the part that speaks as the last text, and the stack of a fault before it. */
function entry(message: unknown, rest: readonly unknown[]): [object, string] {
  const texts = rest.filter((value) => typeof value === 'string');
  const part = texts.at(-1);
  const err = [message, ...rest].find((value) => value instanceof Error);
  const stack = texts.length > 1 && err === undefined ? { stack: texts[0] } : {};
  const text = message instanceof Error ? message.message : asText(message);
  return [{ ...(part === undefined ? {} : { part }), ...(err ? { err } : {}), ...stack }, text];
}

function asText(message: unknown): string {
  return typeof message === 'string' ? message : inspect(message);
}

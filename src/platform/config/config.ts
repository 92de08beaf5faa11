import { resolve } from 'node:path';
import { z } from 'zod';

import { PROJECT_ROOT } from '../project-root.ts';

const wholeNumber = (fallback: number, min: number, max: number) =>
  z
    .string()
    .refine((text) => /^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max, {
      error: `a whole number from ${min} to ${max}`,
    })
    .transform(Number)
    .default(fallback);

const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `one of ${values.join(', ')}` });

const databaseUrl = z.string().refine(isPostgresUrl, {
  error: 'an address that begins with postgres:// or postgresql://',
});

/** Everything the environment may set. Read once at start; a bad value stops the process. */
const Environment = z
  .object({
    NODE_ENV: oneOf(['development', 'test', 'production']).default('development'),
    /** 0 lets the system choose a free one. */
    PORT: wholeNumber(3000, 0, 65_535),
    /** Only this machine by default: nothing is open to others until somebody asks for it. */
    HOST: z
      .string()
      .regex(/^[\w.:-]{1,255}$/, { error: 'a host name or address' })
      .default('127.0.0.1'),
    /** Where others reach this service, without a slash at the end. Default: HOST and PORT. */
    PUBLIC_URL: z
      .string()
      .refine(isWebAddress, { error: 'an address that begins with http:// or https://' })
      .transform((url) => url.replace(/\/+$/, ''))
      .optional(),
    /** Without it the service starts its own PostgreSQL below DATA_DIR. */
    DATABASE_URL: databaseUrl.optional(),
    /** Connections this process keeps open at most. */
    DATABASE_POOL: wholeNumber(10, 2, 200),
    /** A relative one starts at the project, not at the working directory. */
    DATA_DIR: z
      .string()
      .default('.data')
      .transform((directory) => resolve(PROJECT_ROOT, directory)),
    /** What this process does: answer requests, run the background work, or both. */
    ROLE: oneOf(['all', 'api', 'worker']).default('all'),
    /** Signs the bearer tokens. Elsewhere than in production one is made below DATA_DIR. */
    TOKEN_SECRET: z.string().min(32, { error: 'at least 32 characters' }).optional(),
    LOG_LEVEL: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default(
      'info',
    ),
    /** How long claims stay held while the customer confirms. */
    HOLD_SECONDS: wholeNumber(300, 1, 3600),
    /** How long what people were told is kept after the end of its order. Request keys go after 30 days. */
    RETENTION_DAYS: wholeNumber(400, 31, 36_500),
    /** Who may read the metrics: headquarters, or everybody who can reach the port. */
    METRICS: oneOf(['hq', 'open']).default('hq'),
    /** How long a ticket to upload a picture or a clip is good. */
    MEDIA_UPLOAD_SECONDS: wholeNumber(900, 10, 86_400),
    /** How long an address of a picture or a clip is good at least. */
    MEDIA_URL_SECONDS: wholeNumber(600, 10, 86_400),
    /** Pictures and clips are kept in this bucket; without it below DATA_DIR. */
    S3_BUCKET: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, { error: 'the name of a bucket' })
      .optional(),
    /** Where the bucket's store answers. Default: Amazon's own in S3_REGION. */
    S3_ENDPOINT: z
      .string()
      .refine(isOrigin, {
        error: 'an address that begins with http:// or https://, without a path',
      })
      .optional(),
    S3_REGION: z
      .string()
      .regex(/^[a-z0-9-]{1,40}$/, { error: 'the name of a region' })
      .default('us-east-1'),
    /** Whether the bucket stands in the path, or before the name of the host. */
    S3_ADDRESSING: oneOf(['path', 'host']).default('path'),
    S3_ACCESS_KEY_ID: z.string().optional(),
    S3_SECRET_ACCESS_KEY: z.string().optional(),
    /** Load the demo chain into an empty database. Default: yes, but not in production. */
    DEMO: oneOf(['true', 'false'])
      .transform((value) => value === 'true')
      .optional(),
  })
  .transform((env) => ({
    ...env,
    DEMO: env.DEMO ?? env.NODE_ENV !== 'production',
    PUBLIC_URL: env.PUBLIC_URL ?? `http://${hostInUrl(env.HOST)}:${env.PORT}`,
  }));

export type Config = Readonly<z.output<typeof Environment>>;

/** Injection token for the one {@link Config} of the process. */
export const CONFIG = Symbol('CONFIG');

/**
 * The settings of this process. A variable that is set but empty counts as not set.
 *
 * @throws Error that names every bad variable and says what it should be; never prints a value
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(given);
  const faults = (parsed.error?.issues ?? []).map(
    (issue) => `${issue.path.join('.')}: must be ${issue.message}`,
  );
  if (given['ROLE'] === 'worker' && given['DATABASE_URL'] === undefined) {
    faults.push('DATABASE_URL: must be set for a worker, which works on the database of others');
  }
  if (given['NODE_ENV'] === 'production' && given['TOKEN_SECRET'] === undefined) {
    faults.push('TOKEN_SECRET: must be set when NODE_ENV is production');
  }
  const keys = ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'];
  if (given['S3_BUCKET'] !== undefined) {
    for (const key of keys.filter((name) => given[name] === undefined)) {
      faults.push(`${key}: must be set when S3_BUCKET is`);
    }
  }
  if (faults.length > 0) throw new Error(`Bad environment:\n  ${faults.join('\n  ')}`);
  return Object.freeze(parsed.data as Config);
}

/** Signatures of providers cover it, so nothing may be left to guess. */
function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, search, hash, username } = new URL(text);
  return /^https?:$/.test(protocol) && search + hash + username === '';
}

function isOrigin(text: string): boolean {
  return isWebAddress(text) && new URL(text).pathname === '/';
}

const hostInUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host);

function isPostgresUrl(text: string): boolean {
  return URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol);
}

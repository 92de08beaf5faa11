import { describe, expect, it } from 'vitest';
import { join } from 'node:path';

import { readConfig } from '../../src/platform/config/config.ts';
import { PROJECT_ROOT } from '../../src/platform/project-root.ts';

const SECRET = 'a-secret-of-more-than-32-characters!';

describe('readConfig', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toEqual({
      NODE_ENV: 'development',
      PORT: 3000,
      HOST: '127.0.0.1',
      DATABASE_POOL: 10,
      DATA_DIR: join(PROJECT_ROOT, '.data'),
      ROLE: 'all',
      LOG_LEVEL: 'info',
      HOLD_SECONDS: 300,
      RETENTION_DAYS: 400,
      METRICS: 'hq',
      MEDIA_UPLOAD_SECONDS: 900,
      MEDIA_URL_SECONDS: 600,
      S3_REGION: 'us-east-1',
      S3_ADDRESSING: 'path',
      DEMO: true,
      PUBLIC_URL: 'http://127.0.0.1:3000',
    });
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readConfig({ PORT: '', TOKEN_SECRET: '', DATABASE_URL: '' })).toEqual(readConfig({}));
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen(readConfig({}))).toBe(true);
  });

  it.each([
    { name: 'PORT', value: 'eighty' },
    { name: 'PORT', value: '65536' },
    { name: 'PORT', value: '-1' },
    { name: 'PORT', value: '3e3' },
    { name: 'PORT', value: ' 80' },
    { name: 'HOST', value: 'no such host' },
    { name: 'DATABASE_URL', value: 'mysql://root@localhost/welt' },
    { name: 'DATABASE_URL', value: 'localhost:5432' },
    { name: 'DATABASE_POOL', value: '1' },
    { name: 'ROLE', value: 'everything' },
    { name: 'TOKEN_SECRET', value: 'too-short-to-be-a-secret' },
    { name: 'NODE_ENV', value: 'staging' },
    { name: 'LOG_LEVEL', value: 'loud' },
    { name: 'HOLD_SECONDS', value: '-5' },
    { name: 'HOLD_SECONDS', value: '3601' },
    { name: 'METRICS', value: 'secret' },
    { name: 'MEDIA_UPLOAD_SECONDS', value: '9' },
    { name: 'MEDIA_URL_SECONDS', value: '86401' },
    { name: 'S3_BUCKET', value: 'Not_A_Bucket' },
    { name: 'S3_ENDPOINT', value: 'https://s3.example.com/bucket' },
    { name: 'S3_ENDPOINT', value: 's3.example.com' },
    { name: 'S3_REGION', value: 'cn/east' },
    { name: 'S3_ADDRESSING', value: 'query' },
    { name: 'DEMO', value: 'maybe' },
    { name: 'PUBLIC_URL', value: 'example.com' },
    { name: 'PUBLIC_URL', value: 'ftp://example.com' },
    { name: 'PUBLIC_URL', value: 'https://example.com/?a=b' },
    { name: 'PUBLIC_URL', value: 'https://me:secret@example.com' },
  ])('refuses $name=$value by name and keeps the value to itself', ({ name, value }) => {
    const read = () => readConfig({ [name]: value });
    expect(read).toThrow(`${name}: must be `);
    expect(read).not.toThrow(value.trim());
  });

  it('names every bad variable at once', () => {
    expect(() => readConfig({ PORT: 'x', ROLE: 'y', NODE_ENV: 'production' })).toThrow(
      /PORT: .*\n.*ROLE: .*\n.*TOKEN_SECRET: /,
    );
  });

  it('wants a secret in production and loads no demo there unless told to', () => {
    const production = { NODE_ENV: 'production', TOKEN_SECRET: SECRET };
    expect(readConfig(production).DEMO).toBe(false);
    expect(readConfig({ ...production, DEMO: 'true' }).DEMO).toBe(true);
    expect(() => readConfig({ NODE_ENV: 'production' })).toThrow('TOKEN_SECRET');
  });

  it('wants both keys of a bucket', () => {
    const bucket = { S3_BUCKET: 'shoes', S3_ACCESS_KEY_ID: 'id' };
    expect(() => readConfig(bucket)).toThrow('S3_SECRET_ACCESS_KEY: must be set when S3_BUCKET is');
    expect(readConfig({ ...bucket, S3_SECRET_ACCESS_KEY: 'key' }).S3_BUCKET).toBe('shoes');
    expect(() => readConfig({ S3_ACCESS_KEY_ID: 'id' })).not.toThrow();
  });

  it.each([
    { env: { PUBLIC_URL: 'https://welt.example.com/api/' }, url: 'https://welt.example.com/api' },
    { env: { PORT: '8080' }, url: 'http://127.0.0.1:8080' },
    { env: { HOST: '::1', PORT: '80' }, url: 'http://[::1]:80' },
  ])('is reached by others at $url', ({ env, url }) => {
    expect(readConfig(env).PUBLIC_URL).toBe(url);
  });

  it('does not depend on the working directory', () => {
    expect(readConfig({ DATA_DIR: 'elsewhere' }).DATA_DIR).toBe(join(PROJECT_ROOT, 'elsewhere'));
    expect(readConfig({ DATA_DIR: '/srv/welt' }).DATA_DIR).toBe('/srv/welt');
  });
});

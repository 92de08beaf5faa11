import { expect, it } from 'vitest';

import { createLogger } from '../../src/platform/logging/logger.ts';

/** What the log writes of `err`. */
function written(err: unknown, mode: 'production' | 'development'): string {
  const lines: string[] = [];
  const out = { write: (line: string) => void lines.push(line) };
  createLogger({ LOG_LEVEL: 'info', NODE_ENV: mode }, out).error({ err }, 'it failed');
  return lines.join('');
}

it.each(['production', 'development'] as const)(
  'writes stack and causes of a fault, and no parameters: %s',
  (mode) => {
    const cause = Object.assign(new Error('duplicate key'), {
      code: '23505',
      detail: 'Key (value)=(+8613800138000) already exists.',
    });
    const fault = Object.assign(new Error('insert failed', { cause }), {
      parameters: ['+8613800138000'],
    });
    const text = written(fault, mode);
    expect(text).toContain('it failed');
    expect(text).toContain('insert failed');
    expect(text).toContain('duplicate key');
    expect(text).toContain('logger.test');
    expect(text).not.toContain('13800138000');
  },
);

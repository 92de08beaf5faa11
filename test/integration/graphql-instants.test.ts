import { describe, expect, it } from 'vitest';
import fc from 'fast-check';

import { parseInstant } from '../../src/platform/graphql/instant.ts';
import { writeInstant } from '../../src/platform/graphql/instant-text.ts';

describe('an instant is read', () => {
  it.each([
    { text: '2026-03-01T10:30:00+08:00', utc: '2026-03-01T02:30:00.000Z' },
    { text: '2026-03-01T02:30:00Z', utc: '2026-03-01T02:30:00.000Z' },
    { text: '2026-03-01t02:30:00z', utc: '2026-03-01T02:30:00.000Z' },
    { text: '2026-03-01T02:30:00.5Z', utc: '2026-03-01T02:30:00.500Z' },
    { text: '2026-03-01T02:30:00.123999Z', utc: '2026-03-01T02:30:00.123Z' },
    { text: '2026-02-28T21:00:00-05:30', utc: '2026-03-01T02:30:00.000Z' },
    { text: '2026-03-01T02:30:00-00:00', utc: '2026-03-01T02:30:00.000Z' },
    { text: '2024-02-29T00:00:00Z', utc: '2024-02-29T00:00:00.000Z' },
    { text: '2016-12-31T23:59:60Z', utc: '2017-01-01T00:00:00.000Z' },
    { text: '2017-01-01T07:59:60+08:00', utc: '2017-01-01T00:00:00.000Z' },
    { text: '0050-01-01T00:00:00Z', utc: '0050-01-01T00:00:00.000Z' },
  ])('$text', ({ text, utc }) => {
    expect(parseInstant(text)).toBe(Date.parse(utc));
  });

  it.each([
    '',
    'yesterday',
    '2026-03-01',
    '2026-03-01T02:30:00',
    '2026-03-01T02:30Z',
    '2026-03-01 02:30:00Z',
    ' 2026-03-01T02:30:00Z',
    '2026-03-01T02:30:00Z\n',
    '2026-3-1T02:30:00Z',
    '2026-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-03-01T24:00:00Z',
    '2026-03-01T02:60:00Z',
    '2026-03-01T02:30:60Z',
    '2026-03-01T02:30:61Z',
    '2026-03-01T02:30:00+24:00',
    '2026-03-01T02:30:00+08:60',
    '2026-03-01T02:30:00+0800',
    '2026-03-01T02:30:00.Z',
    '+002026-03-01T02:30:00Z',
    '1772332200000',
  ])('but not "%s"', (text) => {
    expect(parseInstant(text)).toBeNull();
  });
});

describe('an instant is written', () => {
  it('in UTC, and read back as itself', () => {
    fc.assert(
      fc.property(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }), (instant) => {
        const text = writeInstant(instant);
        expect(text).toBe(new Date(instant).toISOString());
        expect(writeInstant(new Date(instant))).toBe(text);
        expect(parseInstant(text)).toBe(instant);
      }),
    );
  });

  it('rightly still when many others were written in between', () => {
    const texts = Array.from({ length: 30_000 }, (_, index) => writeInstant(index * 60_000));
    expect(texts[20_000]).toBe(new Date(20_000 * 60_000).toISOString());
    expect(writeInstant(0)).toBe('1970-01-01T00:00:00.000Z');
  });

  it.each([Number.NaN, Infinity, 8.64e15 + 1, '2026-03-01T02:30:00Z', null, {}, new Date('x')])(
    'but not %p',
    (value) => {
      expect(() => writeInstant(value)).toThrow();
    },
  );
});

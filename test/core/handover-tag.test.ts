import { describe, expect, it } from 'vitest';
import fc from 'fast-check';

import { code128 } from '../../src/core/handovers/code-128.ts';
import { readTag, TAG_FREE_LETTERS, TAG_LETTERS, tagOf } from '../../src/core/handovers/tag.ts';

const ALPHABET = '2346789ACFHJKMRTWXY';

const anyTag = fc
  .array(fc.integer({ min: 0, max: TAG_LETTERS - 1 }), {
    minLength: TAG_FREE_LETTERS,
    maxLength: TAG_FREE_LETTERS,
  })
  .map(tagOf);

describe('tags', () => {
  it('have three groups of three letters that are told apart', () => {
    fc.assert(
      fc.property(anyTag, (tag) => {
        expect(tag).toMatch(/^[2346789ACFHJKMRTWXY]{3}(-[2346789ACFHJKMRTWXY]{3}){2}$/);
        expect(readTag(tag)).toBe(tag);
        expect(readTag(` ${tag.toLowerCase().replaceAll('-', ' ')}`)).toBe(tag);
      }),
    );
  });

  it('are all refused with one wrong letter, and with two that changed places', () => {
    fc.assert(
      fc.property(anyTag, fc.nat(8), fc.nat(8), fc.nat(17), (tag, at, other, shift) => {
        const letters = Array.from(tag.replaceAll('-', ''));
        const wrong = [...letters];
        wrong[at] = ALPHABET[(ALPHABET.indexOf(letters[at]!) + 1 + shift) % TAG_LETTERS]!;
        expect(readTag(wrong.join(''))).toBeNull();
        const swapped = [...letters];
        [swapped[at], swapped[other]] = [letters[other]!, letters[at]!];
        const isSame = letters[at] === letters[other];
        expect(readTag(swapped.join(''))).toBe(isSame ? tag : null);
      }),
    );
  });

  it.each(['', '222', '222-222-2222', 'B22-222-222', '２２２-222-222'])('refuse %s', (text) => {
    expect(readTag(text)).toBeNull();
  });
});

describe('code128', () => {
  const symbolsOf = (text: string): string[] => {
    const bars = code128(text);
    return Array.from({ length: (bars.length - 7) / 6 }, (_, at) =>
      bars.slice(at * 6, at * 6 + 6).join(''),
    );
  };
  const printable = Array.from({ length: 95 }, (_, at) => String.fromCharCode(at + 32)).join('');

  it('has symbols of eleven modules, an even number of them bars, no two the same', () => {
    const symbols = symbolsOf(printable);
    for (const symbol of symbols) {
      const widths = Array.from(symbol, Number);
      expect(widths.reduce((sum, width) => sum + width, 0)).toBe(11);
      expect((widths[0]! + widths[2]! + widths[4]!) % 2).toBe(0);
    }
    expect(new Set(symbols.slice(0, -1)).size).toBe(96);
  });

  it('writes the example of the symbology: Wikipedia with the check 88', () => {
    const symbols = symbolsOf('Wikipedia');
    expect(symbols[0]).toBe('211214');
    expect(symbols[1]).toBe('311321');
    expect(symbols.at(-1)).toBe('421211');
    expect(code128('Wikipedia').slice(-7).join('')).toBe('2331112');
  });

  it('refuses what it has no symbol for', () => {
    for (const text of ['ä', '鞋', '\n', '😀']) expect(() => code128(text)).toThrow(RangeError);
  });
});

const GRAPHEMES = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** How much of a limit a piece of text takes. */
export type TextMeasure = (text: string) => number;

export const utf16Units: TextMeasure = (text) => text.length;
export const codePoints: TextMeasure = (text) => Array.from(text).length;
export const utf8Bytes: TextMeasure = (text) => Buffer.byteLength(text);

/**
 * `text` if it fits, else its beginning and `…`. Never cuts what a reader takes for one character.
 *
 * @param most in what `measure` counts; 0 or more
 */
export function fitText(text: string, most: number, measure: TextMeasure = utf16Units): string {
  if (measure(text) <= most) return text;
  const mark = '…';
  let left = most - measure(mark);
  let fitted = '';
  for (const { segment } of GRAPHEMES.segment(text)) {
    left -= measure(segment);
    if (left < 0) break;
    fitted += segment;
  }
  return most >= measure(mark) ? fitted + mark : fitted;
}

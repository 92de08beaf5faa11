import type { MessageContent } from './channel.ts';
import { fitText, utf16Units, type TextMeasure } from './fit-text.ts';

const BETWEEN = '\n\n';

/**
 * The title, the text and the link, parted by empty lines, for channels that know nothing but text. A
 * link that the text has already is not said again. What is too long loses the end of its text.
 *
 * @param most in what `measure` counts
 */
export function asParagraphs(
  { title, text, link }: Pick<MessageContent, 'title' | 'text' | 'link'>,
  most = Infinity,
  measure: TextMeasure = utf16Units,
): string {
  const before = title === '' ? '' : title + BETWEEN;
  const after = link === null || text.includes(link) ? '' : BETWEEN + link;
  const left = most - measure(before) - measure(after);
  return left > 0
    ? before + fitText(text, left, measure) + after
    : fitText(before + text, most, measure);
}

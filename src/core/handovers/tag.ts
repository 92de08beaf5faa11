/**
 * Letters and digits that are told apart when seen and when read aloud, as in ticket codes. There are 19,
 * a prime, so that one check letter finds every wrong letter and every two that changed places.
 */
const ALPHABET = '2346789ACFHJKMRTWXY';
const GROUP = 3;

/** Letters of a tag that are free to choose; the last one follows from them. */
export const TAG_FREE_LETTERS = 8;
/** How many letters there are to choose from. */
export const TAG_LETTERS = ALPHABET.length;

/**
 * The tag with these letters, for example `4XW-K7R-MY2`.
 *
 * @param letters {@link TAG_FREE_LETTERS} numbers from 0 to {@link TAG_LETTERS} - 1
 */
export function tagOf(letters: readonly number[]): string {
  const rest = weighted(letters) % TAG_LETTERS;
  const all = [...letters, (TAG_LETTERS - rest) % TAG_LETTERS].map((letter) => ALPHABET[letter]!);
  const groups = [0, GROUP, 2 * GROUP].map((at) => all.slice(at, at + GROUP).join(''));
  return groups.join('-');
}

/** The tag that `text` means, however it was typed or scanned; null: it cannot be one. */
export function readTag(text: string): string | null {
  const letters = Array.from(text.toUpperCase()).filter((letter) => !/[\s-]/.test(letter));
  const numbers = letters.map((letter) => ALPHABET.indexOf(letter));
  if (numbers.length !== TAG_FREE_LETTERS + 1 || numbers.includes(-1)) return null;
  const tag = tagOf(numbers.slice(0, -1));
  return tag.endsWith(letters.at(-1)!) ? tag : null;
}

/** The weights are 2 to 9; that of the check letter is 1. */
const weighted = (letters: readonly number[]): number =>
  letters.reduce((sum, letter, at) => sum + letter * (at + 2), 0);

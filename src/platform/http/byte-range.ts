/** Both ends included, as HTTP counts. */
export interface AskedRange {
  readonly first: number;
  readonly last: number;
}

/**
 * What part of a file of `bytes` a Range header asks for. Several parts at once, and what is not understood,
 * are answered with the whole.
 *
 * Source: RFC 9110 section 14.
 *
 * @returns null: the whole; `none`: nothing that there is
 */
export function rangeAsked(header: string | undefined, bytes: number): AskedRange | 'none' | null {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (from === '' && to === '') return null;
  if (from === '') {
    const length = Math.min(Number(to), bytes);
    return length === 0 ? 'none' : { first: bytes - length, last: bytes - 1 };
  }
  const first = Number(from);
  const last = to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  if (to !== '' && Number(to) < first) return null;
  return first >= bytes ? 'none' : { first, last };
}

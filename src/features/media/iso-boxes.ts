import type { ByteFile } from './byte-file.ts';
import { demand } from './refusals.ts';

/** A box of an ISO base media file, by where it lies in the file. */
export interface Box {
  /** Four characters, each a byte. */
  readonly type: string;
  readonly at: number;
  /** Where what it holds begins. */
  readonly body: number;
  readonly end: number;
}

const MOST_BOXES = 100_000;

/** Counts what is looked through, so that no file can keep the service busy. */
export class BoxBudget {
  private left = MOST_BOXES;

  spend(): void {
    this.left -= 1;
    demand(this.left >= 0, 'TOO_COMPLEX');
  }
}

/**
 * The boxes that fill `from` to `end` one after the other.
 *
 * Source: ISO/IEC 14496-12 section 4.2.
 *
 * @param isWholeFile a box may then say that it goes on to the end
 * @throws Unacceptable while it is iterated
 */
export async function* boxesIn(
  file: ByteFile,
  { from, end, isWholeFile }: { from: number; end: number; isWholeFile: boolean },
  budget: BoxBudget,
): AsyncGenerator<Box> {
  const tooLong = isWholeFile ? 'TRUNCATED' : 'MALFORMED';
  for (let at = from; at < end;) {
    budget.spend();
    demand(at + 8 <= end, tooLong);
    const head = await file.read(at, 8);
    const type = head.toString('latin1', 4, 8);
    const size = head.readUInt32BE(0);
    let bytes = size;
    let body = at + 8;
    if (size === 1) {
      demand(at + 16 <= end, tooLong);
      bytes = Number((await file.read(at + 8, 8)).readBigUInt64BE(0));
      body = at + 16;
    } else if (size === 0) {
      demand(isWholeFile, 'MALFORMED');
      bytes = end - at;
    }
    demand(bytes >= body - at, 'MALFORMED');
    demand(at + bytes <= end, tooLong);
    yield { type, at, body, end: at + bytes };
    at += bytes;
  }
}

import type { ByteFile } from './byte-file.ts';
import { BoxBudget, boxesIn } from './iso-boxes.ts';
import { demand } from './refusals.ts';

const TOP_LEVEL = new Set(['ftyp', 'meta', 'mdat', 'moov', 'free', 'skip', 'idat', 'uuid', 'sidx']);

/** Whether the boxes of an AVIF fill the file, and nothing else does. @throws Unacceptable */
export async function checkAvif(file: ByteFile): Promise<void> {
  const seen = new Set<string>();
  const whole = { from: 0, end: file.size, isWholeFile: true };
  for await (const { type } of boxesIn(file, whole, new BoxBudget())) {
    demand(TOP_LEVEL.has(type), 'TRAILING_DATA');
    seen.add(type);
  }
  demand(seen.has('meta'), 'MALFORMED');
}

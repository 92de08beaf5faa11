import type { ByteFile } from './byte-file.ts';
import { demand } from './refusals.ts';

/** An element of an EBML file, by where it lies in the file. */
export interface Element {
  readonly id: number;
  readonly at: number;
  /** Where what it holds begins. */
  readonly body: number;
  /** Null: it goes on until something follows that it cannot hold. */
  readonly end: number | null;
}

const MOST_ELEMENTS = 1_000_000;

export class ElementReader {
  private left = MOST_ELEMENTS;

  constructor(readonly file: ByteFile) {}

  /**
   * The element that begins at `at` and is over by `limit`.
   *
   * Source: RFC 8794 sections 4 to 6.
   *
   * @throws Unacceptable
   */
  async elementAt(at: number, limit: number): Promise<Element> {
    this.left -= 1;
    demand(this.left >= 0, 'TOO_COMPLEX');
    const tooLong = limit === this.file.size ? 'TRUNCATED' : 'MALFORMED';
    demand(at + 2 <= limit, tooLong);
    const head = await this.file.read(at, Math.min(12, limit - at));
    const idBytes = lengthOf(head[0]!);
    demand(idBytes <= 4, 'MALFORMED');
    demand(idBytes < head.length, tooLong);
    const sizeBytes = lengthOf(head[idBytes]!);
    demand(sizeBytes <= 8, 'MALFORMED');
    demand(idBytes + sizeBytes <= head.length, tooLong);
    const body = at + idBytes + sizeBytes;
    const size = sizeIn(head.subarray(idBytes, idBytes + sizeBytes));
    demand(size === null || body + size <= limit, tooLong);
    const end = size === null ? null : body + size;
    return { id: head.readUIntBE(0, idBytes), at, body, end };
  }

  /** The elements that fill `from` to `end` one after the other, each with an end of its own. */
  async *within(from: number, end: number): AsyncGenerator<Element & { readonly end: number }> {
    for (let at = from; at < end;) {
      const element = await this.elementAt(at, end);
      demand(element.end !== null, 'MALFORMED');
      yield { ...element, end: element.end };
      at = element.end;
    }
  }

  async number({ body, end }: Element & { readonly end: number }): Promise<number> {
    demand(end - body >= 1 && end - body <= 6, 'MALFORMED');
    return (await this.file.read(body, end - body)).readUIntBE(0, end - body);
  }

  async text({ body, end }: Element & { readonly end: number }): Promise<string> {
    demand(end - body <= 64, 'MALFORMED');
    return (await this.file.read(body, end - body)).toString('latin1').replace(/\0+$/, '');
  }
}

/** How many bytes a number has whose first byte this is; 9: none begins so. */
const lengthOf = (first: number): number => Math.clz32(first) - 23;

/** Null: all bits are set, which says that the size is not known. */
function sizeIn(bytes: Buffer): number | null {
  const marker = 2 ** (8 - bytes.length);
  const first = bytes[0]! - marker;
  let size = first;
  let isUnknown = first === marker - 1;
  for (const byte of bytes.subarray(1)) {
    size = size * 256 + byte;
    isUnknown &&= byte === 0xff;
  }
  return isUnknown ? null : size;
}

import { inflateSync } from 'node:zlib';

import { code128 } from '../../src/core/handovers/code-128.ts';

/** What a page of a PDF draws; of what pdfkit writes, not of all that PDF can be. */
export interface PdfPage {
  readonly widthMm: number;
  readonly heightMm: number;
  /** Operators of its content. */
  readonly content: string;
}

const MM_PER_POINT = 25.4 / 72;

/** The pages in their order. @throws Error if the file does not hold together */
export function pagesIn(file: Buffer): readonly PdfPage[] {
  const text = file.toString('latin1');
  if (!text.startsWith('%PDF-') || !text.trimEnd().endsWith('%%EOF')) throw new Error('no PDF');
  const objects = objectsIn(file, text);
  const [, kids = ''] = /\/Type \/Pages[\s\S]*?\/Kids \[([^\]]*)\]/.exec(text) ?? [];
  return [...kids.matchAll(/(\d+) 0 R/g)].map(([, id]) => {
    const page = objects.get(Number(id))!.dictionary;
    const [, width, height] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(page)!;
    const contents = Number(/\/Contents (\d+) 0 R/.exec(page)![1]);
    const { stream } = objects.get(contents)!;
    return {
      widthMm: Number(width) * MM_PER_POINT,
      heightMm: Number(height) * MM_PER_POINT,
      content: stream,
    };
  });
}

/** All that is written on a page, a line for each text. */
export function textIn({ content }: PdfPage): string {
  return [...content.matchAll(/\[((?:<[0-9a-f]*>|[\s\d.-])*)\] TJ/g)]
    .map(([, parts]) =>
      [...parts!.matchAll(/<([0-9a-f]*)>/g)]
        .map(([, hex]) => Buffer.from(hex!, 'hex').toString('latin1'))
        .join(''),
    )
    .join('\n');
}

/** Widths of bars and spaces of the bar code, in modules. */
export function barsIn({ content }: PdfPage): readonly number[] {
  const rectangles = [...content.matchAll(/([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re/g)].map(
    ([, x, , width]) => ({ x: Number(x), width: Number(width) }),
  );
  const module = Math.min(...rectangles.map(({ width }) => width));
  return rectangles.flatMap(({ x, width }, at) => {
    const next = rectangles[at + 1];
    const bar = Math.round(width / module);
    return next === undefined ? [bar] : [bar, Math.round((next.x - x - width) / module)];
  });
}

/** The text in bars of Code 128 B. @throws Error if a symbol or the check is wrong */
export function decodeCode128(bars: readonly number[]): string {
  const symbols: string[] = [];
  for (let at = 0; at < bars.length - 7; at += 6) symbols.push(bars.slice(at, at + 6).join(''));
  const text = symbols
    .slice(1, -1)
    .map((symbol) => String.fromCharCode(SYMBOLS.indexOf(symbol) + FIRST))
    .join('');
  if (code128(text).join('') !== bars.join('')) throw new Error(`no Code 128: ${bars.join('')}`);
  return text;
}

const FIRST = 32;

/** Of the printable characters, as one text of all of them has them. */
const SYMBOLS = ((): readonly string[] => {
  const printable = Array.from({ length: 95 }, (_, value) => String.fromCharCode(value + FIRST));
  const bars = code128(printable.join(''));
  return printable.map((_, at) => bars.slice((at + 1) * 6, (at + 2) * 6).join(''));
})();

interface PdfObject {
  readonly dictionary: string;
  /** Inflated; empty: it has none. */
  readonly stream: string;
}

function objectsIn(file: Buffer, text: string): ReadonlyMap<number, PdfObject> {
  const objects = new Map<number, PdfObject>();
  for (const match of text.matchAll(/(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) {
    const [, id = '', body = ''] = match;
    const at = body.indexOf('stream\n');
    if (at < 0) {
      objects.set(Number(id), { dictionary: body, stream: '' });
      continue;
    }
    const dictionary = body.slice(0, at);
    const length = Number(/\/Length (\d+)/.exec(dictionary)![1]);
    const start = match.index + match[0].indexOf('stream\n') + 'stream\n'.length;
    const bytes = file.subarray(start, start + length);
    const isPacked = dictionary.includes('/FlateDecode');
    const stream = (isPacked ? inflateSync(bytes) : bytes).toString('latin1');
    objects.set(Number(id), { dictionary, stream });
  }
  return objects;
}

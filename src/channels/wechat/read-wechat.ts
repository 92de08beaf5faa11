import { XMLParser } from 'fast-xml-parser';
import type { z } from 'zod';

/** What no notice comes near. */
const MOST_CHARS = 256 * 1024;
const DOCUMENT_TYPE = /^\s*(<\?xml[^>]*\?>)?\s*<!DOCTYPE/i;
const WHOLE_XML = /^<xml>[\s\S]*<\/xml>$/;
/** A string, or a whole number with more digits than a number holds exactly. */
const STRING_OR_LONG_NUMBER = /"(?:[^"\\]|\\.)*"?|-?\d{16,}(?![\d.eE])/g;

const parser = new XMLParser({
  processEntities: false,
  parseTagValue: false,
  ignoreAttributes: true,
  isArray: (name) => name === 'List',
});

/** Reads a notice in XML or in JSON; values of XML are text, long numbers of JSON too. */
export function readNotice<T>(text: string, shape: z.ZodType<T>): T | undefined {
  if (text.length > MOST_CHARS) return undefined;
  try {
    const notice = text.trimStart().startsWith('<') ? fromXml(text.trim()) : fromJson(text);
    return shape.safeParse(notice).data;
  } catch {
    return undefined;
  }
}

/** Reads an answer of the API; whole numbers too long for a number are text. */
export function readExactJson<T>(text: string, shape: z.ZodType<T>): T | undefined {
  try {
    return shape.safeParse(fromJson(text)).data;
  } catch {
    return undefined;
  }
}

function fromXml(text: string): unknown {
  if (DOCUMENT_TYPE.test(text) || !WHOLE_XML.test(text)) return undefined;
  return (parser.parse(text) as { xml?: unknown }).xml;
}

const fromJson = (text: string): unknown =>
  JSON.parse(
    text.replace(STRING_OR_LONG_NUMBER, (part) => (part.startsWith('"') ? part : `"${part}"`)),
  );

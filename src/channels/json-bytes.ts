/** What a piece of text takes inside a string of JSON in UTF-8; a measure for `fitText`. */
export const jsonBytes = (text: string): number => Buffer.byteLength(JSON.stringify(text)) - 2;

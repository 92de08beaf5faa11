import { LABEL_HEIGHT_MM, LABEL_WIDTH_MM, type TagLabel } from './tag-label.ts';

/** 203 dots an inch. */
const DOTS_PER_MM = 8;
const MOST_DESCRIPTION = 22;

/**
 * One label after the other in ZPL II, UTF-8. What a person typed goes into fields in hexadecimal form where
 * it could be read as a command.
 */
export const zplLabels = (labels: readonly TagLabel[]): string => labels.map(zplLabel).join('');

function zplLabel(label: TagLabel): string {
  const { tag, number, pairs, ticketCode, storeCode, pickUpStoreCode, date } = label;
  const description = Array.from(label.description).slice(0, MOST_DESCRIPTION).join('');
  return [
    '^XA',
    '^CI28',
    `^PW${LABEL_WIDTH_MM * DOTS_PER_MM}`,
    `^LL${LABEL_HEIGHT_MM * DOTS_PER_MM}`,
    text(24, 12, 26, `${storeCode} > ${pickUpStoreCode}  ${date}`),
    `^FO40,44^BY2^BCN,80,N,N,N${field(tag)}`,
    text(40, 134, 40, tag),
    text(24, 178, 24, description),
    text(24, 208, 24, `${number}/${pairs}  ${ticketCode}  ${label.serviceCodes.join(' ')}`),
    '^XZ',
    '',
  ].join('\n');
}

const text = (x: number, y: number, height: number, what: string): string =>
  `^FO${x},${y}^A0N,${height},${height}${field(what)}`;

const field = (what: string): string => `^FH_^FD${what.replace(/[\^~_\p{Cc}]/gu, hexadecimal)}^FS`;

const hexadecimal = (character: string): string =>
  `_${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

import PDFDocument from 'pdfkit';

import { code128 } from '../../core/handovers/code-128.ts';
import { LABEL_HEIGHT_MM, LABEL_WIDTH_MM, type TagLabel } from './tag-label.ts';

const POINTS_PER_MM = 72 / 25.4;
const WIDTH = LABEL_WIDTH_MM * POINTS_PER_MM;
const HEIGHT = LABEL_HEIGHT_MM * POINTS_PER_MM;
/** Of a bar, in points. */
const MODULE = 0.8;
const MARGIN = 8;
const BAR_TOP = 18;
const BAR_HEIGHT = 26;
/** The fonts that every reader has know these alone. */
const NOT_LATIN = /[^\x20-\x7e]/g;

/**
 * A page for each label. Of what a customer calls a pair only Latin letters are printed: no font for the
 * others is embedded, and tag, ticket and services say which pair it is.
 */
export function pdfLabels(labels: readonly TagLabel[]): Promise<Buffer> {
  const document = new PDFDocument({ size: [WIDTH, HEIGHT], margin: 0, autoFirstPage: false });
  document.info.Title = 'Tags';
  const chunks: Buffer[] = [];
  const whole = new Promise<Buffer>((resolve, reject) => {
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', () => {
      resolve(Buffer.concat(chunks));
    });
    document.on('error', reject);
  });
  for (const label of labels) drawLabel(document, label);
  document.end();
  return whole;
}

function drawLabel(document: PDFKit.PDFDocument, label: TagLabel): void {
  document.addPage();
  const { tag, number, pairs, ticketCode, storeCode, pickUpStoreCode, date } = label;
  line(document, 6, 8, `${storeCode} > ${pickUpStoreCode}  ${date}`);
  drawBars(document, tag);
  line(document, 47, 13, tag, 'Helvetica-Bold');
  line(document, 62, 7, label.description.replace(NOT_LATIN, '').trim());
  line(document, 72, 7, `${number}/${pairs}  ${ticketCode}  ${label.serviceCodes.join(' ')}`);
}

function line(
  document: PDFKit.PDFDocument,
  top: number,
  size: number,
  text: string,
  font = 'Helvetica',
): void {
  const at = { lineBreak: false, width: WIDTH - 2 * MARGIN, height: size };
  document.font(font).fontSize(size).text(text.replace(NOT_LATIN, ''), MARGIN, top, at);
}

/** The quiet zones are the margins. */
function drawBars(document: PDFKit.PDFDocument, tag: string): void {
  let at = MARGIN;
  for (const [index, modules] of code128(tag).entries()) {
    const width = modules * MODULE;
    if (index % 2 === 0) document.rect(at, BAR_TOP, width, BAR_HEIGHT);
    at += width;
  }
  document.fill('black');
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readTag } from '../../src/core/handovers/tag.ts';
import { receiveWalkIn, type CounterAnswer } from '../support/handovers.ts';
import { barsIn, decodeCode128, pagesIn, textIn } from '../support/pdf-reader.ts';
import { startService, type TestService } from '../support/service.ts';
import { at, workedNetwork } from '../support/worked-network.ts';

interface Labels {
  readonly mediaType: string;
  readonly content: string;
}

let service: TestService;
let received: CounterAnswer;
beforeAll(async () => {
  service = await startService({ network: workedNetwork(), now: at('Mon 10:35') });
  received = await receiveWalkIn(service, {
    items: [
      { description: '小白鞋 ^XZ~_ Air', serviceCodes: ['basic-clean', 'resole'], pairs: 2 },
      { description: 'Boots', serviceCodes: ['basic-clean'] },
    ],
  });
});
afterAll(() => service.stop());

async function labels(format: 'ZPL' | 'PDF', token = service.tokens.hq): Promise<Labels | null> {
  const query = `query ($id: ID!, $format: LabelFormat!) {
    tagLabels(orderId: $id, format: $format) { mediaType content } }`;
  const variables = { id: received.order.id, format };
  return (await service.data<{ tagLabels: Labels | null }>(query, variables, token)).tagLabels;
}

describe('tagLabels', () => {
  it('writes a label for each pair in ZPL, whatever the customer calls it', async () => {
    const { mediaType, content } = (await labels('ZPL'))!;
    expect(mediaType).toBe('application/zpl; charset=utf-8');
    const { ticketCode } = received.order;
    const [first] = received.pairs;
    const all = content.split('^XA\n').slice(1);
    expect(all).toHaveLength(3);
    expect(all[0]).toBe(
      [
        '^CI28',
        '^PW400',
        '^LL240',
        '^FO24,12^A0N,26,26^FH_^FDA > B  2030-09-05^FS',
        `^FO40,44^BY2^BCN,80,N,N,N^FH_^FD${first!.tag}^FS`,
        `^FO40,134^A0N,40,40^FH_^FD${first!.tag}^FS`,
        '^FO24,178^A0N,24,24^FH_^FD小白鞋 _5EXZ_7E_5F Air^FS',
        `^FO24,208^A0N,24,24^FH_^FD1/3  ${ticketCode}  basic-clean resole^FS`,
        '^XZ',
        '',
      ].join('\n'),
    );
    expect(content.match(/\^XZ/g)).toHaveLength(3);
  });

  it('draws a page for each pair in PDF, with bars that read as its tag', async () => {
    const { mediaType, content } = (await labels('PDF'))!;
    expect(mediaType).toBe('application/pdf');
    const pages = pagesIn(Buffer.from(content, 'base64'));
    expect(pages).toHaveLength(3);
    for (const [at_, page] of pages.entries()) {
      const { tag, number } = received.pairs[at_]!;
      expect(page.widthMm).toBeCloseTo(50, 1);
      expect(page.heightMm).toBeCloseTo(30, 1);
      expect(decodeCode128(barsIn(page))).toBe(tag);
      expect(readTag(tag)).toBe(tag);
      const text = textIn(page);
      expect(text).toContain(tag);
      expect(text).toContain(`${number}/3  ${received.order.ticketCode}`);
      expect(text).toContain('A > B  2030-09-05');
    }
    expect(textIn(pages[0]!)).toContain('^XZ~_ Air');
  });

  it('shows labels to those who may see the order', async () => {
    expect(await labels('ZPL', service.tokens.staff('B'))).not.toBeNull();
    expect(await labels('ZPL', service.tokens.staff('C'))).toBeNull();
    await expect(labels('ZPL', service.tokens.customer('a@example.com'))).rejects.toThrow(
      'FORBIDDEN',
    );
  });
});

import type { Network } from '../../core/network/network.ts';
import { pairsOf, type OrderItem } from '../../core/orders/order.ts';
import type { OrderStatus } from '../../core/orders/states.ts';
import type { StageWords } from './language.ts';
import type { Phrasebook } from './phrasebook.ts';

type Services = Network['services'];

/** More sorts of care than this are said as `care`. */
const MOST_SORTS_OF_CARE = 2;

/** One line, whatever a person typed. */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** `AJ1`, `AJ1 (2 pairs)`, `AJ1 and 2 more pairs`. */
export function itemsInWords(items: readonly OrderItem[], book: Phrasebook): string {
  const first = items[0]!;
  const item = itemInWords(first, book);
  if (items.length === 1) return item;
  const all = pairsOf(items);
  return book.phrase('several', { first: item, more: all - first.pairs, all });
}

/** A line for each item, with its care. */
export function itemLines(
  items: readonly OrderItem[],
  services: Services,
  book: Phrasebook,
): string {
  return items
    .map((item) => {
      const care = careOf([item], services, book);
      return book.phrase('line', { item: itemInWords(item, book), care: book.list(care) });
    })
    .join('\n');
}

/** What is done with the goods: all of it, if it is the same for all. */
export function careInWords(
  items: readonly OrderItem[],
  services: Services,
  book: Phrasebook,
): StageWords {
  const care = careOf(items, services, book);
  const isSame = items.every(
    (item) => careOf([item], services, book).join('\n') === care.join('\n'),
  );
  if (!isSame || care.length > MOST_SORTS_OF_CARE) return book.language.anyCare;
  return careWords(book.list(care), book);
}

/** @param code of a service or skill, or a status of an order; anything else is "care" */
export function stageInWords(code: string, services: Services, book: Phrasebook): StageWords {
  const { stages, anyCare } = book.language;
  if (Object.hasOwn(stages, code)) return stages[code as OrderStatus];
  const care = careByCode(code, services, book);
  return care === null ? anyCare : careWords(care, book);
}

const careWords = (care: string, book: Phrasebook): StageWords => ({
  name: care,
  now: book.phrase('inCare', { care }),
});

function itemInWords({ description, pairs }: OrderItem, book: Phrasebook): string {
  return book.phrase('item', { name: oneLine(description), pairs });
}

function careOf(
  items: readonly OrderItem[],
  services: Services,
  book: Phrasebook,
): readonly string[] {
  const codes = items.flatMap(({ serviceCodes }) => serviceCodes);
  const words = codes.map((code) => careByCode(code, services, book) ?? book.language.anyCare.name);
  return words.length === 0 ? [book.language.anyCare.name] : [...new Set(words)];
}

function careByCode(code: string, services: Services, book: Phrasebook): string | null {
  const { care } = book.language;
  if (Object.hasOwn(care, code)) return care[code]!;
  const service = services.get(code);
  return service === undefined ? null : book.half(service.name);
}

import type { MessageContent } from '../../channels/channel.ts';
import { phrasebookOf, wordingFor } from '../templates/index.ts';
import type { BoardArrival, BoardGoods, BoardVisit, DayBoard } from './board.ts';

/** What sheets are to channels; approved templates would be bound to it. */
const KIND = 'store.daySheet';
/** Lines of each part; a robot takes some 19,000 bytes in all. */
const MOST_VISITS = 150;
const MOST_OTHERS = 40;

type Kind = BoardVisit['kind'];

/** The words of day sheets in one language. Numbers are whole and not below 0. */
interface SheetWords {
  readonly title: (store: string, date: string) => string;
  readonly booked: (dropOffs: number, pairs: number, pickUps: number) => string;
  readonly nobody: string;
  readonly notReady: (pickUps: number) => string;
  readonly visit: (time: string, kind: Kind, ticket: string, pairs: number) => string;
  readonly late: string;
  readonly visits: string;
  readonly vans: (vans: number, pairs: number) => string;
  readonly noVans: string;
  readonly van: (time: string, line: string, pairs: number) => string;
  readonly delayed: (time: string) => string;
  readonly cancelled: string;
  readonly shelf: (orders: number, overdue: number) => string;
  readonly overdue: (ticket: string, days: number, pairs: number, where: string) => string;
  readonly tasks: (tasks: number) => string;
  readonly more: (count: number) => string;
}

const some = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

const ENGLISH: SheetWords = {
  title: (store, date) => `${store}: ${date}`,
  booked: (dropOffs, pairs, pickUps) =>
    `Booked for today: ${some(dropOffs, 'drop-off')} with ${some(pairs, 'pair')}, ${some(pickUps, 'pick-up')}.`,
  nobody: 'Nobody has booked for today.',
  notReady: (pickUps) => `Not ready yet: ${some(pickUps, 'pick-up')} of today.`,
  visit: (time, kind, ticket, pairs) =>
    `${time} ${kind === 'DROP_OFF' ? 'drop-off' : 'pick-up'} ${ticket}, ${some(pairs, 'pair')}`,
  late: 'not ready',
  visits: 'Visits:',
  vans: (vans, pairs) => `Due by van: ${some(pairs, 'pair')} on ${some(vans, 'trip')}.`,
  noVans: 'No goods are due by van.',
  van: (time, line, pairs) => `${time} line ${line}, ${some(pairs, 'pair')}`,
  delayed: (time) => `late, was to come at ${time}`,
  cancelled: 'cancelled',
  shelf: (orders, overdue) =>
    `Ready and not collected: ${some(orders, 'order')}, ${overdue} of them overdue.`,
  overdue: (ticket, days, pairs, where) =>
    `${ticket}, ${some(pairs, 'pair')}, ${some(days, 'day')} overdue${where === '' ? '' : `, shelf ${where}`}`,
  tasks: (tasks) => (tasks === 0 ? 'No task is open.' : `To be done: ${some(tasks, 'open task')}.`),
  more: (count) => `and ${count} more`,
};

const CHINESE: SheetWords = {
  title: (store, date) => `${store}：${date}`,
  booked: (dropOffs, pairs, pickUps) =>
    `今日预约：送鞋 ${dropOffs} 单（${pairs} 双），取鞋 ${pickUps} 单。`,
  nobody: '今日没有预约。',
  notReady: (pickUps) => `今日取鞋中尚未备好：${pickUps} 单。`,
  visit: (time, kind, ticket, pairs) =>
    `${time} ${kind === 'DROP_OFF' ? '送鞋' : '取鞋'} ${ticket}，${pairs} 双`,
  late: '尚未备好',
  visits: '到店安排：',
  vans: (vans, pairs) => `今日到货：${vans} 车次，${pairs} 双。`,
  noVans: '今日没有到货。',
  van: (time, line, pairs) => `${time} 线路 ${line}，${pairs} 双`,
  delayed: (time) => `晚点，原定 ${time}`,
  cancelled: '已取消',
  shelf: (orders, overdue) => `已备好未取：${orders} 单，其中逾期 ${overdue} 单。`,
  overdue: (ticket, days, pairs, where) =>
    `${ticket}，${pairs} 双，逾期 ${days} 天${where === '' ? '' : `，货架 ${where}`}`,
  tasks: (tasks) => (tasks === 0 ? '没有待办任务。' : `待办任务：${tasks} 项。`),
  more: (count) => `另有 ${count} 项`,
};

/** By the locale of the language; one that is not here is written in English. */
const WORDS: Readonly<Record<string, SheetWords>> = { en: ENGLISH, 'zh-CN': CHINESE };

/** The language that sheets are written in where the chain's is `locale`. */
export const sheetLocale = (locale: string): string => wordingFor(locale).language.locale;

/** A sheet as it is kept: the same words for every account. */
export interface SheetText {
  readonly locale: string;
  readonly title: string;
  readonly content: string;
}

/** The day in words, by ticket codes: it goes to groups of people, so no name of a customer is in it. */
export function sheetText(board: DayBoard, locale: string): SheetText {
  const wording = wordingFor(locale);
  const book = phrasebookOf(wording);
  const words = WORDS[wording.language.locale] ?? ENGLISH;
  const times = book.times(board.store.timeZone);
  const hour = (at: number): string => times.hour(at);
  const parts = [
    visitPart(board, words, hour),
    vanPart(board, words, hour),
    shelfPart(board, words),
    words.tasks(board.totals.tasks),
  ];
  return {
    locale: wording.language.locale,
    title: words.title(book.half(board.store.name), times.date(board.at)),
    content: parts.join('\n\n'),
  };
}

/** What a channel is given. */
export const sheetContent = ({ locale, title, content }: SheetText): MessageContent => ({
  ...{ kind: KIND, locale, title, text: content, short: title },
  ...{ fields: { title }, link: null, photo: null, calendar: null },
});

type Hour = (at: number) => string;

function visitPart({ visits, totals }: DayBoard, words: SheetWords, hour: Hour): string {
  const { dropOffs, pickUps, pairsToComeIn, notReady } = totals;
  if (dropOffs + pickUps === 0) return words.nobody;
  const open = visits.filter(({ mark }) => mark !== 'DONE');
  const lines = open.map((visit) => {
    const said = words.visit(hour(visit.start), visit.kind, visit.ticketCode, visit.pairs);
    const isLate = visit.kind === 'PICK_UP' && visit.orderStatus !== 'READY';
    return isLate ? `${said} (${words.late})` : said;
  });
  const left = dropOffs + pickUps - totals.done;
  return [
    words.booked(dropOffs, pairsToComeIn, pickUps),
    ...(notReady === 0 ? [] : [words.notReady(notReady)]),
    ...(lines.length === 0 ? [] : [words.visits, ...atMost(MOST_VISITS, lines, left, words)]),
  ].join('\n');
}

function vanPart({ arrivals, totals }: DayBoard, words: SheetWords, hour: Hour): string {
  if (arrivals.length === 0) return words.noVans;
  const line = (van: BoardArrival): string => {
    const said = words.van(hour(van.arrives), van.lineCode, van.pairs);
    if (van.isCancelled) return `${said} (${words.cancelled})`;
    return van.arrives === van.scheduled ? said : `${said} (${words.delayed(hour(van.scheduled))})`;
  };
  const lines = atMost(MOST_OTHERS, arrivals.map(line), arrivals.length, words);
  return [words.vans(totals.arrivals, totals.pairsDue), ...lines].join('\n');
}

function shelfPart({ ready, totals }: DayBoard, words: SheetWords): string {
  const overdue = ready.filter(({ overdueDays }) => overdueDays > 0);
  const line = ({ ticketCode, overdueDays, pairs, shelves }: BoardGoods): string =>
    words.overdue(ticketCode, overdueDays, pairs, shelves.join(', '));
  const lines = atMost(MOST_OTHERS, overdue.map(line), totals.overdue, words);
  return [words.shelf(totals.ready, totals.overdue), ...lines].join('\n');
}

function atMost(
  most: number,
  lines: readonly string[],
  all: number,
  words: SheetWords,
): readonly string[] {
  const shown = lines.slice(0, most);
  return all > shown.length ? [...shown, words.more(all - shown.length)] : shown;
}

import { describe, expect, it } from 'vitest';
import fc from 'fast-check';

import { ALL_MESSAGE_KINDS, ruleOf } from '../../src/core/messages/kinds.ts';
import { LANGUAGES } from '../../src/features/templates/languages.ts';
import { Words } from '../../src/features/templates/words.ts';
import { aScene, FULL_DETAILS, item, type Scene } from './facts.ts';

const words = Words.of([]);
const LOCALES = LANGUAGES.map(({ locale }) => locale);
const EVERY = LOCALES.flatMap((locale) => ALL_MESSAGE_KINDS.map((kind) => ({ locale, kind })));

const short = (kind: (typeof ALL_MESSAGE_KINDS)[number], locale: string, scene: Scene = {}) =>
  words.contentFor(kind, locale, aScene(scene)).short;
const receipt = (locale: string, scene: Scene = {}) => short('RECEIPT', locale, scene);

describe('a receipt', () => {
  it.each([
    {
      locale: 'en',
      says: 'Your AJ1 has arrived and is in deep cleaning; you can collect it on Friday afternoon',
    },
    { locale: 'zh-CN', says: '您的AJ1已收到,正在进行深度清洁,预计周五下午可取' },
  ])('says in $locale: $says', ({ locale, says }) => {
    expect(receipt(locale)).toBe(says);
  });

  it.each([
    { name: 'two of a kind', items: [item('AJ1', 2)], en: 'AJ1 (2 pairs)', zh: 'AJ1（2双）' },
    {
      name: 'one more',
      items: [item('AJ1'), item('Vans')],
      en: 'AJ1 and 1 more pair',
      zh: 'AJ1等2双',
    },
    {
      name: 'two more',
      items: [item('AJ1'), item('Vans', 2)],
      en: 'AJ1 and 2 more pairs',
      zh: 'AJ1等3双',
    },
  ])('counts $name', ({ items, en, zh }) => {
    expect(receipt('en', { items })).toBe(
      `Your ${en} have arrived and are in deep cleaning; you can collect them on Friday afternoon`,
    );
    expect(receipt('zh-CN', { items })).toBe(`您的${zh}已收到,正在进行深度清洁,预计周五下午可取`);
  });

  it.each([
    { name: 'two sorts', codes: [['deep-clean', 'whitening']], en: 'deep cleaning and whitening' },
    { name: 'one that repeats', codes: [['deep-clean'], ['deep-clean']], en: 'deep cleaning' },
    { name: 'different ones', codes: [['deep-clean'], ['whitening']], en: 'care' },
    { name: 'many', codes: [['deep-clean', 'whitening', 'resole']], en: 'care' },
    { name: 'one that has no word', codes: [['lace-care']], en: 'Lace care' },
    { name: 'one that is gone', codes: [['no-longer-sold']], en: 'care' },
  ])('names the care: $name', ({ codes, en }) => {
    const items = codes.map((serviceCodes) => item('AJ1', 1, serviceCodes));
    expect(receipt('en', { items })).toContain(` in ${en};`);
  });

  it('names a service that has no word by the half of its name that is of the language', () => {
    const ofService = (code: string) => receipt('zh-CN', { items: [item('AJ1', 1, [code])] });
    expect(ofService('lace-care')).toContain('正在进行鞋带护理');
    expect(ofService('spa')).toContain('正在进行Shoe spa');
  });
});

describe('when goods can be collected', () => {
  const OPEN_ALWAYS = {
    openingHours: [{ days: [1, 2, 3, 4, 5, 6, 7] as const, opens: 0, closes: 1440 }],
  };

  it.each([
    { readyBy: '2026-11-27 00:30', en: 'Friday morning', zh: '周五凌晨' },
    { readyBy: '2026-11-27 06:00', en: 'Friday morning', zh: '周五清晨' },
    { readyBy: '2026-11-27 11:59', en: 'Friday morning', zh: '周五上午' },
    { readyBy: '2026-11-27 12:00', en: 'Friday at noon', zh: '周五中午' },
    { readyBy: '2026-11-27 16:40', en: 'Friday afternoon', zh: '周五下午' },
    { readyBy: '2026-11-27 18:00', en: 'Friday evening', zh: '周五下午' },
    { readyBy: '2026-11-27 20:00', en: 'Friday evening', zh: '周五晚上' },
    { readyBy: '2026-11-27 23:59', en: 'Friday night', zh: '周五晚上' },
    { name: 'today', readyBy: '2026-11-24 16:40', en: 'Tuesday afternoon', zh: '周二下午' },
    { name: 'in six days', readyBy: '2026-11-30 16:40', en: 'Monday afternoon', zh: '周一下午' },
    {
      name: 'in seven days, by date too',
      readyBy: '2026-12-01 16:40',
      en: 'Tuesday afternoon, December 1',
      zh: '12月1日周二下午',
    },
  ])('$readyBy is $en, $zh', ({ readyBy, en, zh }) => {
    const scene = { readyBy, store: OPEN_ALWAYS };
    expect(receipt('en', scene)).toMatch(new RegExp(` on ${en}$`));
    expect(receipt('zh-CN', scene)).toMatch(new RegExp(`预计${zh}可取$`));
  });

  it('is when the store opens, if they are ready while it is closed', () => {
    expect(receipt('en', { readyBy: '2026-11-26 21:00' })).toMatch(/ on Friday morning$/);
    expect(receipt('en', { readyBy: '2026-11-26 20:59' })).toMatch(/ on Thursday evening$/);
  });
});

describe('times', () => {
  it.each([
    { zone: 'America/New_York', date: '2026-03-08', says: 'Sunday, March 8 at 10:30 AM' },
    { zone: 'America/New_York', date: '2026-11-01', says: 'Sunday, November 1 at 10:30 AM' },
    { zone: 'Europe/London', date: '2026-03-29', says: 'Sunday, March 29 at 10:30 AM' },
    { zone: 'Europe/London', date: '2026-10-25', says: 'Sunday, October 25 at 10:30 AM' },
    { zone: 'Asia/Kolkata', date: '2026-10-25', says: 'Sunday, October 25 at 10:30 AM' },
  ])('are those of the store: $zone on $date', ({ zone, date, says }) => {
    const scene = { store: { timeZone: zone }, dropOff: `${date} 10:30`, pickUp: `${date} 19:30` };
    const content = words.contentFor(
      'ORDER_BOOKED',
      'en',
      aScene({ ...scene, now: `${date} 00:10` }),
    );
    expect(content.short).toContain(`drop-off on ${says} at Store A`);
    expect(content.fields['dropOffTime']).toBe(says);
    expect(content.text).toContain('10:30 – 11:00 AM');
  });

  it.each([
    { locale: 'en', says: 'Fri, Nov 27, 7:30 – 8:00 PM' },
    { locale: 'en-GB', says: 'Fri 27 Nov, 19:30–20:00' },
    { locale: 'en-IN', says: 'Fri, 27 Nov, 7:30 – 8:00 pm' },
    { locale: 'zh-CN', says: '11月27日周五 19:30–20:00' },
  ])('are written as in the region: $locale', ({ locale, says }) => {
    expect(words.contentFor('MOVED', locale, aScene()).text).toContain(says);
  });

  it('name both dates of a slot over midnight', () => {
    const content = words.contentFor('MOVED', 'en', aScene({ pickUp: '2026-11-27 23:45' }));
    expect(content.text).toContain('Fri, Nov 27, 11:45 PM – Sat, Nov 28, 12:15 AM');
  });

  it('come in the forms of programs and of WeChat, too', () => {
    const { fields } = words.contentFor('READY', 'en', aScene({ pickUp: '2026-10-01 09:05' }));
    expect(fields).toMatchObject({
      pickUpDateTime: '2026年10月1日 09:05',
      pickUpAt: '2026-10-01T01:05:00.000Z',
    });
  });
});

describe('the language', () => {
  it.each([
    { asked: 'zh-CN', is: 'zh-CN' },
    { asked: 'zh-TW', is: 'zh-CN' },
    { asked: 'zh-Hans', is: 'zh-CN' },
    { asked: 'zh', is: 'zh-CN' },
    { asked: 'en-GB', is: 'en' },
    { asked: 'EN-us', is: 'en' },
    { asked: 'fr-FR', is: 'en' },
    { asked: 'not a locale', is: 'en' },
    { asked: null, is: 'en' },
  ])('for $asked is $is', ({ asked, is }) => {
    expect(words.contentFor('READY', asked, aScene()).locale).toBe(is);
  });
});

describe.each(EVERY)('$kind in $locale', ({ kind, locale }) => {
  const scenes: readonly { name: string; scene: Scene }[] = [
    { name: 'all that an event can tell', scene: { details: FULL_DETAILS } },
    { name: 'nothing but the order', scene: { customer: null, orderLink: null } },
    { name: 'goods that are ready', scene: { status: 'READY' } },
    { name: 'the drop-off', scene: { status: 'BOOKED', details: { visit: 'DROP_OFF' } } },
  ];

  it.each(scenes)('is whole with $name', ({ scene }) => {
    const { title, text, short: brief, fields } = words.contentFor(kind, locale, aScene(scene));
    for (const said of [title, text, brief, ...Object.values(fields)]) {
      expect(said.trim()).not.toBe('');
      expect(said).not.toMatch(/[{}]|undefined|null|NaN|Invalid|\u202f/);
    }
    expect(`${title}${brief}`).not.toContain('\n');
    expect(text).not.toMatch(/\n\n\n|^\n|\n$/);
  });

  it('says what people typed as they typed it', () => {
    const typed = fc
      .array(
        fc.oneof(
          fc.string({ unit: 'grapheme', maxLength: 12 }),
          fc.constantFrom(
            ...['{', '}', "'", "''", '#', '<b>', '&amp;', '{items}', '👟', '%s', '$&'],
          ),
        ),
        { minLength: 1, maxLength: 6 },
      )
      .map((parts) => parts.join('').replace(/\s+/g, ' ').trim())
      .filter((text) => text !== '');
    fc.assert(
      fc.property(typed, typed, typed, (description, name, explanation) => {
        const details = { ...FULL_DETAILS, explanation };
        const scene = { items: [item(description)], customer: name, details };
        const content = words.contentFor(kind, locale, aScene(scene));
        expect(content.text).toContain(description);
        expect(content.text).toContain(name);
        expect(content.fields['items']).toBe(description);
        if (kind === 'FINDING') expect(content.text).toContain(explanation);
      }),
      { numRuns: 25 },
    );
  });
});

describe('what an event tells', () => {
  it.each([
    { reason: 'VAN_MISSED', en: 'a van left before your shoes were there', field: undefined },
    { reason: 'The van broke down', en: 'The van broke down', field: undefined },
    { reason: 'SOME_CODE_OF_LATER', en: null, field: 'not stated' },
    { reason: null, en: null, field: 'not stated' },
  ])('gives as reason for $reason: $en', ({ reason, en, field }) => {
    const content = words.contentFor('NEW_PROMISE', 'en', aScene({ details: { reason } }));
    if (en === null) expect(content.text).not.toContain('reason');
    else expect(content.text).toContain(`The reason: ${en}.`);
    expect(content.fields['reason']).toBe(field ?? en);
  });

  it.each([
    { currency: 'CNY', priceMinor: 4900, en: 'CN¥49.00', zh: '¥49.00' },
    { currency: 'JPY', priceMinor: 4900, en: '¥4,900', zh: 'JP¥4,900' },
    { currency: 'USD', priceMinor: 1250, en: '$12.50', zh: 'US$12.50' },
    { currency: 'INR', priceMinor: 59900, en: '₹599.00', zh: '₹599.00' },
  ])('says a price of $priceMinor in $currency', ({ currency, priceMinor, en, zh }) => {
    const scene = aScene({ details: { currency, priceMinor } });
    expect(words.contentFor('FINDING', 'en', scene).text).toContain(`Price: ${en}`);
    expect(words.contentFor('FINDING', 'zh-CN', scene).text).toContain(`费用：${zh}`);
  });

  it('offers three slots, and none where none are told', () => {
    const offered = words.contentFor('NEW_PROMISE', 'en', aScene({ details: FULL_DETAILS })).text;
    expect(offered.match(/^• /gm)).toHaveLength(3);
    expect(offered).toContain('• Sat, Nov 28, 12:00 – 12:30 PM');
    expect(words.contentFor('NEW_PROMISE', 'en', aScene()).text).not.toContain('•');
  });

  it('may be about some of the items', () => {
    const items = [item('AJ1'), item('Vans')];
    const scene = { items, details: { items: [1], stage: 'whiten' } };
    expect(short('PROGRESS', 'en', scene)).toBe('Your Vans is now in whitening');
    expect(short('PROGRESS', 'zh-CN', scene)).toBe('您的Vans正在进行去黄增白');
  });

  it.each([
    { stage: 'IN_TRANSIT', en: 'on the way', zh: '正在运送途中' },
    { stage: 'deep-clean', en: 'in deep cleaning', zh: '正在进行深度清洁' },
    { stage: 'A stage of later', en: 'in care', zh: '正在护理中' },
  ])('says the stage $stage', ({ stage, en, zh }) => {
    expect(short('PROGRESS', 'en', { details: { stage } })).toBe(`Your AJ1 is now ${en}`);
    expect(short('PROGRESS', 'zh-CN', { details: { stage } })).toBe(`您的AJ1${zh}`);
  });

  it.each([
    { day: 1, en: '1 day' },
    { day: 14, en: '14 days' },
    { day: null, en: '3 days' },
  ])('counts the days that goods wait: $day', ({ day, en }) => {
    const scene = { now: '2026-11-30 10:00', details: { overdueDay: day } };
    expect(short('OVERDUE', 'en', scene)).toContain(`for ${en}.`);
  });

  it('shows a photo with the goods and their stage', () => {
    const { photo } = words.contentFor('PROGRESS', 'en', aScene({ details: FULL_DETAILS }));
    expect(photo).toEqual({ url: 'https://shoes.example/p/1.jpg', caption: 'AJ1: whitening' });
  });
});

describe('a missed visit', () => {
  it('is the one that is told, else the one that was next', () => {
    const missed = (scene: Scene) => words.contentFor('MISSED', 'en', aScene(scene));
    expect(missed({ status: 'BOOKED' }).text).toContain('Tue, Nov 24, 10:30 – 11:00 AM at Store A');
    expect(missed({ status: 'READY' }).text).toContain('is ready and kept for you');
    expect(missed({ status: 'IN_CARE' }).text).toContain('choose another time to collect AJ1');
    const told = missed({ status: 'READY', details: { visit: 'DROP_OFF' } });
    expect(told.text).toContain('choose another time to bring AJ1');
    expect(told.fields['store']).toBe('Store A');
  });
});

describe('what is ready', () => {
  it.each([
    { now: '2026-11-27 17:00', from: 'now', until: 'Friday, November 27 at 9:00 PM' },
    {
      now: '2026-11-26 22:00',
      from: 'Friday, November 27 at 9:00 AM',
      until: 'Friday, November 27 at 9:00 PM',
    },
    { now: '2026-11-28 17:00', from: 'now', until: 'Saturday, November 28 at 9:00 PM' },
  ])('at $now can be collected from $from until $until', ({ now, from, until }) => {
    const { text } = words.contentFor('READY', 'en', aScene({ status: 'READY', now }));
    expect(text).toContain(`Collect it from ${from} until ${until}.`);
  });
});

describe('the content', () => {
  const calendar = { method: 'REQUEST', content: 'BEGIN:VCALENDAR' } as const;

  it.each(ALL_MESSAGE_KINDS)('of %s is named for providers', (kind) => {
    const content = words.contentFor(kind, 'en', { ...aScene(), calendar });
    const hasCalendar = ['ORDER_BOOKED', 'MOVED', 'CANCELLED'].includes(kind);
    expect(content.kind).toBe(ruleOf(kind).name);
    expect(content.calendar).toEqual(hasCalendar ? calendar : null);
    expect(content.link).toBe('https://shoes.example/o/H2W4');
  });

  it('names the store and its address in the language', () => {
    const { fields } = words.contentFor('READY', 'zh-CN', aScene({ customer: null }));
    expect(fields).toMatchObject({ store: 'B店', storeAddress: 'B Road 1', customer: '顾客' });
    const nowhere = words.contentFor('READY', 'en', aScene({ store: { address: null } }));
    expect(nowhere.fields['storeAddress']).toBe('Store B');
    expect(nowhere.text).toContain('ready at Store B.');
  });

  it('is the same for the same facts', () => {
    const facts = aScene({ details: FULL_DETAILS });
    expect(words.contentFor('READY', 'en', facts)).toEqual(words.contentFor('READY', 'en', facts));
  });
});

import { describe, expect, it } from 'vitest';

import { ALL_MESSAGE_KINDS } from '../../src/core/messages/kinds.ts';
import { LANGUAGES } from '../../src/features/templates/languages.ts';
import type { MessageTexts } from '../../src/features/templates/language.ts';
import { compileTemplate } from '../../src/features/templates/template.ts';
import { VARIABLES, variablesOf } from '../../src/features/templates/variables.ts';
import { Words } from '../../src/features/templates/words.ts';
import { aScene } from './facts.ts';

const ENGLISH = LANGUAGES[0]!;

function problemsOf(texts: Partial<MessageTexts>, kind: 'RECEIPT' | 'MOVED' = 'RECEIPT') {
  const checked = compileTemplate(kind, 'en', { ...ENGLISH.messages[kind], ...texts });
  return checked.ok ? [] : checked.error.problems.map(({ part, variable }) => [part, variable]);
}

describe('a template', () => {
  it.each([
    {
      name: 'a variable that there is not',
      texts: { title: '{nobody}' },
      at: 'title',
      of: 'nobody',
    },
    {
      name: 'one of other kinds',
      texts: { title: '{overdueDays}' },
      at: 'title',
      of: 'overdueDays',
    },
    {
      name: 'one with a name of JavaScript',
      texts: { title: '{toString}' },
      at: 'title',
      of: 'toString',
    },
    {
      name: 'one that may be missing, in a title',
      texts: { title: '{link}' },
      at: 'title',
      of: 'link',
    },
    {
      name: 'a choice by a text',
      texts: { title: '{items, select, AJ1 {x} other {y}}' },
      ...{ at: 'title', of: 'items' },
    },
    {
      name: 'a plural by a text',
      texts: { title: '{items, plural, one {x} other {y}}' },
      ...{ at: 'title', of: 'items' },
    },
    {
      name: 'a case that never is',
      texts: { title: '{isReady, select, maybe {x} other {y}}' },
      ...{ at: 'title', of: 'isReady' },
    },
    { name: 'a format of its own', texts: { title: '{pairs, number}' }, at: 'title', of: 'pairs' },
    {
      name: 'a date',
      texts: { title: '{readyDay, date, short}' },
      ...{ at: 'title', of: 'readyDay' },
    },
    {
      name: 'a variable hidden in a case',
      texts: { title: '{isReady, select, yes {{nobody}} other {y}}' },
      ...{ at: 'title', of: 'nobody' },
    },
    { name: 'braces that do not match', texts: { title: 'For {items' }, at: 'title', of: null },
    {
      name: 'a choice without other',
      texts: { title: '{isReady, select, yes {x}}' },
      at: 'title',
      of: null,
    },
    { name: 'nothing', texts: { title: ' ' }, at: 'title', of: null },
    { name: 'a title of two lines', texts: { title: 'a\nb' }, at: 'title', of: null },
  ])('is refused with $name', ({ texts, at, of }) => {
    expect(problemsOf(texts)).toEqual([[at, of]]);
  });

  it('is refused if what it must say can be left out', () => {
    const always = '{items} {stage} {readyDay}';
    expect(problemsOf({ text: always })).toEqual([]);
    expect(problemsOf({ text: '{items} {stage}\n\nHello {customer}: {readyDay}' })).toEqual([
      ['text', 'readyDay'],
    ]);
    expect(problemsOf({ text: '{items} {stage}' })).toEqual([['text', 'readyDay']]);
    expect(problemsOf({ short: '{items} {readyTime}' })).toEqual([['short', 'stage']]);
  });

  it('tells all that is wrong at once', () => {
    expect(problemsOf({ title: '{a}', text: '{b}', short: '{c}' })).toEqual([
      ['title', 'a'],
      ['text', 'b'],
      ['short', 'c'],
    ]);
  });

  it('leaves out the paragraphs that there is nothing for', () => {
    const text = 'Hello {customer},\n \n{items} {stage} {readyDay}\n\n\nSee {link}';
    const words = Words.of([{ kind: 'RECEIPT', locale: 'en', texts: { text } }]);
    const said = (customer: string | null, orderLink: string | null) =>
      words.contentFor('RECEIPT', 'en', aScene({ customer, orderLink })).text;
    expect(said('Mei', 'x:y')).toBe('Hello Mei,\n\nAJ1 deep cleaning Friday afternoon\n\nSee x:y');
    expect(said(null, null)).toBe('AJ1 deep cleaning Friday afternoon');
    expect(said('  ', null)).toBe('AJ1 deep cleaning Friday afternoon');
  });
});

describe('the words', () => {
  it('are refused with a template that does not fit, by name', () => {
    const texts = { title: 'Hi {nobody}' };
    expect(() => Words.of([{ kind: 'READY', locale: 'zh-CN', texts }])).toThrow(
      'READY in zh-CN, title: There is no variable {nobody} in messages of this kind.',
    );
  });

  it('are refused with a language that misses a variable', () => {
    const { messages } = ENGLISH;
    const broken = { ...messages, READY: { ...messages.READY, short: 'It is ready' } };
    expect(() => Words.of([], [{ ...ENGLISH, messages: broken }])).toThrow(
      'READY in en, short: {items} is missing',
    );
  });

  it('are those of headquarters in the one language and kind that they changed', () => {
    const texts = { title: 'Ready: {items}' };
    const words = Words.of([{ kind: 'READY', locale: 'en', texts }]);
    const titleIn = (locale: string) => words.contentFor('READY', locale, aScene()).title;
    expect(titleIn('en-GB')).toBe('Ready: AJ1');
    expect(titleIn('zh-CN')).toBe('您的AJ1可以取了');
    expect(words.contentFor('READY', 'en', aScene()).short).toContain('is ready at Store B');
  });
});

it('has no variable that no message may name', () => {
  const named = new Set(ALL_MESSAGE_KINDS.flatMap(variablesOf));
  expect([...named].sort()).toEqual(Object.keys(VARIABLES).sort());
});

it('has the same care and reasons in all languages', () => {
  for (const { care, reasons } of LANGUAGES) {
    expect(Object.keys(care)).toEqual(Object.keys(ENGLISH.care));
    expect(Object.keys(reasons)).toEqual(Object.keys(ENGLISH.reasons));
  }
});

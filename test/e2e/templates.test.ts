import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NestFactory } from '@nestjs/core';
import { pino } from 'pino';

import { AppModule } from '../../src/app.module.ts';
import { ALL_MESSAGE_KINDS } from '../../src/core/messages/kinds.ts';
import { Templates, type Words } from '../../src/features/templates/index.ts';
import { readConfig } from '../../src/platform/config/config.ts';
import { until } from '../support/service-process.ts';
import { startService, type TestService, type Token } from '../support/service.ts';
import { workedNetwork } from '../support/worked-network.ts';
import { aScene } from '../templates/facts.ts';

let service: TestService;
let second: TestService;
beforeAll(async () => {
  service = await startService({ network: workedNetwork() });
  second = await startService({ database: service.database });
});
afterAll(async () => {
  await second.stop();
  await service.stop();
});
beforeEach(() => service.rows(`DELETE FROM message_template`));

interface Texts {
  readonly title?: string | null;
  readonly text?: string | null;
  readonly short?: string | null;
}

interface TemplateAnswer {
  readonly __typename: string;
  readonly kind: string;
  readonly locale: string;
  readonly texts: Texts;
  readonly original: Texts;
  readonly changedAt: string | null;
  readonly variables: readonly { name: string; isAlwaysThere: boolean; choices: string[] }[];
  readonly textNeeds: readonly { anyOf: string[] }[];
  readonly code: string;
  readonly problems: readonly { part: string; variable: string | null; message: string }[];
}

const TEMPLATE = `__typename kind locale texts { title text short } original { title text short } changedAt
  variables { name meaning isAlwaysThere isCount choices } textNeeds { anyOf } shortNeeds { anyOf }`;
const INVALID = `... on InvalidTemplate { __typename code message problems { part variable message } }`;
const SET = `mutation ($input: SetMessageTemplateInput!) {
  setMessageTemplate(input: $input) { ... on MessageTemplate { ${TEMPLATE} } ${INVALID} }
}`;
const PREVIEW = `query ($input: PreviewMessageInput!) {
  previewMessage(input: $input) {
    ... on MessagePreview { __typename title text short fields { name value } } ${INVALID}
  }
}`;
const LIST = `query ($locale: String! = "en") { messageTemplates(locale: $locale) { ${TEMPLATE} } }`;
const RESET = `mutation ($kind: MessageKind!, $locale: String!) {
  resetMessageTemplate(kind: $kind, locale: $locale) { ${TEMPLATE} }
}`;

async function set(texts: Texts, kind = 'RECEIPT', locale = 'en'): Promise<TemplateAnswer> {
  const variables = { input: { kind, locale, texts } };
  const data = await service.data<{ setMessageTemplate: TemplateAnswer }>(
    SET,
    variables,
    service.tokens.hq,
  );
  return data.setMessageTemplate;
}

async function reset(kind: string, locale: string): Promise<TemplateAnswer> {
  const data = await service.data<{ resetMessageTemplate: TemplateAnswer }>(
    RESET,
    { kind, locale },
    service.tokens.hq,
  );
  return data.resetMessageTemplate;
}

async function list(locale?: string): Promise<readonly TemplateAnswer[]> {
  const variables = locale === undefined ? {} : { locale };
  const data = await service.data<{ messageTemplates: TemplateAnswer[] }>(
    LIST,
    variables,
    service.tokens.hq,
  );
  return data.messageTemplates;
}

type Preview = Texts & TemplateAnswer & { fields: { name: string; value: string }[] };

async function preview(input: object): Promise<Preview> {
  const data = await service.data<{ previewMessage: Preview }>(
    PREVIEW,
    { input: { kind: 'RECEIPT', locale: 'en', ...input } },
    service.tokens.hq,
  );
  return data.previewMessage;
}

const shortBy = async (by: TestService): Promise<string> => {
  const words: Words = await by.app.get(Templates, { strict: false }).words();
  return words.contentFor('RECEIPT', 'en', aScene()).short;
};

const CHANGED = { short: 'Got your {items}: {stage}, back {readyDay}' };

describe('templates of messages', () => {
  it('are listed, one of each kind, with what they may and must name', async () => {
    const templates = await list();
    expect(templates.map(({ kind }) => kind)).toEqual(ALL_MESSAGE_KINDS);
    const receipt = templates.find(({ kind }) => kind === 'RECEIPT')!;
    expect(receipt).toMatchObject({ locale: 'en', changedAt: null });
    expect(receipt.texts).toEqual(receipt.original);
    expect(receipt.variables).toContainEqual(
      expect.objectContaining({ name: 'link', isAlwaysThere: false }),
    );
    expect(receipt.textNeeds).toContainEqual({ anyOf: ['readyDay', 'readyTime'] });
    expect((await list('zh-CN'))[0]!.texts.title).toBe('预约成功（{ticketCode}）');
  });

  it('can be changed, part by part, and are put back', async () => {
    const changed = await set(CHANGED);
    expect(changed).toMatchObject({ __typename: 'MessageTemplate', texts: CHANGED });
    expect(changed.texts.title).toBe(changed.original.title);
    expect(changed.changedAt).not.toBeNull();
    expect(await shortBy(service)).toBe('Got your AJ1: deep cleaning, back Friday afternoon');
    const back = await reset('RECEIPT', 'en');
    expect(back).toMatchObject({ changedAt: null, texts: back.original });
    expect(await shortBy(service)).toContain('Your AJ1 has arrived');
  });

  it('are the same in another process some seconds later', async () => {
    await shortBy(second);
    await set(CHANGED);
    await until('changed', async () => (await shortBy(second)).startsWith('Got your AJ1'));
    await reset('RECEIPT', 'en');
    await until('put back', async () => (await shortBy(second)).startsWith('Your AJ1'));
  });

  it.each([
    { what: 'invents a variable', texts: { title: 'For {nobody}' }, names: 'nobody' },
    { what: 'names one of another kind', texts: { title: 'For {slots}' }, names: 'slots' },
    {
      what: 'misses a variable',
      texts: { short: 'We have your {items}: {stage}' },
      names: 'readyDay',
    },
    { what: 'is no message', texts: { title: 'For {items' }, names: null },
  ])('refuse a text that $what, and change nothing', async ({ texts, names }) => {
    const refused = await set(texts);
    expect(refused).toMatchObject({ __typename: 'InvalidTemplate', code: 'INVALID_TEMPLATE' });
    expect(refused.problems).toHaveLength(1);
    expect(refused.problems[0]).toMatchObject({ part: Object.keys(texts)[0], variable: names });
    expect(await service.rows(`SELECT kind FROM message_template`)).toEqual([]);
  });

  it.each([
    { what: 'a language that there is not', input: { locale: 'fr' }, path: 'input.locale' },
    { what: 'an empty text', input: { texts: { text: '' } }, path: 'input.texts.text' },
    {
      what: 'a text that is too long',
      input: { texts: { title: 'x'.repeat(201) } },
      path: 'input.texts.title',
    },
  ])('do not take $what', async ({ input, path }) => {
    const variables = { input: { kind: 'RECEIPT', locale: 'en', texts: {}, ...input } };
    const { errors } = await service.ask(SET, variables, service.tokens.hq);
    expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', inputPath: path });
  });

  it('keep a service that finds a bad one stored from starting', async () => {
    await service.rows(
      `INSERT INTO message_template VALUES ('READY', 'en', '{"title": "Hi {nobody}"}', now())`,
    );
    const log = pino({ level: 'silent' });
    const ground = { config: readConfig({ NODE_ENV: 'test' }), log };
    const module = AppModule.forCommand({ ...ground, databaseUrl: service.database.url });
    const starting = NestFactory.createApplicationContext(module, {
      abortOnError: false,
      logger: false,
    });
    await expect(starting).rejects.toThrow(
      'READY in en, title: There is no variable {nobody} in messages of this kind.',
    );
  });
});

describe('a preview', () => {
  it.each(['en', 'zh-CN'])('shows each kind in %s', async (locale) => {
    for (const kind of ALL_MESSAGE_KINDS) {
      const shown = await preview({ kind, locale });
      expect(shown).toMatchObject({ __typename: 'MessagePreview' });
      expect(`${shown.title} ${shown.text} ${shown.short}`).not.toMatch(/[{}]|undefined|null/);
    }
  });

  it('shows texts that are not in use, and keeps nothing of them', async () => {
    const shown = await preview({ texts: CHANGED });
    expect(shown.short).toMatch(/^Got your AJ1 and 2 more pairs: /);
    expect((await preview({})).short).toContain('have arrived');
  });

  it('shows times at the store that is asked for', async () => {
    const fields = (await preview({ storeCode: 'B' })).fields;
    expect(fields).toContainEqual({ name: 'dropOffStore', value: 'Store B' });
  });

  it('names what is wrong with the texts to try', async () => {
    const refused = await preview({ texts: { text: 'Nothing' } });
    expect(refused.__typename).toBe('InvalidTemplate');
    expect(refused.problems.map(({ variable }) => variable)).toEqual([
      'items',
      'stage',
      'readyDay',
    ]);
  });

  it('is of a store that there is', async () => {
    const variables = { input: { kind: 'READY', locale: 'en', storeCode: 'X' } };
    const { errors } = await service.ask(PREVIEW, variables, service.tokens.hq);
    expect(errors[0]?.extensions).toMatchObject({ inputPath: 'input.storeCode' });
  });
});

describe('others than headquarters', () => {
  const others = (): readonly (Token | undefined)[] => [
    undefined,
    service.tokens.staff('A'),
    service.tokens.customer('mei.lin@example.com'),
  ];
  const INPUT = { kind: 'READY', locale: 'en' };
  it.each([
    { field: 'messageTemplates', query: LIST, variables: {} },
    { field: 'previewMessage', query: PREVIEW, variables: { input: INPUT } },
    { field: 'setMessageTemplate', query: SET, variables: { input: { ...INPUT, texts: {} } } },
    { field: 'resetMessageTemplate', query: RESET, variables: INPUT },
  ])('may not ask for $field', async ({ query, variables }) => {
    for (const token of others()) {
      const { errors } = await service.ask(query, variables, token);
      expect(['FORBIDDEN', 'UNAUTHENTICATED']).toContain(errors[0]?.extensions['code']);
    }
  });
});

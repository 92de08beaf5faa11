import { beforeEach, expect, it } from 'vitest';
import { Logger } from '@nestjs/common';

import type { StoredTemplate, TemplateStore } from '../../src/features/templates/template-store.ts';
import { Templates } from '../../src/features/templates/templates.service.ts';
import { aScene } from './facts.ts';

Logger.overrideLogger(false);

let stored: readonly StoredTemplate[];
let reads: number;
let templates: Templates;
/** What happens while the store is being read. */
let meanwhile: () => void;
beforeEach(async () => {
  stored = [];
  reads = 0;
  meanwhile = () => undefined;
  const store = {
    all: () => {
      reads++;
      const read = stored;
      meanwhile();
      return Promise.resolve(read);
    },
  };
  templates = new Templates(store as unknown as TemplateStore);
  await templates.onModuleInit();
});

const changed = (title: string): StoredTemplate => ({
  ...{ kind: 'READY', locale: 'en', texts: { title }, changedAt: 0 },
});
const title = async () => (await templates.words()).contentFor('READY', 'en', aScene()).title;

it('asks the store once for many messages', async () => {
  await Promise.all([title(), title(), title()]);
  expect(reads).toBe(1);
});

it('makes the words anew only if something changed', async () => {
  const before = await templates.words();
  templates.forget();
  expect(await templates.words()).toBe(before);
  stored = [changed('Ready: {items}')];
  templates.forget();
  expect(await title()).toBe('Ready: AJ1');
  expect(reads).toBe(3);
});

it('goes on with the words it has when a stored template does not fit', async () => {
  stored = [changed('Hi {nobody}')];
  templates.forget();
  expect(await title()).toBe('Your AJ1 is ready');
});

it('does not start with a stored template that does not fit', async () => {
  stored = [changed('Hi {nobody}')];
  await expect(templates.onModuleInit()).rejects.toThrow('READY in en, title');
});

it('does not keep what it read before a change made here', async () => {
  templates.forget();
  meanwhile = () => {
    stored = [changed('Ready: {items}')];
    templates.forget();
    meanwhile = () => undefined;
  };
  expect(await title()).toBe('Your AJ1 is ready');
  expect(await title()).toBe('Ready: AJ1');
});

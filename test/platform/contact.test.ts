import { expect, it } from 'vitest';

import { parseContact } from '../../src/platform/signin/contact.ts';

it.each([
  { text: '+8613800138000', kind: 'phone', value: '+8613800138000' },
  { text: ' +1 (555) 010-0199 ', kind: 'phone', value: '+15550100199' },
  {
    text: 'Ada.Lovelace+shoes@Example.COM',
    kind: 'email',
    value: 'ada.lovelace+shoes@example.com',
  },
  { text: 'ada@mail.shoes.example', kind: 'email', value: 'ada@mail.shoes.example' },
])('$text is a $kind', ({ text, kind, value }) => {
  expect(parseContact(text)).toEqual({ kind, value });
});

it.each([
  '',
  'ada',
  '13800138000',
  '+0123456789',
  '+12345',
  '+1234567890123456',
  'ada@',
  '@example.com',
  'ada@localhost',
  'ada lovelace@example.com',
  'ada@example..com',
  'a@b@example.com',
  `${'a'.repeat(250)}@example.com`,
])('%j is no contact', (text) => {
  expect(parseContact(text)).toBeUndefined();
});

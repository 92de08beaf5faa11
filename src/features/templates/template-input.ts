import type { MessageKind } from '../../core/messages/kinds.ts';
import { badInput } from '../../platform/graphql/errors.ts';
import { checkText } from '../../platform/graphql/text.ts';
import type { Language, MessageTexts } from './language.ts';
import { LANGUAGES } from './languages.ts';

/** `MessageTextsInput` as it arrives. */
export type MessageTextsInput = {
  readonly [Part in keyof MessageTexts]?: string | null;
};

export interface SetMessageTemplateInput {
  readonly kind: MessageKind;
  readonly locale: string;
  readonly texts: MessageTextsInput;
}

export interface PreviewMessageInput {
  readonly kind: MessageKind;
  readonly locale: string;
  readonly storeCode?: string | null;
  readonly texts?: MessageTextsInput | null;
}

const RULES = {
  title: { what: 'A title', least: 1, most: 200 },
  text: { what: 'A text', least: 1, most: 5000 },
  short: { what: 'A short text', least: 1, most: 500 },
} as const;

/** @throws GraphQLError BAD_USER_INPUT unless messages are written in exactly this language */
export function languageOf(locale: string, inputPath: string): Language {
  const language = LANGUAGES.find((other) => other.locale === locale);
  if (language !== undefined) return language;
  const names = LANGUAGES.map((other) => other.locale).join(', ');
  throw badInput(`Messages are written in: ${names}.`, inputPath);
}

/** @throws GraphQLError BAD_USER_INPUT that names the text that is too long or cannot be stored */
export function textsOf(texts: MessageTextsInput, inputPath: string): Partial<MessageTexts> {
  const given = (['title', 'text', 'short'] as const).flatMap((part) => {
    const text = texts[part]?.replaceAll('\r\n', '\n');
    if (text === undefined) return [];
    checkText(text, RULES[part], `${inputPath}.${part}`);
    return [[part, text] as const];
  });
  return Object.fromEntries(given);
}

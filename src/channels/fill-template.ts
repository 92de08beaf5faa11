import { z } from 'zod';

import type { MessageContent, PermanentFailure, ShownMessage, Way } from './channel.ts';
import { fitText } from './fit-text.ts';
import { bindingOf, boundValues, type TemplateBinding } from './template-binding.ts';

/** Setting: how long the value of one variable in an SMS may be. Carriers differ by the kind of variable. */
export const mostVariableChars = z.number().int().min(1).max(500).default(35);

export const MOST_VARIABLE_CHARS_HELP = 'Longest value that a variable of the templates may have.';

const TEMPLATE: Way = { name: 'template', grant: null };

/** The way of a template, for kinds of messages that one is bound to. */
export const templateWays = (
  bindings: Readonly<Record<string, TemplateBinding>>,
  kind: string,
): readonly Way[] => (bindingOf(bindings, kind) === undefined ? [] : [TEMPLATE]);

/** A value for each variable, or why there is none. */
export type FilledTemplate =
  | {
      readonly ok: true;
      readonly templateId: string;
      readonly values: Readonly<Record<string, string>>;
      readonly shown: ShownMessage;
    }
  | { readonly ok: false; readonly error: PermanentFailure };

/** The failure of a message whose kind has no template. */
export const templateMissing = (kind: string): PermanentFailure => ({
  outcome: 'permanent',
  because: 'content',
  code: 'TEMPLATE_MISSING',
  message: `no approved template is bound to ${kind}`,
});

/**
 * Fills an approved template: each value in one line, and cut to what a variable holds. An address on
 * the web is not cut, as half of one leads nowhere: the message is refused.
 */
export function fillTemplate(
  binding: TemplateBinding | undefined,
  content: MessageContent,
  mostChars: number,
): FilledTemplate {
  if (binding === undefined) return { ok: false, error: templateMissing(content.kind) };
  const bound = boundValues(binding, content);
  if (!bound.ok) return bound;
  const lines = new Map<string, string>();
  for (const [field, value] of Object.entries(bound.values)) {
    const line = inOneLine(value);
    if (isWebAddress(line) && line.length > mostChars) {
      return { ok: false, error: addressTooLong(field, mostChars) };
    }
    lines.set(field, fitText(line, mostChars));
  }
  const values = Object.fromEntries(lines);
  const shown = { title: null, text: Object.values(values).join('\n') };
  return { ok: true, templateId: binding.id, values, shown };
}

/** Templates refuse values with line ends and runs of spaces. */
export const inOneLine = (text: string): string => text.replace(/\s+/gu, ' ').trim();

export const isWebAddress = (text: string): boolean => /^https?:\/\/\S+$/.test(text);

const addressTooLong = (field: string, mostChars: number): PermanentFailure => ({
  outcome: 'permanent',
  because: 'content',
  code: 'LINK_TOO_LONG',
  message: `a link is longer than the ${mostChars} characters of a variable`,
  field,
});

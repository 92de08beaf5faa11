import { z } from 'zod';

import type { MessageContent, PermanentFailure } from './channel.ts';

const MOST_NAME = 200;

/** Which template of the provider a message becomes, and what goes into the fields of the template. */
export const TemplateBinding = z.strictObject({
  /** As the provider names the template. */
  id: z.string().min(1).max(MOST_NAME),
  /** As the provider names the language. */
  language: z.string().min(1).max(MOST_NAME).optional(),
  /** By the provider's name of the field: a name in `content.fields`, or title, text, short or link. */
  fields: z.record(z.string().min(1).max(MOST_NAME), z.string().min(1).max(MOST_NAME)).default({}),
});

export type TemplateBinding = z.output<typeof TemplateBinding>;

/** Setting of an account: bindings by the kind of message. */
export const templateBindings = <Binding extends z.ZodType<TemplateBinding>>(
  binding: Binding,
): z.ZodDefault<z.ZodRecord<z.ZodString, Binding>> =>
  z.record(z.string().min(1).max(MOST_NAME), binding).default({});

/** What is bound to a kind of message, if anything is. */
export function bindingOf<Binding>(
  bindings: Readonly<Record<string, Binding>>,
  kind: string,
): Binding | undefined {
  return Object.hasOwn(bindings, kind) ? bindings[kind] : undefined;
}

export type BoundValues =
  | { readonly ok: true; readonly values: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly error: PermanentFailure };

/** The values for the fields of a template, by the provider's names. A value that is not there is a failure. */
export function boundValues(binding: TemplateBinding, content: MessageContent): BoundValues {
  const values = new Map<string, string>();
  for (const [field, name] of Object.entries(binding.fields)) {
    const value = valueOf(content, name);
    if (value === null) {
      const message = `the message has no ${name}`;
      return {
        ok: false,
        error: { outcome: 'permanent', because: 'content', code: 'VALUE_MISSING', message, field },
      };
    }
    values.set(field, value);
  }
  return { ok: true, values: Object.fromEntries(values) };
}

function valueOf(content: MessageContent, name: string): string | null {
  switch (name) {
    case 'title':
      return content.title;
    case 'text':
      return content.text;
    case 'short':
      return content.short;
    case 'link':
      return content.link;
    default:
      return Object.hasOwn(content.fields, name) ? content.fields[name]! : null;
  }
}

import type { MessageContent, PermanentFailure, ShownMessage } from '../channel.ts';
import { boundValues, type TemplateBinding } from '../template-binding.ts';
import { fitWechatField, type TimeForm } from './data-fields.ts';

export type TemplateData =
  | {
      readonly ok: true;
      readonly data: Readonly<Record<string, { readonly value: string }>>;
      readonly shown: ShownMessage;
    }
  | { readonly ok: false; readonly error: PermanentFailure };

/** The fields of a template with the values of a message, each as its type demands. */
export function templateData(
  binding: TemplateBinding,
  content: MessageContent,
  timeForm: TimeForm,
): TemplateData {
  const bound = boundValues(binding, content);
  if (!bound.ok) return bound;
  const data = new Map<string, { readonly value: string }>();
  for (const [field, value] of Object.entries(bound.values)) {
    const fitted = fitWechatField(field, value, timeForm);
    if (fitted === undefined) return { ok: false, error: doesNotFit(field) };
    data.set(field, { value: fitted });
  }
  const text = [...data.values()].map(({ value }) => value).join('\n');
  return { ok: true, data: Object.fromEntries(data), shown: { title: null, text } };
}

const doesNotFit = (field: string): PermanentFailure => ({
  outcome: 'permanent',
  because: 'content',
  code: 'FIELD_INVALID',
  message: `the value is not of the type that the field ${field} has`,
  field,
});

const PLACE = /\{(\w+)\}/g;

/** A path with the message's values in its places, as they stand in a query; a value that is not there is empty. */
export const pageFor = (page: string, { fields }: MessageContent): string =>
  page.replace(PLACE, (_, name: string) =>
    encodeURIComponent(Object.hasOwn(fields, name) ? fields[name]! : ''),
  );

const LANGUAGES: Readonly<Record<string, string>> = {
  'zh-CN': 'zh_CN',
  'zh-HK': 'zh_HK',
  'zh-TW': 'zh_TW',
};

/** The language of what WeChat itself adds, of the four that it knows. */
export const wechatLanguage = ({ language }: TemplateBinding, { locale }: MessageContent): string =>
  language ?? LANGUAGES[locale] ?? (locale.startsWith('zh') ? 'zh_CN' : 'en_US');

/** Each app has its own ids of people: an id of another is nobody, or somebody else. */
export const ofAnotherApp = (): PermanentFailure => ({
  outcome: 'permanent',
  because: 'recipient',
  code: 'OTHER_APP',
  message: 'the address belongs to another app than this account',
});

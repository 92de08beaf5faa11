import type { Composed, MessageContent, OutgoingMessage } from '../channel.ts';
import { fillTemplate, isWebAddress } from '../fill-template.ts';
import { asParagraphs } from '../paragraphs.ts';
import { bindingOf } from '../template-binding.ts';
import { toPartner } from './address.ts';
import type { WhatsappSettings } from './settings.ts';

/** The JSON that makes a message. */
export type WhatsappRequest = Readonly<Record<string, unknown>>;

const MOST_TEXT_CHARS = 4096;
const MOST_CAPTION_CHARS = 1024;
const MOST_PARAMETER_CHARS = 1024;

export function composeWhatsapp(
  settings: WhatsappSettings,
  message: OutgoingMessage<string>,
): Composed<WhatsappRequest> {
  const { address, content, deliveryId, way } = message;
  const addressed = {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    to: toPartner(address),
    biz_opaque_callback_data: deliveryId,
  };
  if (way === 'template') {
    const templated = templateOf(settings, content);
    return templated.ok
      ? { ...templated, payload: { ...addressed, ...templated.payload } }
      : templated;
  }
  const { photo } = content;
  const caption = asParagraphs(content);
  if (photo !== null && caption.length <= MOST_CAPTION_CHARS) {
    const payload = { ...addressed, type: 'image', image: { link: photo.url, caption } };
    return { ok: true, payload, shown: { title: null, text: caption } };
  }
  const text = asParagraphs(content, MOST_TEXT_CHARS);
  const payload = { ...addressed, type: 'text', text: { body: text } };
  return { ok: true, payload, shown: { title: null, text } };
}

function templateOf(
  { templates }: WhatsappSettings,
  content: MessageContent,
): Composed<WhatsappRequest> {
  const binding = bindingOf(templates, content.kind);
  const filled = fillTemplate(binding, content, MOST_PARAMETER_CHARS);
  if (!filled.ok) return filled;
  const template = {
    name: filled.templateId,
    language: { code: binding?.language ?? languageOf(content.locale) },
    components: componentsOf(filled.values),
  };
  return { ok: true, payload: { type: 'template', template }, shown: filled.shown };
}

/** As the provider names languages: `zh_CN`. */
const languageOf = (locale: string): string => locale.replaceAll('-', '_');

const BUTTON = /^button\.(\d)$/;

/** Fields `1`, `2`, `3` are parameters of the body by place, `button.0` that of a button, others by name. */
function componentsOf(values: Readonly<Record<string, string>>): readonly unknown[] {
  const names = Object.keys(values);
  const body = names
    .filter((name) => !BUTTON.test(name))
    .sort((a, b) => Number(a) - Number(b))
    .map((name) => parameterOf(name, values[name]!));
  const buttons = names.flatMap((name) => {
    const index = BUTTON.exec(name)?.[1];
    return index === undefined ? [] : [buttonOf(index, values[name]!)];
  });
  return body.length === 0 ? buttons : [{ type: 'body', parameters: body }, ...buttons];
}

const parameterOf = (name: string, text: string): Readonly<Record<string, string>> =>
  /^\d+$/.test(name) ? { type: 'text', text } : { type: 'text', parameter_name: name, text };

const buttonOf = (index: string, value: string): Readonly<Record<string, unknown>> => ({
  type: 'button',
  sub_type: 'url',
  index,
  parameters: [{ type: 'text', text: afterOrigin(value) }],
});

/** The origin of a button's address is part of the template; its parameter is what follows. */
function afterOrigin(value: string): string {
  if (!isWebAddress(value) || !URL.canParse(value)) return value;
  return value.slice(new URL(value).origin.length).replace(/^\//, '');
}

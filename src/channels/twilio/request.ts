import type { Composed, MessageContent, OutgoingMessage, ShownMessage } from '../channel.ts';
import { fillTemplate } from '../fill-template.ts';
import { asParagraphs } from '../paragraphs.ts';
import { bindingOf } from '../template-binding.ts';
import { partyOf, type TwilioSettings } from './settings.ts';

/** Fields of the form that makes a message. */
export type TwilioRequest = Readonly<Record<string, string>>;

const MOST_CHARS = 1600;
const MOST_VARIABLE_CHARS = 1024;

export function composeTwilio(
  settings: TwilioSettings,
  { address, content, deliveryId, way }: OutgoingMessage<string>,
): Composed<TwilioRequest> {
  const addressed = {
    To: partyOf(settings, address),
    ...senderOf(settings),
    ...receiptsOf(settings, deliveryId),
  };
  if (way !== 'template') {
    const { shown, fields } = textOf(settings, content);
    return { ok: true, payload: { ...addressed, ...fields }, shown };
  }
  const binding = bindingOf(settings.templates, content.kind);
  const filled = fillTemplate(binding, content, MOST_VARIABLE_CHARS);
  if (!filled.ok) return filled;
  const variables = JSON.stringify(filled.values);
  const payload = { ...addressed, ContentSid: filled.templateId, ContentVariables: variables };
  return { ok: true, payload, shown: filled.shown };
}

/** An SMS has the message in one or two sentences, WhatsApp all of it with its photo. */
function textOf(
  { kind }: TwilioSettings,
  content: MessageContent,
): { shown: ShownMessage; fields: TwilioRequest } {
  const { short, link, photo } = content;
  const said = kind === 'sms' ? { title: '', text: short, link } : content;
  const text = asParagraphs(said, MOST_CHARS);
  const media: TwilioRequest = kind === 'whatsapp' && photo !== null ? { MediaUrl: photo.url } : {};
  return { shown: { title: null, text }, fields: { Body: text, ...media } };
}

const senderOf = (settings: TwilioSettings): TwilioRequest =>
  settings.from === undefined
    ? { MessagingServiceSid: settings.messagingServiceSid ?? '' }
    : { From: partyOf(settings, settings.from) };

/** The delivery is named in the address, as the signature of a receipt covers it. */
const receiptsOf = ({ publicCallbackUrl }: TwilioSettings, deliveryId: string): TwilioRequest => ({
  StatusCallback: `${publicCallbackUrl}?d=${encodeURIComponent(deliveryId)}`,
});

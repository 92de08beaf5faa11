import { createHmac } from 'node:crypto';

import type { FakeAnswer } from './contract-fake.ts';
import { FakeProvider, type ReceivedRequest } from './fake-provider.ts';

export const PHONE_NUMBER_ID = '106540352242922';
export const ACCESS_TOKEN = 'EAAfake+access/token=1234567890';
export const APP_SECRET = 'meta+fake/app=secret!1234567890';
export const VERIFY_TOKEN = 'verify+fake/token=1234567890';
export const WHATSAPP_TEMPLATE = 'order_ready';

const LANGUAGES = ['zh_CN', 'en'];
const BODY_PARAMETERS = 3;
const MOST_CHARS = 4096;
const MOST_CAPTION_CHARS = 1024;

interface Parameter {
  readonly type: string;
  readonly text: string;
  readonly parameter_name?: string;
}

interface Component {
  readonly type: string;
  readonly index?: string;
  readonly parameters: readonly Parameter[];
}

interface SendMessage {
  readonly messaging_product: string;
  readonly recipient_type: string;
  readonly to: string;
  readonly type: 'text' | 'image' | 'template';
  readonly biz_opaque_callback_data?: string;
  readonly text?: { readonly body: string };
  readonly image?: { readonly link: string; readonly caption: string };
  readonly template?: {
    readonly name: string;
    readonly language: { readonly code: string };
    readonly components: readonly Component[];
  };
}

const refusal = (code: number, status = 400): FakeAnswer => ({
  status,
  body: {
    error: {
      message: `(#${code}) said in words`,
      type: 'OAuthException',
      code,
      error_data: { messaging_product: 'whatsapp', details: 'in more words' },
      fbtrace_id: 'A',
    },
  },
});

/** The Cloud API with one number and one approved template of three places and a button. */
export class FakeWhatsappCloud extends FakeProvider {
  readonly echoes = true;
  readonly secrets = [];
  private isWindowOpen = true;

  override reset(): void {
    super.reset();
    this.isWindowOpen = true;
  }

  closeGrants(): void {
    this.isWindowOpen = false;
  }

  protected override carriesMessage({ path }: ReceivedRequest): boolean {
    return path.endsWith('/messages');
  }

  protected override answer({ method, path, headers, body }: ReceivedRequest): FakeAnswer {
    if (headers.authorization !== `Bearer ${ACCESS_TOKEN}`) return refusal(190, 401);
    const number = `/v21.0/${PHONE_NUMBER_ID}`;
    if (method === 'GET' && path === number) return { body: { id: PHONE_NUMBER_ID } };
    if (method !== 'POST' || path !== `${number}/messages`) return refusal(100, 404);
    if (headers['content-type'] !== 'application/json') return refusal(100);
    return this.send(JSON.parse(body.toString('utf8')) as SendMessage);
  }

  private send(message: SendMessage): FakeAnswer {
    const { to, biz_opaque_callback_data: echo = null } = message;
    const code = this.codeOf(message);
    if (code !== undefined) return refusal(code);
    const id = `wamid.${this.newId()}`;
    this.record({ recipient: to, text: textOf(message), echo, ref: id });
    const contacts = [{ input: to, wa_id: to }];
    const messages = [{ id, message_status: 'accepted' }];
    return { body: { messaging_product: 'whatsapp', contacts, messages } };
  }

  private codeOf(message: SendMessage): number | undefined {
    const { messaging_product: product, recipient_type: kind, to, type, template } = message;
    if (product !== 'whatsapp' || kind !== 'individual') return 100;
    if (!/^(\d{7,15}|[A-Z]{2}\.\w+)$/.test(to)) return 131026;
    if (type === 'template') return template === undefined ? 131008 : codeOfTemplate(template);
    if (!this.isWindowOpen) return 131047;
    if (type === 'text') return isBetween(message.text?.body, MOST_CHARS) ? undefined : 100;
    const { link = '', caption } = message.image ?? {};
    return URL.canParse(link) && isBetween(caption, MOST_CAPTION_CHARS) ? undefined : 100;
  }
}

const isBetween = (text: string | undefined, most: number): boolean =>
  text !== undefined && text.length >= 1 && text.length <= most;

function codeOfTemplate(template: NonNullable<SendMessage['template']>): number | undefined {
  const { name, language, components } = template;
  if (name !== WHATSAPP_TEMPLATE || !LANGUAGES.includes(language.code)) return 132001;
  const body = components.find(({ type }) => type === 'body')?.parameters ?? [];
  const isNamed = body.some((parameter) => parameter.parameter_name !== undefined);
  if (body.length !== BODY_PARAMETERS || isNamed) return 132000;
  const all = components.flatMap(({ parameters }) => parameters);
  const areGood = all.every(({ text }) => text !== '' && !/[\r\n\t]| {5}/.test(text));
  return areGood ? undefined : 132012;
}

function textOf({ text, image, template }: SendMessage): string {
  if (text !== undefined) return text.body;
  if (image !== undefined) return `${image.caption} [${image.link}]`;
  const parts = template?.components.map(({ type, parameters }) => {
    const words = parameters.map((parameter) => parameter.text).join(' | ');
    return type === 'button' ? `(https://welt.example/${words})` : words;
  });
  return parts?.join(' ') ?? '';
}

/** As it signs what it posts. */
export const signatureOfMeta = (body: Uint8Array): string =>
  `sha256=${createHmac('sha256', APP_SECRET).update(body).digest('hex')}`;

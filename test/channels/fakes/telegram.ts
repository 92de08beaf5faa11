import type { FakeAnswer } from './contract-fake.ts';
import { FakeProvider, type ReceivedRequest } from './fake-provider.ts';

export const BOT_TOKEN = '7010000001:AAHk3-fake_bot_token_fake_bot_token';
export const CHAT = '5000000042';

interface SendMessage {
  readonly chat_id: string;
  readonly text: string;
  readonly entities?: readonly { type: string; offset: number; length: number }[];
}

/** Names of fields of `sendMessage`. */
const KNOWN = new Set(['chat_id', 'text', 'entities', 'link_preview_options']);

const refusal = (code: number, description: string): FakeAnswer => ({
  status: code,
  body: { ok: false, error_code: code, description },
});

/** The Bot API with one bot, whom one person has started. */
export class FakeTelegram extends FakeProvider {
  readonly echoes = false;
  readonly secrets = [BOT_TOKEN];
  private messageId = 100;

  protected override carriesMessage({ path }: ReceivedRequest): boolean {
    return path.endsWith('/sendMessage');
  }

  protected override answer({ method, path, headers, body }: ReceivedRequest): FakeAnswer {
    const [, bot, call] = path.split('/');
    if (!/^bot\d+:[\w-]+$/.test(bot ?? '')) return refusal(404, 'Not Found');
    if (bot !== `bot${BOT_TOKEN}`) return refusal(401, 'Unauthorized');
    if (call === 'getMe') {
      return {
        body: { ok: true, result: { id: 7_010_000_001, is_bot: true, username: 'WeltBot' } },
      };
    }
    if (call !== 'sendMessage' || method !== 'POST') return refusal(404, 'Not Found');
    if (headers['content-type'] !== 'application/json') return refusal(400, 'Bad Request: no JSON');
    return this.sendMessage(JSON.parse(body.toString('utf8')) as SendMessage);
  }

  private sendMessage(message: SendMessage): FakeAnswer {
    const { chat_id: chatId, text, entities = [] } = message;
    const unknown = Object.keys(message).find((name) => !KNOWN.has(name));
    if (unknown !== undefined) return refusal(400, `Bad Request: unknown ${unknown}`);
    if (chatId !== CHAT) return refusal(400, 'Bad Request: chat not found');
    if (text.trim() === '') return refusal(400, 'Bad Request: message text is empty');
    if (text.length > 4096) return refusal(400, 'Bad Request: message is too long');
    if (entities.some(({ offset, length }) => length < 1 || offset + length > text.length)) {
      return refusal(400, "Bad Request: can't parse entities");
    }
    const result = { message_id: this.messageId++, date: 1, chat: { id: Number(chatId) }, text };
    this.record({ recipient: chatId, text, echo: null, ref: String(result.message_id) });
    return { body: { ok: true, result } };
  }
}

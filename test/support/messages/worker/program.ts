import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { pino } from 'pino';
import { z } from 'zod';

import { AppModule } from '../../../../src/app.module.ts';
import type {
  Channel,
  ChannelDescriptor,
  Idempotency,
  LookUpOutcome,
  OutgoingMessage,
  SendContext,
  SendOutcome,
} from '../../../../src/channels/channel.ts';
import { Recorder } from '../../../../src/features/deliveries/recorder.ts';
import { Clock } from '../../../../src/platform/clock.ts';
import { readConfig } from '../../../../src/platform/config/config.ts';

const [databaseUrl = '', providerUrl = '', begin = '0', speed = '1', secret = ''] =
  process.argv.slice(2);

/** The clock of the service runs faster than the one of the database, so that pauses are short. */
class FastClock extends Clock {
  override now(): number {
    return Math.round(Number(begin) + (Date.now() - Number(begin)) * Number(speed));
  }
}

const IDEMPOTENCY: Readonly<Record<string, Idempotency>> = {
  keyed: { is: 'key', windowSec: 86_400, sameBody: false },
  asked: { is: 'lookUp', afterSec: [10, 30], isAuthoritative: true },
  alone: { is: 'none' },
};

/** Hands everything to one provider over HTTP. */
class HttpChannel implements Channel {
  readonly descriptor: ChannelDescriptor;
  readonly settings = z.looseObject({});
  readonly address = z.string();

  constructor(name: string, idempotency: Idempotency) {
    this.descriptor = {
      ...{ name, reaches: 'email', audience: 'customer', rates: [], settings: [] },
      ...{ timeoutMs: 1000 },
      capabilities: {
        ...{ idempotency, receipts: 'none', inbound: false, calendar: false, photo: false },
        approvedTemplates: false,
      },
    };
  }

  addressKey(address: unknown): string {
    return String(address);
  }

  ways() {
    return [{ name: 'plain', grant: null }];
  }

  compose(_: unknown, { content: { title, text } }: OutgoingMessage<unknown>) {
    return { ok: true, payload: text, shown: { title, text } } as const;
  }

  async send(
    _: unknown,
    { deliveryId, content }: OutgoingMessage<unknown>,
    __: unknown,
    { http, signal }: SendContext,
  ): Promise<SendOutcome> {
    const body = JSON.stringify({ key: deliveryId, orderId: content.fields['orderId'] });
    const url = `${providerUrl}/send/${this.descriptor.name}`;
    const answer = await http.request({ method: 'POST', url, body }, signal);
    if (answer.is === 'unknown') return { outcome: 'ambiguous', code: answer.code, message: '' };
    if (answer.is === 'response' && answer.status === 200) {
      return { outcome: 'accepted', providerRef: null };
    }
    const code = answer.is === 'response' ? String(answer.status) : answer.code;
    return { outcome: 'temporary', because: 'provider', retryAfterMs: null, code, message: '' };
  }

  async lookUp(
    _: unknown,
    { deliveryId }: { readonly deliveryId: string },
    { http, signal }: SendContext,
  ): Promise<LookUpOutcome> {
    const url = `${providerUrl}/find/${deliveryId}`;
    const answer = await http.request({ method: 'GET', url }, signal);
    if (answer.is !== 'response') return { found: 'unknown', code: answer.code };
    return answer.status === 200
      ? { found: true, providerRef: null, status: 'accepted' }
      : { found: false };
  }
}

const WORKER = { DEMO: 'false', ROLE: 'worker' };

/** Loaded already: what is left until it works is little. */
async function work(): Promise<void> {
  const app = await NestFactory.createApplicationContext(
    AppModule.forWorker({
      config: readConfig({ ...WORKER, DATABASE_URL: databaseUrl, TOKEN_SECRET: secret }),
      databaseUrl,
      log: pino({ level: 'silent' }),
      clock: new FastClock(),
      channels: Object.entries(IDEMPOTENCY).map(([name, how]) => new HttpChannel(name, how)),
    }),
    { logger: false },
  );
  const recorder = app.get(Recorder, { strict: false });
  process.on('message', () => process.send?.({ late: recorder.late }));
  process.send?.('works');
}

process.once('message', () => void work());
// Whoever started it is gone.
process.on('disconnect', () => process.exit(0));
process.send?.('loaded');

import { expect } from 'vitest';

import type { CallbackOutcome, CallbackRequest } from '../../../src/channels/channel.ts';
import type { CallbackCase, Check, ContractSubject } from './subject.ts';
import { Trial } from './trial.ts';

/** What carries the proof of who sent a request. */
const PROOF = /signature|secret|token|authorization|timestamp|nonce/;
const GARBAGE = [
  '',
  '{',
  '[]',
  'null',
  '<xml>',
  '{"events":7}',
  '<xml><a>&lol;</a></xml>',
  'a=b&%',
];

/** What a channel makes of requests that claim to come from its provider. */
export function callbackChecks(subject: ContractSubject): readonly Check[] {
  const { receipts, inbound } = subject.channel.descriptor.capabilities;
  if (receipts !== 'push' && !inbound) return [];
  const { callbacks } = subject;
  if (callbacks === undefined || callbacks.genuine.length === 0) {
    return [{ id: 'CK-15', name: 'callbacks', run: () => Promise.reject(new Error('no cases')) }];
  }
  const { handshake } = callbacks;
  return [
    ...callbacks.genuine.flatMap((given) => checksOf(subject, given)),
    ...callbacks.forged.map(({ name, request }) => ({
      id: 'CK-16',
      name,
      run: () => {
        expectRefused(subject, request());
      },
    })),
    ...(handshake === undefined
      ? []
      : [
          {
            id: 'CK-20',
            name: 'the handshake is answered',
            run: () => {
              const outcome = ask(subject, handshake.request());
              expect(outcome).toMatchObject({ ok: true, events: [], reply: handshake.reply });
              expectRefused(subject, withoutProof(handshake.request()));
            },
          },
        ]),
  ];
}

function checksOf(subject: ContractSubject, given: CallbackCase): readonly Check[] {
  const { name, request } = given;
  return [
    {
      id: 'CK-15',
      name,
      run: () => {
        const reply = { status: expect.any(Number), ...given.reply };
        const outcome = ask(subject, request());
        expect(outcome).toMatchObject({ ok: true, events: given.events, reply });
        if (outcome.ok) expect(outcome.reply.status).toBe(given.reply?.status ?? 200);
      },
    },
    {
      id: 'CK-17',
      name: `${name}, twice`,
      run: () => {
        const [first, again] = [keysOf(ask(subject, request())), keysOf(ask(subject, request()))];
        expect(again).toEqual(first);
        expect(new Set(first).size).toBe(first.length);
      },
    },
    {
      id: 'CK-16',
      name: `${name}, without proof`,
      run: () => {
        expectRefused(subject, withoutProof(request()));
      },
    },
    ...(given.isBodySigned
      ? [
          {
            id: 'CK-16',
            name: `${name}, one bit changed`,
            run: () => {
              changed(request()).forEach((forged) => {
                expectRefused(subject, forged);
              });
            },
          },
        ]
      : []),
    {
      id: 'CK-19',
      name: `${name}, with garbage for a body`,
      run: () => {
        for (const body of GARBAGE) withGarbage(subject, given, Buffer.from(body));
        withGarbage(subject, given, Buffer.from([0xff, 0xfe, 0x00, 0xd8]));
        withGarbage(subject, given, Buffer.from('['.repeat(100_000)));
      },
    },
  ];
}

/** The provider sent something that nobody understands: no event, no exception. */
function withGarbage(subject: ContractSubject, given: CallbackCase, body: Buffer): void {
  const outcome = ask(subject, { ...given.request(), body });
  expect(outcome.ok ? outcome.events : []).toEqual([]);
  if (given.isBodySigned) expect(outcome.ok).toBe(false);
}

function ask(subject: ContractSubject, request: CallbackRequest): CallbackOutcome {
  const trial = new Trial(subject);
  const outcome = subject.channel.callback!(trial.settings, request, subject.clock.now());
  trial.expectDiscreet(outcome);
  return outcome;
}

function expectRefused(subject: ContractSubject, request: CallbackRequest): void {
  const outcome = ask(subject, request);
  expect(outcome).toMatchObject({ ok: false });
  if (!outcome.ok) expect([400, 401, 403]).toContain(outcome.status);
}

const keysOf = (outcome: CallbackOutcome): readonly string[] =>
  outcome.ok ? outcome.events.map(({ dedupeKey }) => dedupeKey) : [];

/** The same content from somebody who knows no secret: nothing signed, another end of the path. */
function withoutProof(request: CallbackRequest): CallbackRequest {
  const headers = Object.entries(request.headers).filter(([name]) => !PROOF.test(name));
  const url = new URL(request.url);
  url.search = '';
  url.pathname = url.pathname.replace(/[^/]*$/, 'wrong');
  return { ...request, url: url.href, headers: Object.fromEntries(headers) };
}

/** One bit of the body changed, at several places. */
function changed(request: CallbackRequest): readonly CallbackRequest[] {
  const { length } = request.body;
  const places = [0, Math.floor(length / 3), Math.floor(length / 2), length - 1];
  return [...new Set(places)].map((place) => {
    const body = Buffer.from(request.body);
    body[place] = body[place]! ^ 1;
    return { ...request, body };
  });
}

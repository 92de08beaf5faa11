import { describe, expect, it } from 'vitest';
import fc from 'fast-check';

import { openEnvelope } from '../../src/channels/wechat/envelope.ts';
import { wechatSignature } from '../../src/channels/wechat/signature.ts';
import { sealed } from './fakes/wechat-envelope.ts';

const KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
const SEALED =
  'tidchtnSsHLqZSpXZ2LjJ3fRatWJ1Ot0oeDZSOakJmoL9dE08VpLgZ2yHSH3wq2NCoM9GS3BeLNtoHeEXSqscg==';
const ECHO =
  'tidchtnSsHLqZSpXZ2LjJ47wrDpBPzT0D3/MN5fgV344OGGs4CQh4oB6bA4iUf7S7l9BUf134nsBLKCqM2f8DQ==';
const MESSAGE = '<xml><Content>hi</Content></xml>';

describe('signatures of WeChat and WeCom', () => {
  it.each([
    { name: 'wechat-get-signature', signed: [], is: 'a83561230f657434ed17865ce9dbacbd1601fe6e' },
    {
      name: 'wechat-msg-signature',
      signed: [SEALED],
      is: 'd4681c9546e4a1915cd1b82a66b0cc05228e1a5f',
    },
    {
      name: 'wecom-echostr-signature',
      signed: [ECHO],
      is: 'ac682722b180bc1ab40edb5d0b3059a49fa918ae',
    },
  ])('$name', ({ signed, is }) => {
    expect(wechatSignature('token', '1409659589', '263014780', ...signed)).toBe(is);
  });
});

describe('envelopes of WeChat and WeCom', () => {
  it('wechat-encrypt: the fake seals as the provider does', () => {
    expect(sealed(KEY, MESSAGE, 'wxappid', '9dd4e461268c8034f5c8564e155c67a6')).toBe(SEALED);
  });

  it.each([
    { name: 'wechat-decrypt', encrypted: SEALED, id: 'wxappid', message: MESSAGE },
    {
      name: 'wecom-echostr-decrypt',
      encrypted: ECHO,
      id: 'wwcorpid0001',
      message: '1616140317555161061',
    },
  ])('$name', ({ encrypted, id, message }) => {
    expect(openEnvelope(KEY, encrypted, id)).toBe(message);
    expect(openEnvelope(KEY, encrypted, 'another')).toBeUndefined();
  });

  it('opens what was sealed, whatever its length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
        expect(openEnvelope(KEY, sealed(KEY, text, 'wx1'), 'wx1')).toBe(text);
      }),
    );
  });

  it('throws on nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const encrypted = Buffer.from(bytes).toString('base64');
        expect(openEnvelope(KEY, encrypted, 'wx1')).toBeUndefined();
      }),
    );
  });
});

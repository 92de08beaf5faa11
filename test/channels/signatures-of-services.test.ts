import { describe, expect, it } from 'vitest';
import fc from 'fast-check';

import { type Acs3Request, signAcs3 } from '../../src/channels/aliyun-sms/acs3.ts';
import { isSameSecret } from '../../src/channels/constant-time.ts';
import { dingtalkSign } from '../../src/channels/dingtalk/dingtalk.channel.ts';
import { feishuSign } from '../../src/channels/feishu/feishu.channel.ts';
import { signTc3, type Tc3Request } from '../../src/channels/tencent-sms/tc3.ts';
import { isSignedByTwilio, twilioSignature } from '../../src/channels/twilio/signature.ts';
import { metaSignature } from '../../src/channels/whatsapp-cloud/callback.ts';
import { tc3AsServer } from './fakes/tencent-sms.ts';

const DOCUMENTED_ACS3: Acs3Request = {
  accessKeyId: 'YourAccessKeyId',
  accessKeySecret: 'YourAccessKeySecret',
  host: 'ecs.cn-shanghai.aliyuncs.com',
  action: 'RunInstances',
  version: '2014-05-26',
  date: '2023-10-26T10:22:32Z',
  nonce: '3156853299f313e23d1673dc12e1703d',
  query: {
    ImageId: 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd',
    RegionId: 'cn-shanghai',
  },
};

const SMS_ACS3: Acs3Request = {
  accessKeyId: 'testid',
  accessKeySecret: 'testsecret',
  host: 'dysmsapi.aliyuncs.com',
  action: 'SendSms',
  version: '2017-05-25',
  date: '2026-11-22T01:02:03Z',
  nonce: '00000000000000000000000000000001',
  query: {
    OutId: 'dlv_1',
    PhoneNumbers: '13800138000',
    SignName: '鞋管家',
    TemplateCode: 'SMS_123456789',
    TemplateParam: '{"shoe":"AJ1","time":"周五 15:00"}',
  },
};

describe('ACS3-HMAC-SHA256', () => {
  it.each([
    {
      name: 'the documented example',
      request: DOCUMENTED_ACS3,
      signature: '06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
    },
    {
      name: 'an SMS',
      request: SMS_ACS3,
      signature: '843442d06e634230009ceb65dac391887b8e25d79883f8b4c26d5c586aa6b411',
    },
  ])('$name', ({ request, signature }) => {
    expect(signAcs3(request).signature).toBe(signature);
    expect(signAcs3(request).headers.authorization).toMatch(new RegExp(`Signature=${signature}$`));
  });

  it('hashes the canonical request of an SMS', () => {
    expect(signAcs3(SMS_ACS3).canonicalHash).toBe(
      '54a5b7c9d45e6bf092c99898775aa68812bf8da3aa32803f22d9a83e1ad7a5e6',
    );
  });

  it('changes with any change of secret, date, nonce or parameter', () => {
    const changes: readonly Partial<Acs3Request>[] = [
      { accessKeySecret: 'testsecreu' },
      { date: '2026-11-22T01:02:04Z' },
      { nonce: '00000000000000000000000000000002' },
      { query: { ...SMS_ACS3.query, OutId: 'dlv_2' } },
    ];
    const signatures = changes.map((change) => signAcs3({ ...SMS_ACS3, ...change }).signature);
    expect(new Set([...signatures, signAcs3(SMS_ACS3).signature]).size).toBe(5);
  });
});

const SMS_TC3: Tc3Request = {
  secretId: 'AKID',
  secretKey: 'SKEXAMPLE',
  host: 'sms.tencentcloudapi.com',
  service: 'sms',
  timestampSec: 1_795_309_323,
  contentType: 'application/json',
  body: '{"PhoneNumberSet":["+8613800138000"],"SmsSdkAppId":"1400006666","SignName":"鞋管家","TemplateId":"1110","TemplateParamSet":["AJ1","周五 15:00"],"SessionContext":"dlv_1"}',
};

const DOCUMENTED_TC3: Tc3Request = {
  secretId: 'AKID',
  secretKey: 'Gu5t9xGARNpq86cd98joQYCN3EXAMPLE',
  host: 'cvm.tencentcloudapi.com',
  service: 'cvm',
  timestampSec: 1_551_113_065,
  contentType: 'application/json; charset=utf-8',
  body: String.raw`{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`,
};

/** As the fake provider computes it. */
const asServer = (request: Tc3Request, action?: string): string => {
  const names = action === undefined ? 'content-type;host' : 'content-type;host;x-tc-action';
  const headers = {
    'content-type': request.contentType,
    host: request.host,
    'x-tc-timestamp': String(request.timestampSec),
    authorization: `TC3-HMAC-SHA256 Credential=x, SignedHeaders=${names}, Signature=`,
    ...(action === undefined ? {} : { 'x-tc-action': action }),
  };
  const body = Buffer.from(request.body);
  return tc3AsServer({ headers, body }, request.secretKey, request.service);
};

describe('TC3-HMAC-SHA256', () => {
  it.each([
    {
      name: 'the documented example',
      request: DOCUMENTED_TC3,
      signature: '72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168',
      date: '2019-02-25',
    },
    {
      name: 'an SMS',
      request: SMS_TC3,
      signature: '1fd9d0f61c522b4f571e68a19563e40ab01798971258b74162c7fb86676b0efd',
      date: '2026-11-22',
    },
  ])('$name', ({ request, signature, date }) => {
    expect(signTc3(request)).toBe(
      `TC3-HMAC-SHA256 Credential=AKID/${date}/${request.service}/tc3_request, ` +
        `SignedHeaders=content-type;host, Signature=${signature}`,
    );
    expect(asServer(request)).toBe(signature);
  });

  it.each([
    {
      name: 'the documented example',
      request: { ...DOCUMENTED_TC3, secretKey: '********************************' },
      action: 'DescribeInstances',
      signature: '10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f',
    },
    {
      name: 'an SMS',
      request: SMS_TC3,
      action: 'SendSms',
      signature: '0eed523c60638c367610adc53bae8dea490ab2a91c0c44c3846dc6c6684ac2d6',
    },
  ])('the fake takes a signed action too: $name', ({ request, action, signature }) => {
    expect(asServer(request, action)).toBe(signature);
  });
});

const TWILIO_URL = 'https://mycompany.com/myapp.php?foo=1&bar=2';
const TWILIO_FORM = new URLSearchParams({
  CallSid: 'CA1234567890ABCDE',
  Caller: '+14158675310',
  Digits: '1234',
  From: '+14158675310',
  To: '+18005551212',
});
const TWILIO_SIGNATURE = 'GvWf1cFY/Q7PnoempGyD5oXAezc=';

describe('the signature of Twilio', () => {
  it('is that of the documented example', () => {
    expect(twilioSignature('12345', TWILIO_URL, TWILIO_FORM)).toBe(TWILIO_SIGNATURE);
  });

  it.each([
    {
      name: 'without a port',
      signed: 'https://a.example/x?d=1',
      called: 'https://a.example:8443/x?d=1',
    },
    {
      name: 'with the usual port',
      signed: 'https://a.example:443/x?d=1',
      called: 'https://a.example/x?d=1',
    },
    {
      name: 'with the usual port of http',
      signed: 'http://a.example:80/x',
      called: 'http://a.example/x',
    },
    { name: 'as it is', signed: 'https://a.example:8443/x', called: 'https://a.example:8443/x' },
  ])('may be over the address $name', ({ signed, called }) => {
    const given = twilioSignature('12345', signed, TWILIO_FORM);
    expect(isSignedByTwilio('12345', called, TWILIO_FORM, given)).toBe(true);
    expect(isSignedByTwilio('12345', `${called}0`, TWILIO_FORM, given)).toBe(false);
  });
});

describe('other signatures', () => {
  it.each([
    {
      name: 'WhatsApp',
      given: metaSignature('appsecret', '{"object":"whatsapp_business_account","entry":[]}'),
      expected: 'sha256=09eceea024af6e6343b760cc9bd3ae7c056938dd636e24e92109eb8219500384',
    },
    {
      name: 'DingTalk',
      given: encodeURIComponent(dingtalkSign('SECtest', 1_700_000_000_000)),
      expected: 'aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g%3D',
    },
    {
      name: 'Feishu',
      given: feishuSign('feishusecret', 1_700_000_000),
      expected: '5Wc8F8b2vZlNjoVFpK6BAaovMobglP4Rm1FzmEq/rCU=',
    },
  ])('$name', ({ given, expected }) => {
    expect(given).toBe(expected);
  });
});

describe('a signature', () => {
  const anyBody = fc.uint8Array({ minLength: 1, maxLength: 64 });

  it('is another one after any flipped bit of the body', () => {
    fc.assert(
      fc.property(anyBody, fc.nat(), (body, place) => {
        const changed = Uint8Array.from(body);
        const bit = place % (body.length * 8);
        changed[bit >> 3]! ^= 1 << (bit & 7);
        expect(metaSignature('secret', changed)).not.toBe(metaSignature('secret', body));
      }),
    );
  });

  it('is compared without an exception, whatever the lengths', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (given, right) => {
        expect(isSameSecret(given, right)).toBe(given === right);
      }),
    );
  });
});

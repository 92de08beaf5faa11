import { z } from 'zod';

import type { EpochMs } from '../core/time/time.ts';
import { secretSetting, settingText, shownSetting } from './account-settings.ts';
import type {
  Capabilities,
  Channel,
  MessageContent,
  RateLimit,
  SendContext,
  SendOutcome,
  SettingField,
  Way,
} from './channel.ts';
import { jsonBytes } from './json-bytes.ts';
import {
  badResponse,
  type CodeTable,
  meaningOf,
  refusedByStatus,
  refusedWith,
  unanswered,
  withoutSecrets,
} from './outcomes.ts';
import { asParagraphs } from './paragraphs.ts';
import { readJson } from './read-json.ts';

/** The account says which group, so the address says nothing. */
const RobotAddress = z.strictObject({});
type RobotAddress = z.output<typeof RobotAddress>;

/** Settings that any robot may have. */
export const ROBOT_SETTINGS = {
  signSecret: settingText.optional(),
  keyword: settingText.optional(),
};

export const ROBOT_FIELDS: readonly SettingField[] = [
  secretSetting('signSecret', false, 'The secret of a robot that wants to be signed to.'),
  shownSetting('keyword', false, 'A word that the robot demands in each message.'),
  shownSetting('baseUrl', false, 'Origin of the API, for a test.'),
];

const WAYS: readonly Way[] = [{ name: 'text', grant: null }];

const CAPABILITIES: Capabilities = {
  idempotency: { is: 'none' },
  receipts: 'sync',
  inbound: false,
  calendar: false,
  photo: false,
  approvedTemplates: false,
};

/** Both providers take 20,000 bytes; this leaves room for what is around the words. */
const MOST_BYTES = 19_000;

interface RobotSettings {
  readonly signSecret?: string | undefined;
  readonly keyword?: string | undefined;
}

/** One message as a robot is called to say it. */
export interface RobotCall {
  readonly url: string;
  readonly body: unknown;
  readonly secrets: readonly (string | undefined)[];
}

/** What differs between robots. */
export interface RobotKind<Settings extends RobotSettings> {
  readonly name: string;
  readonly settings: z.ZodType<Settings>;
  readonly fields: readonly SettingField[];
  readonly rates: readonly RateLimit[];
  readonly provider: RobotProvider;
  readonly callOf: (settings: Settings, text: string, now: EpochMs) => RobotCall;
}

/** A robot in a group of colleagues; its payload is what it says. */
export const robotChannel = <Settings extends RobotSettings>(
  kind: RobotKind<Settings>,
): Channel<Settings, RobotAddress, string> => ({
  descriptor: {
    name: kind.name,
    reaches: 'endpoint',
    audience: 'staff',
    capabilities: CAPABILITIES,
    rates: kind.rates,
    timeoutMs: 10_000,
    settings: kind.fields,
  },
  settings: kind.settings,
  address: RobotAddress,
  addressKey: () => 'endpoint',
  ways: () => WAYS,

  compose: ({ keyword }, { content }) => {
    const text = robotText(content, keyword);
    return { ok: true, payload: text, shown: { title: null, text } };
  },

  send: (settings, _message, text, context) =>
    callRobot(kind.provider, kind.callOf(settings, text, context.now()), context),
});

/** The words for the group, with the keyword that the robot may demand of each message. */
function robotText(content: MessageContent, keyword: string | undefined): string {
  if (keyword === undefined || asParagraphs(content).includes(keyword)) {
    return asParagraphs(content, MOST_BYTES, jsonBytes);
  }
  const title = content.title === '' ? keyword : `${keyword} ${content.title}`;
  return asParagraphs({ ...content, title }, MOST_BYTES, jsonBytes);
}

/** How the provider of a robot answers. */
export interface RobotProvider {
  readonly answer: z.ZodType<{ readonly code: number; readonly message: string }>;
  readonly codes: CodeTable;
  /** What to look at when a code comes; added to what the provider says. */
  readonly hints: Readonly<Record<string, string>>;
  /** How long it takes no message from one that sent too many; null: it does not say. */
  readonly lockOutMs: number | null;
}

/** Posts one message to a robot. */
async function callRobot(
  { answer: shape, codes, hints, lockOutMs }: RobotProvider,
  { url, body, secrets }: RobotCall,
  { http, now, signal }: SendContext,
): Promise<SendOutcome> {
  const headers = { 'content-type': 'application/json' };
  const request = { method: 'POST', url, headers, body: JSON.stringify(body) } as const;
  const response = await http.request(request, signal);
  if (response.is !== 'response') return unanswered(response);
  const { status, text } = response;
  const answer = readJson(text, shape);
  if (answer === undefined)
    return status === 200 ? badResponse() : refusedByStatus(response, now());
  if (answer.code === 0 && status === 200) {
    return { outcome: 'accepted', providerRef: null, isDelivered: true };
  }
  const code = String(answer.code);
  const said = withoutSecrets(answer.message, secrets);
  const message = hints[code] === undefined ? said : `${said} (look at: ${hints[code]})`;
  const isLockedOut = meaningOf(codes, code) === 'rateLimit';
  return refusedWith(codes, status, {
    code,
    message,
    retryAfterMs: isLockedOut ? lockOutMs : null,
  });
}

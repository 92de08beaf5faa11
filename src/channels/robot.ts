import { z } from 'zod';

import type { Capabilities, OutgoingMessage, SendContext, SendOutcome, Way } from './channel.ts';
import type { TextMeasure } from './fit-text.ts';
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

/** A robot in a group of colleagues. The account says which group, so the address says nothing. */
export const RobotAddress = z.strictObject({});
export type RobotAddress = z.output<typeof RobotAddress>;

export const ROBOT_WAYS: readonly Way[] = [{ name: 'text', grant: null }];

export const ROBOT_CAPABILITIES: Capabilities = {
  idempotency: { is: 'none' },
  receipts: 'sync',
  inbound: false,
  calendar: false,
  photo: false,
  approvedTemplates: false,
};

/** What the text takes in a JSON document. */
const jsonBytes: TextMeasure = (text) => Buffer.byteLength(JSON.stringify(text)) - 2;

/**
 * The words for the group, with the keyword that the robot may demand of each message.
 *
 * @param mostBytes of them in the request
 */
export function robotText(
  { content }: Pick<OutgoingMessage<unknown>, 'content'>,
  keyword: string | undefined,
  mostBytes: number,
): string {
  if (keyword === undefined || asParagraphs(content).includes(keyword)) {
    return asParagraphs(content, mostBytes, jsonBytes);
  }
  const title = content.title === '' ? keyword : `${keyword} ${content.title}`;
  return asParagraphs({ ...content, title }, mostBytes, jsonBytes);
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
export async function callRobot(
  { answer: shape, codes, hints, lockOutMs }: RobotProvider,
  { url, body, secrets }: { url: string; body: unknown; secrets: readonly (string | undefined)[] },
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

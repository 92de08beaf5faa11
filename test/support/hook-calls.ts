import type { ChannelEvent } from '../../src/channels/channel.ts';
import type { TestService } from './service.ts';

export const HOOK_SECRET = 'the-secret-of-told';

export interface HookAnswer {
  readonly status: number;
  readonly type: string | null;
  readonly body: string;
}

/** Calls the service as a provider does. */
export async function callHook(
  service: TestService,
  path: string,
  init: RequestInit,
): Promise<HookAnswer> {
  const response = await fetch(`${new URL(service.url).origin}/hooks/${path}`, init);
  const body = await response.text();
  return { status: response.status, type: response.headers.get('content-type'), body };
}

/** Tells events over the channel `told`. */
export const tell = (
  service: TestService,
  events: readonly ChannelEvent[],
  account = 'default',
): Promise<HookAnswer> =>
  callHook(service, `told/${account}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-secret': HOOK_SECRET },
    body: JSON.stringify(events),
  });

type Receipt = Extract<ChannelEvent, { is: 'receipt' }>;

/** A receipt that says when it was and, without a key of its own, is another one each time. */
export const aReceipt = (
  status: Receipt['status'],
  parts: Partial<Receipt> & Pick<Receipt, 'at'>,
): Receipt => ({
  ...{ is: 'receipt', dedupeKey: `${(receipts += 1)}:${status}`, deliveryId: null },
  ...{ providerRef: null, status, code: null },
  ...parts,
});
let receipts = 0;

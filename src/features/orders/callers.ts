import { createHash } from 'node:crypto';

import type { SignedInCaller } from '../../platform/signin/caller.ts';

/** A stable name for a caller that says nothing about a person: for keys, holds and the event log. */
export function callerKey(caller: SignedInCaller): string {
  if (caller.role !== 'customer') return caller.id;
  const { kind, value } = caller.contact;
  return `customer:${createHash('sha256').update(`${kind}:${value}`).digest('base64url').slice(0, 22)}`;
}

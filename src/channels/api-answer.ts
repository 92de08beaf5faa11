import type { Verified } from './channel.ts';
import type { Failure } from './outcomes.ts';

/** What an API of a provider answered to one call. */
export type ApiAnswer<T> =
  { readonly ok: true; readonly body: T } | { readonly ok: false; readonly failure: Failure };

/** Whether settings work, by the answer to a harmless call: a "no" to what was asked is answered to us too. */
export function verifiedBy(answer: ApiAnswer<unknown>): Verified {
  if (answer.ok) return { ok: true };
  const { failure } = answer;
  if (failure.outcome === 'permanent' && failure.because !== 'configuration') return { ok: true };
  return { ok: false, code: failure.code, message: failure.message };
}

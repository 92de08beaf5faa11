/** Outcome of an operation that can be refused for a reason the caller must handle. */
export type Result<T, E extends RefusalData> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

/** A refusal is data, not an exception: a stable code and the facts needed to explain it. */
export interface RefusalData {
  readonly code: string;
}

export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });

export const refuse = <E extends RefusalData>(
  error: E,
): { readonly ok: false; readonly error: E } => ({ ok: false, error });

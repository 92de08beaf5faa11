import { QueryFailedError } from 'typeorm';

interface ServerError {
  readonly code?: string;
  readonly constraint?: string;
  readonly detail?: string;
}

/** Two transactions got in each other's way and one was undone: doing it again may succeed. */
const TRY_AGAIN = new Set(['40001', '40P01']);

/** Whether a statement failed because of the constraint of this name (unique, check, foreign key). */
export function violates(error: unknown, constraint: string): boolean {
  return serverError(error)?.constraint === constraint;
}

/** What a statement of ours that failed with this SQLSTATE tells in detail; undefined: it is another fault. */
export function detailOf(error: unknown, code: string): string | undefined {
  const fault = serverError(error);
  return fault?.code === code ? fault.detail : undefined;
}

/** Whether a transaction was undone by a deadlock or a serialization failure. */
export function isSerializationFault(error: unknown): boolean {
  return TRY_AGAIN.has(serverError(error)?.code ?? '');
}

/** SQLSTATEs of text with a character that PostgreSQL cannot keep: the null character, halves of characters. */
const UNSTORABLE = new Set(['22021', '22P05']);

/** Whether what was to be stored or looked for holds a character that no text of the database can hold. */
export function isUnstorable(error: unknown): boolean {
  return UNSTORABLE.has(serverError(error)?.code ?? '');
}

function serverError(error: unknown): ServerError | undefined {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  return cause instanceof Error ? (cause as ServerError) : undefined;
}

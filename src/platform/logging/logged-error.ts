const MOST_CAUSES = 5;

/** What the log says of a fault. */
export interface LoggedError {
  readonly message: string;
  readonly stack?: string;
  /** Of the system or the database, such as ECONNREFUSED or 23505. */
  readonly code?: string;
  readonly cause?: LoggedError;
}

/**
 * Stack and code of a fault and of all that caused it. Leaves out its other properties: those of a failed
 * statement are its parameters, which may be personal.
 */
export function loggedError(fault: unknown, mostCauses = MOST_CAUSES): LoggedError {
  if (!(fault instanceof Error)) return { message: `thrown ${typeof fault}` };
  const { message, stack, cause, code } = fault as NodeJS.ErrnoException;
  return {
    message,
    ...(stack === undefined ? {} : { stack }),
    ...(typeof code === 'string' ? { code } : {}),
    ...(cause === undefined || mostCauses === 0
      ? {}
      : { cause: loggedError(cause, mostCauses - 1) }),
  };
}

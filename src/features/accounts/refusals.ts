import type { z } from 'zod';

/** One value that does not fit; `message` never says the value. */
export interface SettingProblem {
  readonly path: string;
  readonly message: string;
}

export interface InvalidSettings {
  readonly code: 'INVALID_SETTINGS';
  readonly problems: readonly SettingProblem[];
}

export interface UnknownChannel {
  readonly code: 'UNKNOWN_CHANNEL' | 'UNKNOWN_ACCOUNT';
}

export interface UnknownCustomer {
  readonly code: 'UNKNOWN_CUSTOMER';
}

export const invalidSettings = (problems: readonly SettingProblem[]): InvalidSettings => ({
  code: 'INVALID_SETTINGS',
  problems,
});

export const unknownChannel = (code: UnknownChannel['code']): UnknownChannel => ({ code });

export const UNKNOWN_CUSTOMER: UnknownCustomer = { code: 'UNKNOWN_CUSTOMER' };

const MOST_PROBLEMS = 100;

export const problemsOf = (error: z.ZodError, root: string): readonly SettingProblem[] =>
  error.issues.slice(0, MOST_PROBLEMS).map(({ path, message }) => ({
    path: [root, ...path].map(String).join('.'),
    message,
  }));

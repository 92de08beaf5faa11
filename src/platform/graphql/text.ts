import { badInput } from './errors.ts';

/** The null character and halves of characters, which the database does not take. */
const UNSTORABLE = /[\0\p{Cs}]/u;

export interface TextRule {
  /** How the text is called at the start of a sentence. */
  readonly what: string;
  /** In characters, both included. */
  readonly least: number;
  readonly most: number;
}

/** @throws GraphQLError BAD_USER_INPUT that names `inputPath` unless `text` keeps the rule and can be stored */
export function checkText(text: string, { what, least, most }: TextRule, inputPath: string): void {
  const length = Array.from(text).length;
  if (length < least || length > most) {
    throw badInput(`${what} has ${least} to ${most} characters.`, inputPath);
  }
  if (UNSTORABLE.test(text)) {
    throw badInput(`${what} holds a character that cannot be stored.`, inputPath);
  }
}

import { ENGLISH } from './language-en.ts';
import { CHINESE } from './language-zh-cn.ts';
import type { Language } from './language.ts';

/** Every language that messages are written in. Adding one: its file, and one line here. */
export const LANGUAGES: readonly Language[] = [ENGLISH, CHINESE];

/** Of customers who never said, and of those whose language is not here. */
const FALLBACK = ENGLISH;
const MOST_REMEMBERED = 256;

/** A language, and the locale of its dates and numbers. */
export interface Wording {
  readonly language: Language;
  readonly formats: string;
}

const remembered = new Map<string, Wording>();

/**
 * The words for somebody whose locale is `locale`: of exactly that locale, else of its language, else
 * English. Dates follow the region that it names.
 *
 * @param locale BCP 47; null, or a text that is none: not known
 */
export function wordingFor(locale: string | null): Wording {
  const asked = locale ?? FALLBACK.locale;
  const known = remembered.get(asked);
  if (known !== undefined) return known;

  const wording = find(asked);
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(asked, wording);
  return wording;
}

function find(asked: string): Wording {
  const parsed = parse(asked);
  const language =
    LANGUAGES.find(({ locale }) => locale === parsed?.baseName) ??
    LANGUAGES.find(({ locale }) => parsed?.language === new Intl.Locale(locale).language);
  return language === undefined
    ? { language: FALLBACK, formats: FALLBACK.formatsOf(undefined) }
    : { language, formats: language.formatsOf(parsed?.region) };
}

function parse(locale: string): Intl.Locale | null {
  try {
    return new Intl.Locale(locale);
  } catch {
    return null;
  }
}

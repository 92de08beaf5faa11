import { IntlMessageFormat } from 'intl-messageformat';

import { ok, refuse, type RefusalData, type Result } from '../../core/result.ts';

/** How a message uses a variable: shown, counted, chosen by, or in a way that templates do not have. */
export interface IcuUse {
  readonly name: string;
  readonly as: 'text' | 'count' | 'choice' | 'other';
  /** Cases of a choice, without `other`. */
  readonly cases: readonly string[];
}

/** A message as Unicode's ICU writes them, read. */
export interface Icu {
  readonly uses: readonly IcuUse[];
  /** Values go in as they are: nothing in them is read as a message. */
  format(values: object): string;
}

export interface IcuFault extends RefusalData {
  readonly code: 'ICU_SYNTAX';
  /** As the reader names the fault, e.g. `EXPECT_ARGUMENT_CLOSING_BRACE`. */
  readonly fault: string;
}

/** Of the reader's tree, what is looked at. Its numbers name the sorts of elements. */
interface Element {
  readonly type: number;
  readonly value: string;
  readonly options?: Readonly<Record<string, { readonly value: readonly Element[] }>>;
}

const LITERAL = 0;
const ARGUMENT = 1;
const SELECT = 5;
const PLURAL = 6;
const POUND = 7;

/** @param locale decides on plurals */
export function readIcu(text: string, locale: string): Result<Icu, IcuFault> {
  try {
    const formatters = formattersFor(locale);
    const message = new IntlMessageFormat(text, locale, undefined, { ignoreTag: true, formatters });
    const uses = usesIn(message.getAst() as unknown as readonly Element[]);
    return ok({
      uses,
      format: (values) => message.format(values as Record<string, string | number>) as string,
    });
  } catch (fault) {
    return refuse({ code: 'ICU_SYNTAX', fault: (fault as Error).message });
  }
}

function usesIn(elements: readonly Element[]): IcuUse[] {
  return elements.flatMap((element) => {
    const { type, value: name, options = {} } = element;
    if (type === LITERAL || type === POUND) return [];
    const within = Object.values(options).flatMap((option) => usesIn(option.value));
    return [useOf(type, name, Object.keys(options)), ...within];
  });
}

function useOf(type: number, name: string, options: readonly string[]): IcuUse {
  switch (type) {
    case ARGUMENT:
      return { name, as: 'text', cases: [] };
    case PLURAL:
      return { name, as: 'count', cases: [] };
    case SELECT:
      return { name, as: 'choice', cases: options.filter((option) => option !== 'other') };
    default:
      return { name, as: 'other', cases: [] };
  }
}

interface Formatters {
  readonly getPluralRules: (locale: unknown, options?: Intl.PluralRulesOptions) => Intl.PluralRules;
  readonly getNumberFormat: () => Intl.NumberFormat;
  readonly getDateTimeFormat: () => Intl.DateTimeFormat;
}

const byLocale = new Map<string, Formatters>();

/** The formatter's own cache costs more than formatting does. */
function formattersFor(locale: string): Formatters {
  const known = byLocale.get(locale);
  if (known !== undefined) return known;
  const cardinal = new Intl.PluralRules(locale);
  const ordinal = new Intl.PluralRules(locale, { type: 'ordinal' });
  const numbers = new Intl.NumberFormat(locale);
  const dates = new Intl.DateTimeFormat(locale);
  const formatters: Formatters = {
    getPluralRules: (_, options) => (options?.type === 'ordinal' ? ordinal : cardinal),
    getNumberFormat: () => numbers,
    getDateTimeFormat: () => dates,
  };
  byLocale.set(locale, formatters);
  return formatters;
}

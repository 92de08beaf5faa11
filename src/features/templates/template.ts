import type { MessageKind } from '../../core/messages/kinds.ts';
import { ok, refuse, type RefusalData, type Result } from '../../core/result.ts';
import { readIcu, type Icu, type IcuUse } from './icu.ts';
import type { MessageTexts } from './language.ts';
import { demandsOf, variable, variablesOf, type VariableName } from './variables.ts';

export type TextPart = keyof MessageTexts;

/** Something about a template that does not fit. */
export interface TemplateProblem {
  readonly part: TextPart;
  /** null: it is about the text as a whole. */
  readonly variable: string | null;
  readonly message: string;
}

export interface InvalidTemplate extends RefusalData {
  readonly code: 'INVALID_TEMPLATE';
  readonly kind: MessageKind;
  readonly locale: string;
  readonly problems: readonly TemplateProblem[];
}

/** By the name of the variable; null: there is no value. */
export type TemplateValues = Readonly<Record<VariableName, string | number | null>>;

/** Checked texts of one kind in one language. */
export interface Template {
  render(values: TemplateValues): MessageTexts;
}

/** A piece of a text that is told or left out as a whole. */
interface Piece {
  readonly message: Icu;
  readonly names: ReadonlySet<string>;
  /** What it names that may be missing. */
  readonly needs: readonly VariableName[];
}

/** Reads and checks texts: every variable is known and rightly used, and none that the kind demands is missing. */
export function compileTemplate(
  kind: MessageKind,
  locale: string,
  texts: MessageTexts,
): Result<Template, InvalidTemplate> {
  const [title, text, short] = (['title', 'text', 'short'] as const).map((part) =>
    readPart(kind, locale, part, texts[part]),
  ) as [Part, Part, Part];
  const problems = [...title.problems, ...text.problems, ...short.problems];
  if (problems.length > 0) return refuse({ code: 'INVALID_TEMPLATE', kind, locale, problems });

  const [titlePiece, shortPiece] = [title.pieces[0]!, short.pieces[0]!];
  return ok({
    render: (values) => ({
      title: titlePiece.message.format(values),
      text: told(text.pieces, values),
      short: shortPiece.message.format(values),
    }),
  });
}

function told(pieces: readonly Piece[], values: TemplateValues): string {
  return pieces
    .filter(({ needs }) => needs.every((name) => values[name] !== null))
    .map(({ message }) => message.format(values))
    .join('\n\n');
}

interface Part {
  readonly pieces: readonly Piece[];
  readonly problems: readonly TemplateProblem[];
}

function readPart(kind: MessageKind, locale: string, part: TextPart, text: string): Part {
  const problems: TemplateProblem[] = [];
  const object = (name: string | null, message: string) =>
    problems.push({ part, variable: name, message });
  if (text.trim() === '') object(null, 'It is empty.');
  if (part !== 'text' && text.includes('\n')) object(null, 'It is more than one line.');

  const pieces: Piece[] = [];
  for (const piece of part === 'text' ? text.trim().split(/\n(?:[ \t]*\n)+/) : [text]) {
    const read = readIcu(piece, locale);
    if (!read.ok) {
      object(null, `It cannot be read (${read.error.fault}): ${beginning(piece)}`);
      continue;
    }
    const { uses } = read.value;
    for (const [name, message] of misuses(kind, part, uses)) object(name, message);
    pieces.push(pieceOf(read.value));
  }
  if (problems.length === 0 && part !== 'title') {
    for (const [name, message] of unmet(kind, part, pieces)) object(name, message);
  }
  return { pieces, problems };
}

function pieceOf(message: Icu): Piece {
  const names = new Set(message.uses.map(({ name }) => name));
  const needs = [...names].filter((name) => !variable(name)?.isAlwaysThere);
  return { message, names, needs: needs as VariableName[] };
}

function* misuses(
  kind: MessageKind,
  part: TextPart,
  uses: readonly IcuUse[],
): Generator<[name: string, message: string]> {
  const known: ReadonlySet<string> = new Set(variablesOf(kind));
  for (const use of uses) {
    const { name, as } = use;
    if (!known.has(name)) {
      yield [name, `There is no variable {${name}} in messages of this kind.`];
      continue;
    }
    const { type, isAlwaysThere, choices = [] } = variable(name)!;
    if (as !== 'text' && as !== type) {
      yield [name, `{${name}} cannot be used like that; write it as {${name}}.`];
    }
    const unknown = use.cases.filter((value) => !choices.includes(value));
    if (as === type && unknown.length > 0) {
      yield [name, `{${name}} is never ${unknown.join(' or ')}; it is ${choices.join(' or ')}.`];
    }
    if (!isAlwaysThere && part !== 'text') {
      yield [name, `{${name}} may be missing, so it can stand in a paragraph of the text alone.`];
    }
  }
}

/** What the kind demands and no piece says that is always told. */
function* unmet(
  kind: MessageKind,
  part: 'text' | 'short',
  pieces: readonly Piece[],
): Generator<[name: string, message: string]> {
  const said = new Set(
    pieces.flatMap(({ names, needs }) => (needs.length === 0 ? [...names] : [])),
  );
  for (const demand of demandsOf(kind, part)) {
    if (demand.some((name) => said.has(name))) continue;
    const names = demand.map((name) => `{${name}}`).join(' or ');
    yield [demand[0]!, `${names} is missing, or only in a paragraph that may be left out.`];
  }
}

const beginning = (text: string): string => Array.from(text).slice(0, 40).join('');

import type { MessageContent } from '../../channels/channel.ts';
import { ALL_MESSAGE_KINDS, ruleOf, type MessageKind } from '../../core/messages/kinds.ts';
import type { MessageFacts } from './facts.ts';
import { fieldsOf } from './fields.ts';
import { LANGUAGES, wordingFor } from './languages.ts';
import type { MessageTexts } from './language.ts';
import { MessageValues } from './message-values.ts';
import { phrasebookOf } from './phrasebook.ts';
import { compileTemplate, type InvalidTemplate, type Template } from './template.ts';

/** A calendar file goes with what makes, moves or ends appointments. */
const WITH_CALENDAR: ReadonlySet<MessageKind> = new Set<MessageKind>([
  ...(['ORDER_BOOKED', 'MOVED', 'CANCELLED'] as const),
]);

/** Texts in the place of a language's own; a part that is missing is the language's own. */
export interface TemplateOverride {
  readonly kind: MessageKind;
  readonly locale: string;
  readonly texts: Partial<MessageTexts>;
}

/** All words of messages as they are at one time. Immutable; the same facts always give the same words. */
export class Words {
  private constructor(private readonly templates: ReadonlyMap<string, Template>) {}

  /**
   * @param overrides the later of two of the same kind and locale counts; of other languages than there
   *   are: ignored
   * @throws InvalidTemplates that names every variable that a template misses or invents
   */
  static of(overrides: readonly TemplateOverride[], languages = LANGUAGES): Words {
    const templates = new Map<string, Template>();
    const faults: InvalidTemplate[] = [];
    const changed = new Map(overrides.map(({ kind, locale, texts }) => [key(kind, locale), texts]));
    for (const { locale, messages } of languages) {
      for (const kind of ALL_MESSAGE_KINDS) {
        const texts = { ...messages[kind], ...changed.get(key(kind, locale)) };
        const template = compileTemplate(kind, locale, texts);
        if (template.ok) templates.set(key(kind, locale), template.value);
        else faults.push(template.error);
      }
    }
    if (faults.length > 0) throw new InvalidTemplates(faults);
    return new Words(templates);
  }

  /**
   * What a person is told, in their language or one that stands in for it.
   *
   * @param locale BCP 47; null: not known
   * @throws Error if a store of the order is not in the network
   */
  contentFor(kind: MessageKind, locale: string | null, facts: MessageFacts): MessageContent {
    const { language } = wordingFor(locale);
    return contentOf(this.templates.get(key(kind, language.locale))!, kind, locale, facts);
  }
}

/** As {@link Words.contentFor}, of a template that need not be in use. */
export function contentOf(
  template: Template,
  kind: MessageKind,
  locale: string | null,
  facts: MessageFacts,
): MessageContent {
  const wording = wordingFor(locale);
  const book = phrasebookOf(wording);
  const values = new MessageValues(kind, facts, book);
  const { photoUrl } = facts.details ?? {};
  return {
    kind: ruleOf(kind).name,
    locale: wording.language.locale,
    ...template.render(values),
    fields: fieldsOf(kind, facts, values, book),
    link: facts.orderLink,
    photo: photoUrl == null ? null : { url: photoUrl, caption: `${values.items}: ${values.stage}` },
    calendar: WITH_CALENDAR.has(kind) ? (facts.calendar ?? null) : null,
  };
}

/** Templates that the service cannot work with. */
export class InvalidTemplates extends Error {
  constructor(readonly templates: readonly InvalidTemplate[]) {
    const lines = templates.flatMap(({ kind, locale, problems }) =>
      problems.map(({ part, message }) => `${kind} in ${locale}, ${part}: ${message}`),
    );
    super(`bad message templates\n  ${lines.join('\n  ')}`);
  }
}

const key = (kind: MessageKind, locale: string): string => `${kind} ${locale}`;

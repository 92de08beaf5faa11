import { Injectable } from '@nestjs/common';

import { ALL_MESSAGE_KINDS, type MessageKind } from '../../core/messages/kinds.ts';
import { ok, type Result } from '../../core/result.ts';
import type { EpochMs } from '../../core/time/time.ts';
import type { Language, MessageTexts } from './language.ts';
import { compileTemplate, type InvalidTemplate } from './template.ts';
import { TemplateStore, type StoredTemplate } from './template-store.ts';
import { Templates } from './templates.service.ts';

/** The texts of one kind in one language, as they are sent and as the service brought them. */
export interface StandingTemplate {
  readonly kind: MessageKind;
  readonly locale: string;
  readonly texts: MessageTexts;
  readonly original: MessageTexts;
  /** null: never changed, or put back. */
  readonly changedAt: EpochMs | null;
}

/** Headquarters read and change what messages say. */
@Injectable()
export class EditTemplates {
  constructor(
    private readonly store: TemplateStore,
    private readonly templates: Templates,
  ) {}

  /** In the order of kinds. */
  async list(language: Language): Promise<readonly StandingTemplate[]> {
    const stored = await this.store.all();
    return ALL_MESSAGE_KINDS.map((kind) => standing(kind, language, stored));
  }

  async find(kind: MessageKind, language: Language): Promise<StandingTemplate> {
    return standing(kind, language, await this.store.all());
  }

  /** @param texts a part that is missing becomes the service's own */
  async change(
    kind: MessageKind,
    language: Language,
    texts: Partial<MessageTexts>,
  ): Promise<Result<StandingTemplate, InvalidTemplate>> {
    const { locale, messages } = language;
    const checked = compileTemplate(kind, locale, { ...messages[kind], ...texts });
    if (!checked.ok) return checked;
    await this.store.put(kind, locale, texts);
    this.templates.forget();
    return ok(await this.find(kind, language));
  }

  async reset(kind: MessageKind, language: Language): Promise<StandingTemplate> {
    await this.store.remove(kind, language.locale);
    this.templates.forget();
    return this.find(kind, language);
  }
}

function standing(
  kind: MessageKind,
  { locale, messages }: Language,
  stored: readonly StoredTemplate[],
): StandingTemplate {
  const original = messages[kind];
  const changed = stored.find((other) => other.kind === kind && other.locale === locale);
  const texts = { ...original, ...changed?.texts };
  return { kind, locale, texts, original, changedAt: changed?.changedAt ?? null };
}

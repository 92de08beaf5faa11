import { Injectable } from '@nestjs/common';

import type { MessageContent } from '../../channels/channel.ts';
import type { MessageKind } from '../../core/messages/kinds.ts';
import type { Network, Store } from '../../core/network/network.ts';
import { ok, type Result } from '../../core/result.ts';
import { Clock } from '../../platform/clock.ts';
import { badInput } from '../../platform/graphql/errors.ts';
import { Capacity } from '../capacity/index.ts';
import { EditTemplates } from './edit-templates.service.ts';
import type { Language, MessageTexts } from './language.ts';
import { sampleFacts } from './sample-facts.ts';
import { compileTemplate, type InvalidTemplate } from './template.ts';
import { contentOf } from './words.ts';

/** What is to be shown. */
export interface PreviewRequest {
  readonly kind: MessageKind;
  readonly language: Language;
  /** null: any store. */
  readonly storeCode: string | null;
  /** In the place of those in use; nothing of it is kept. */
  readonly texts: Partial<MessageTexts>;
}

/** Shows a message as it would be sent, for an order that nobody made. */
@Injectable()
export class PreviewMessage {
  constructor(
    private readonly editor: EditTemplates,
    private readonly capacity: Capacity,
    private readonly clock: Clock,
  ) {}

  /** @throws GraphQLError BAD_USER_INPUT if there is no such store, or none at all */
  async run(request: PreviewRequest): Promise<Result<MessageContent, InvalidTemplate>> {
    const { kind, language } = request;
    const { network } = await this.capacity.world();
    const store = storeOf(network, request.storeCode);
    const { texts } = await this.editor.find(kind, language);
    const template = compileTemplate(kind, language.locale, { ...texts, ...request.texts });
    if (!template.ok) return template;
    const facts = sampleFacts(kind, network, store, language, this.clock.now());
    return ok(contentOf(template.value, kind, language.locale, facts));
  }
}

function storeOf({ stores }: Network, code: string | null): Store {
  const [first] = stores.values();
  const store = code === null ? first : stores.get(code);
  if (store !== undefined) return store;
  throw badInput(
    code === null ? 'The chain has no store yet.' : 'No such store.',
    'input.storeCode',
  );
}

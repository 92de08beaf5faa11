import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';

import type { MessageKind } from '../../core/messages/kinds.ts';
import { Access } from '../../platform/signin/access.ts';
import { EditTemplates } from './edit-templates.service.ts';
import { PreviewMessage } from './preview-message.service.ts';
import {
  languageOf,
  textsOf,
  type PreviewMessageInput,
  type SetMessageTemplateInput,
} from './template-input.ts';
import { previewAnswer, setTemplateAnswer, templateView } from './template.view.ts';

@Resolver()
@Access('hq')
export class TemplateResolver {
  constructor(
    private readonly editor: EditTemplates,
    private readonly previews: PreviewMessage,
  ) {}

  @Query('messageTemplates')
  async messageTemplates(@Args('locale') locale: string) {
    return (await this.editor.list(languageOf(locale, 'locale'))).map(templateView);
  }

  @Query('previewMessage')
  async previewMessage(@Args('input') input: PreviewMessageInput) {
    const { kind, storeCode = null } = input;
    const language = languageOf(input.locale, 'input.locale');
    const texts = textsOf(input.texts ?? {}, 'input.texts');
    return previewAnswer(await this.previews.run({ kind, language, storeCode, texts }));
  }

  @Mutation('setMessageTemplate')
  async setMessageTemplate(@Args('input') { kind, locale, texts }: SetMessageTemplateInput) {
    const language = languageOf(locale, 'input.locale');
    const given = textsOf(texts, 'input.texts');
    return setTemplateAnswer(await this.editor.change(kind, language, given));
  }

  @Mutation('resetMessageTemplate')
  async resetMessageTemplate(@Args('kind') kind: MessageKind, @Args('locale') locale: string) {
    return templateView(await this.editor.reset(kind, languageOf(locale, 'locale')));
  }
}

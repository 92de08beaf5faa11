import { Module } from '@nestjs/common';

import { CapacityModule } from '../capacity/index.ts';
import { EditTemplates } from './edit-templates.service.ts';
import { PreviewMessage } from './preview-message.service.ts';
import { TemplateStore } from './template-store.ts';
import { TemplateResolver } from './template.resolver.ts';
import { Templates } from './templates.service.ts';

/** What messages say, in which language, and how headquarters change it. */
@Module({
  imports: [CapacityModule],
  providers: [EditTemplates, PreviewMessage, TemplateResolver, Templates, TemplateStore],
  exports: [Templates],
})
export class TemplatesModule {}

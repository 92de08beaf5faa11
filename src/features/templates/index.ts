export type { MessageDetails, MessageFacts } from './facts.ts';
export { TemplatesModule } from './templates.module.ts';
export { Templates } from './templates.service.ts';
export { Words } from './words.ts';

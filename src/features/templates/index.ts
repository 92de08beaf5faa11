export type { MessageDetails, MessageFacts } from './facts.ts';
export { itemsInWords } from './goods.ts';
export { wordingFor } from './languages.ts';
export { phrasebookOf } from './phrasebook.ts';
export { TemplatesModule } from './templates.module.ts';
export { Templates } from './templates.service.ts';
export { Words } from './words.ts';

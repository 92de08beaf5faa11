export { MediaModule } from './media.module.ts';
export { Media } from './media.service.ts';
export { mediaView } from './media.view.ts';
export type { Medium } from './medium.ts';
export type { MediaVariant } from './prepared.ts';

export { checkDateRange } from './date-range.ts';
export { checkPage, pageOf, type PageRequest } from './page.ts';
export { StoresModule } from './stores.module.ts';

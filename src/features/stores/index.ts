export { checkDateRange } from './date-range.ts';
export { StoresModule } from './stores.module.ts';

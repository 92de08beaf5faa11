export { BoardModule } from './board.module.ts';
export { DaySheets } from './day-sheets.service.ts';
export { SheetSender } from './sheet-sender.ts';
export { Shelves } from './shelves.service.ts';

export { NoShows } from './no-shows.service.ts';
export { QueueBoard, type QueueOfStore, type QueuePlace } from './queue-board.ts';
export type { QueueEntryData } from './queue-entry.ts';
export { QueueNews } from './queue-news.ts';
export { QueueModule } from './queue.module.ts';
export { Queue } from './queue.service.ts';
export { Unserved } from './unserved.service.ts';

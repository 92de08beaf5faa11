export { DeliveriesModule } from './deliveries.module.ts';
export { Messenger } from './messenger.ts';

export { BookOrder } from './book-order.service.ts';
export type { BookingRequest } from './booking-request.ts';
export { Changes } from './changes.ts';
export { Holds } from './holds.ts';
export { OrderReader } from './order-reader.ts';
export { orderView } from './order.view.ts';
export { OrdersModule } from './orders.module.ts';
export { RecordProgress } from './record-progress.service.ts';
export type { ProgressRequest } from './record-progress.service.ts';

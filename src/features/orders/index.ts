export { BookOrder } from './book-order.service.ts';
export type { BookingRequest } from './booking-request.ts';
export { CancelOrder, type CancelRequest } from './cancel-order.service.ts';
export { Changes, type Decision } from './changes.ts';
export { OrderForgetting } from './forgetting.ts';
export { Holds } from './holds.ts';
export { LimitOverrides, overridingOf, type LimitOverride } from './limit-overrides.ts';
export { OrderChange, type OrderChangeRequest, type OrderStep } from './order-change.ts';
export { OrderHistory, type OrderVersion } from './order-history.ts';
export { OrderNews } from './order-news.ts';
export { OrderReader, type OrderWithClaims } from './order-reader.ts';
export {
  cancelRequest,
  moveRequest,
  overLimitOf,
  type CancelOrderInput,
  type MoveAppointmentInput,
  type OverLimitInput,
} from './order-input.ts';
export { MoveAppointment, type MoveRequest } from './move-appointment.service.ts';
export { OrderWriter, type OrderEvent, type OrderUpdate } from './order-writer.ts';
export { orderAnswer, orderRefusalView, orderView, type OrderRefusal } from './order.view.ts';
export { OrdersModule } from './orders.module.ts';
export { RecordProgress } from './record-progress.service.ts';
export type { ProgressRequest } from './record-progress.service.ts';
export { Replans, type ReplanCause } from './replans.ts';
export { newTicketCode } from './ticket-code.ts';
export { contentHash, RequestKeys, type KeyedRequest } from './request-keys.ts';
export { changeRefusal, type ChangeRequest } from './change-order.ts';

export { orderItems, type OrderItemInput } from './items-input.ts';
export { noPromiseView, promiseView } from './promise.view.ts';
export { PromisesModule } from './promises.module.ts';

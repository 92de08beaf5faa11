export { DeliveriesModule } from './deliveries.module.ts';
export { MessageForgetting } from './forgetting.ts';
export { Messenger } from './messenger.ts';
export { StaffTasks, type NewTask } from './staff-tasks.ts';

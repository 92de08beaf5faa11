export { MessagePolicies } from './message-policies.ts';
export { MessagesModule } from './messages.module.ts';
export { Outbox } from './outbox.ts';
export { spreadOf } from './spread.ts';

export { Guard } from './guard.service.ts';
export { GuardModule } from './guard.module.ts';
export { PromiseSweep } from './promise-sweep.ts';
export { SeenDelays } from './seen-delays.ts';

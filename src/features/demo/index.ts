export { DemoModule } from './demo.module.ts';
export { Demo } from './demo.service.ts';

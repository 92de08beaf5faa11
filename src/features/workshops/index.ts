export { WorkshopsModule } from './workshops.module.ts';

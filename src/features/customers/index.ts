export { bookedFor, isLocale, type CustomerInput } from './customer-input.ts';
export { CustomersModule } from './customers.module.ts';
export { Customers, type CustomerDetails } from './customers.service.ts';

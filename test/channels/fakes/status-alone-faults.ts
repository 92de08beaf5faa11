import { HTTP_FAULTS, type Fault, type FaultOutcome } from './contract-fake.ts';

/** Of providers that say everything with the status: any body that comes with a yes is a yes. */
export const STATUS_ALONE_FAULTS: Readonly<Partial<Record<Fault, FaultOutcome>>> =
  Object.fromEntries(Object.entries(HTTP_FAULTS).filter(([fault]) => fault !== 'invalidJson'));

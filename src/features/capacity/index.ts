export { CapacityModule } from './capacity.module.ts';
export { Capacity } from './capacity.service.ts';
export { claimsFrom, Ledger, type ClaimRow, type Taking } from './ledger.ts';

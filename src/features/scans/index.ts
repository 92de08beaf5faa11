export { checkPlace } from './goods.resolver.ts';
export { pairView } from './goods.view.ts';
export { ScanDesk } from './scan-desk.service.ts';
export { ScansModule } from './scans.module.ts';
export { mayActAt, type GoodsCaller, type ScanOutcome, type SentScan } from './sent-scan.ts';

export { AgreedFindings } from './agreed-findings.ts';
export { FindingsModule } from './findings.module.ts';
export { HouseRules, type HouseRulesData } from './house-rules.ts';
export { OverdueFindings } from './overdue-findings.service.ts';

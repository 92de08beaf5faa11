export { ImportNetwork, type ImportedNetwork } from './import-network.service.ts';
export { ImportsModule } from './imports.module.ts';

export { CHAIN_LOCK, ChainStore, type Chain } from './chain-store.ts';
export { NetworkModule } from './network.module.ts';
export {
  disruptionsOf,
  factsOf,
  type DisruptionFacts,
  type DisruptionRow,
} from './disruption-rows.ts';

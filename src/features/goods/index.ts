export { GoodsModule } from './goods.module.ts';
export { Goods, type HandOutScans } from './goods.service.ts';
export {
  instant,
  instantOrNull,
  MS_OF,
  pairFrom,
  placeRow,
  SELECT_PAIR,
  type PairRow,
} from './pair-rows.ts';

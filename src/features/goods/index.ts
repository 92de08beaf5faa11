export { GoodsModule } from './goods.module.ts';
export { Goods } from './goods.service.ts';

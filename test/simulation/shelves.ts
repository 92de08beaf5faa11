import { HOUR, MINUTE, type Ground } from './ground.ts';
import type { SimPair } from './order-book.ts';
import type { Scanners, SimScan } from './scanners.ts';

/** Who brings goods from the van to the shelf, and finds what was lost. */
export class Shelves {
  constructor(
    private readonly ground: Ground,
    private readonly scanners: Scanners,
  ) {}

  /** Within the time that the store has for it, and a while before its end. */
  arrived(pairs: readonly SimPair[], storeCode: string): void {
    const { agenda, network } = this.ground;
    const { putAwayMin } = network.stores.get(storeCode)!;
    agenda.in(Math.max(1, putAwayMin - 8) * MINUTE, () => this.putAway(pairs, storeCode));
  }

  async putAway(pairs: readonly SimPair[], storeCode: string): Promise<void> {
    const { agenda, terms, tally } = this.ground;
    const random = this.ground.chance('shelves');
    const there = pairs.filter(({ at }) => at === storeCode);
    const lost = there.filter(() => random.chance(terms.habits.lost));
    const scans = there
      .filter((pair) => !lost.includes(pair))
      .map((pair) => {
        const shelf = `R${random.int(1, 20)}-${random.int(1, 6)}`;
        return { ...plain(pair, storeCode), kind: 'PUT_AWAY', shelf };
      });
    await this.scanners.take(storeCode, scans);
    for (const pair of lost) {
      tally.add('mishap/lost');
      pair.isAstray = true;
      pair.isBusy = true;
      const missing = { ...plain(pair, storeCode), kind: 'REPORTED_MISSING', isAt: 'MISSING' };
      await this.scanners.takeNow(storeCode, missing);
      agenda.in(random.int(2, 30) * HOUR, () => this.find(pair, storeCode));
    }
  }

  private async find(pair: SimPair, storeCode: string): Promise<void> {
    pair.isBusy = false;
    await this.scanners.takeNow(storeCode, { ...plain(pair, storeCode), kind: 'FOUND' });
  }
}

const plain = (pair: SimPair, code: string): Omit<SimScan, 'kind'> => ({
  pair,
  placeCode: code,
  isAt: code,
});

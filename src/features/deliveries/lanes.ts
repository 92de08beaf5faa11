import { goesAlone, placeOf } from './leased-delivery.ts';
import type { Account } from '../accounts/index.ts';

/** Attempts at once on one account, and deliveries that one process holds for it. */
const SIDE_BY_SIDE = { width: 64, most: 1500 };
/** Where nobody could tell whether an attempt that was not recorded was made. */
const ONE_BY_ONE = { width: 1, most: 25 };

/** The way of one account: so many at once, the others wait in order. */
class Lane {
  held = 0;
  private active = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(readonly size: { readonly width: number; readonly most: number }) {}

  async through<T>(work: () => Promise<T>): Promise<T> {
    this.held += 1;
    if (this.active === this.size.width) {
      await new Promise<void>((go) => this.waiting.push(go));
    } else {
      this.active += 1;
    }
    try {
      return await work();
    } finally {
      this.held -= 1;
      const next = this.waiting.shift();
      if (next === undefined) this.active -= 1;
      else next();
    }
  }
}

/** Keeps what is slow on one account from holding up the others. */
export class Lanes {
  private readonly lanes = new Map<string, Lane>();

  through<T>(account: Account, work: () => Promise<T>): Promise<T> {
    return this.laneOf(account).through(work);
  }

  /** How many more deliveries of the account can be held. */
  room(account: Account): number {
    const { size, held } = this.laneOf(account);
    return size.most - held;
  }

  /** Accounts (`channel/account`) that can hold no more. */
  full(): readonly string[] {
    return [...this.lanes].flatMap(([place, { size, held }]) => (held < size.most ? [] : [place]));
  }

  private laneOf(account: Account): Lane {
    const place = placeOf(account);
    const known = this.lanes.get(place);
    if (known !== undefined) return known;
    const lane = new Lane(goesAlone(account) ? ONE_BY_ONE : SIDE_BY_SIDE);
    this.lanes.set(place, lane);
    return lane;
  }
}

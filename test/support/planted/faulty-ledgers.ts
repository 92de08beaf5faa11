import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import type { Bucket } from '../../../src/core/claims/claim.ts';
import { Ledger, type Taking } from '../../../src/features/capacity/index.ts';

/** Empties the claims of who cancels, and leaves what they took in the ledger. */
@Injectable()
export class KeepsWhatIsCancelled extends Ledger {
  override take(tx: EntityManager, taking: Taking): Promise<Bucket | null> {
    const before = taking.after.length === 0 ? [] : taking.before;
    return super.take(tx, { ...taking, before });
  }
}

/** Lets an order that is cancelled keep its claims, in the ledger too. */
@Injectable()
export class ForgetsToGiveBack extends Ledger {
  override take(tx: EntityManager, taking: Taking): Promise<Bucket | null> {
    return taking.after.length === 0 ? Promise.resolve(null) : super.take(tx, taking);
  }
}

/** Takes what an order that is moved needs, and gives nothing back of what it had. */
@Injectable()
export class KeepsWhatIsLeft extends Ledger {
  override take(tx: EntityManager, taking: Taking): Promise<Bucket | null> {
    const isMove = taking.after.length > 0 && taking.endedHoldId === undefined;
    return super.take(tx, { ...taking, before: isMove ? [] : taking.before });
  }
}

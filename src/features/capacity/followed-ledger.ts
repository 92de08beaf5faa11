import { Usage } from '../../core/claims/usage.ts';
import type { Claim } from '../../core/claims/claim.ts';
import type { HoldInLedger, LedgerReading } from './ledger-feed.ts';

/**
 * The ledger as this process has followed it: what is taken, less what expired holds still have in it.
 * A hold that is over takes nothing, whether or not anybody has given its claims back.
 */
export class FollowedLedger {
  readonly usage = new Usage();
  private readonly lapsed = new Map<string, readonly Claim[]>();
  private readonly ended = new Set<string>();

  constructor(whole: LedgerReading) {
    this.apply(whole);
  }

  /** Brings the reading up to date. Each reading once, in order. */
  apply(reading: LedgerReading): void {
    for (const { claims, endedHoldId } of reading.changes) {
      if (endedHoldId !== null) this.forget(endedHoldId);
      this.usage.add(claims);
    }
    for (const { id, claims } of reading.lapsed) {
      if (this.lapsed.has(id)) continue;
      this.lapsed.set(id, claims);
      this.usage.remove(claims);
    }
  }

  /**
   * What these holds have in this reading, which began after they were read: of one that has ended or
   * lapsed since, nothing.
   */
  heldBy(holds: readonly HoldInLedger[]): readonly Claim[] {
    return holds
      .filter(({ id }) => !this.ended.has(id) && !this.lapsed.has(id))
      .flatMap(({ claims }) => claims);
  }

  /** The ledger no longer has the hold's claims, so they are no longer to be taken off it. */
  private forget(holdId: string): void {
    this.ended.add(holdId);
    const claims = this.lapsed.get(holdId);
    if (claims === undefined) return;
    this.lapsed.delete(holdId);
    this.usage.add(claims);
  }
}

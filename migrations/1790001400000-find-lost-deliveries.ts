import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Deliveries that a worker held when it died are taken over before others that wait, however many do.
 *
 * Locks: writes of deliveries wait while the table is read once. Reversible: yes.
 */
export class FindLostDeliveries1790001400000 implements MigrationInterface {
  name = 'FindLostDeliveries1790001400000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE INDEX ix_delivery_leased_until ON delivery (leased_until, id)
       WHERE leased_until IS NOT NULL`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP INDEX ix_delivery_leased_until`);
  }
}

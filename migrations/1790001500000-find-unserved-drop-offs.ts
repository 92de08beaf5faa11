import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Finds those who checked in to hand goods in and have not done so: few at any time.
 *
 * Locks: `appointment` against writes while the index is built, seconds for a million rows. Reversible: yes.
 */
export class FindUnservedDropOffs1790001500000 implements MigrationInterface {
  name = 'FindUnservedDropOffs1790001500000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE INDEX ix_appointment_unserved ON appointment (id)
       WHERE kind = 'DROP_OFF' AND status = 'CHECKED_IN'`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP INDEX ix_appointment_unserved`);
  }
}

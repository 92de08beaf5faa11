import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The chain: its version and the network as headquarters stated it, part by part.
 *
 * `chain` has one row. Its version grows with every import, in the import's transaction; bookings are
 * planned on one version and refuse to commit on another.
 *
 * Locks: creates new tables only. Safe while the service runs. Reversible: yes, loses the network.
 */
export class CreateChain1790000000000 implements MigrationInterface {
  name = 'CreateChain1790000000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE chain (
        id      smallint NOT NULL DEFAULT 1,
        version bigint   NOT NULL DEFAULT 0,
        CONSTRAINT pk_chain PRIMARY KEY (id),
        CONSTRAINT ck_chain_one_row CHECK (id = 1),
        CONSTRAINT ck_chain_version CHECK (version >= 0)
      )`);
    await db.query(`INSERT INTO chain DEFAULT VALUES`);
    await db.query(`
      CREATE TABLE network_part (
        kind     text NOT NULL,
        code     text COLLATE "C" NOT NULL,
        document jsonb  NOT NULL,
        version  bigint NOT NULL,
        CONSTRAINT pk_network_part PRIMARY KEY (kind, code),
        CONSTRAINT ck_network_part_kind CHECK (kind IN ('store', 'workshop', 'service', 'line'))
      )`);
    await db.query(`
      COMMENT ON COLUMN network_part.document IS
        'The part as it was imported: one element of NetworkInput.'`);
    await db.query(`
      COMMENT ON COLUMN network_part.version IS 'Version of the chain that last replaced this part.'`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TABLE network_part`);
    await db.query(`DROP TABLE chain`);
  }
}

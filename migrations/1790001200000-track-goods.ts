import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What scans say beyond place and time, pictures of the work, and the calls of vans.
 *
 * A scan is unique by its pair and the scanner's id, so that two scanners that count alike take nothing
 * from each other. What was known when it came is kept with it, so that reading the history again gives
 * the same pair.
 *
 * Locks: `scan` and `pair`, which are empty or small when this runs. Reversible: yes, loses what is added;
 * fails if two scanners have used one id.
 */
export class TrackGoods1790001200000 implements MigrationInterface {
  name = 'TrackGoods1790001200000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE scan
        DROP CONSTRAINT pk_scan,
        ADD CONSTRAINT pk_scan PRIMARY KEY (pair_id, id),
        DROP COLUMN position,
        ADD COLUMN is_listed     boolean NOT NULL DEFAULT true,
        ADD COLUMN skill         text,
        ADD COLUMN operations    jsonb,
        ADD COLUMN discrepancies text[]  NOT NULL DEFAULT '{}'`);
    await db.query(
      `COMMENT ON COLUMN scan.id IS 'The scanner''s own; with a pair it counts once.'`,
    );
    await db.query(`
      COMMENT ON COLUMN scan.is_listed IS
        'Of loading: whether the pair was to ride there by the plan, when the scan came.'`);
    await db.query(`COMMENT ON COLUMN scan.operations IS 'Of rework: what is to be done again.'`);
    await db.query(`
      COMMENT ON COLUMN scan.discrepancies IS
        'What did not fit together, by all scans of the pair that are known.'`);
    await db.query(`CREATE INDEX ix_pair_with_us ON pair (id) WHERE place <> 'CUSTOMER'`);
    await this.createPhotos(db);
    await this.createTrips(db);
  }

  private async createPhotos(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE pair_photo (
        pair_id  uuid        NOT NULL,
        media_id uuid        NOT NULL,
        scan_id  text        NOT NULL,
        stage    text        NOT NULL,
        caption  text,
        at       timestamptz NOT NULL,
        CONSTRAINT pk_pair_photo PRIMARY KEY (pair_id, media_id),
        CONSTRAINT fk_pair_photo_scan FOREIGN KEY (pair_id, scan_id) REFERENCES scan (pair_id, id),
        CONSTRAINT ck_pair_photo_stage CHECK (stage IN ('BEFORE', 'AFTER', 'DETAIL'))
      )`);
    await db.query(
      `COMMENT ON TABLE pair_photo IS 'Milestones of the work on a pair, in pictures.'`,
    );
  }

  private async createTrips(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE trip_call (
        line_code   text        NOT NULL,
        departs     timestamptz NOT NULL,
        stop        smallint    NOT NULL,
        arrived_at  timestamptz,
        departed_at timestamptz,
        CONSTRAINT pk_trip_call PRIMARY KEY (line_code, departs, stop)
      )`);
    await db.query(`
      COMMENT ON TABLE trip_call IS 'When vans really came to their stops and left them.'`);
    await db.query(
      `COMMENT ON COLUMN trip_call.stop IS 'Number of the stop on its line, from 0 on.'`,
    );
    await db.query(`
      CREATE TABLE trip_listed (
        line_code text        NOT NULL,
        departs   timestamptz NOT NULL,
        pair_id   uuid        NOT NULL,
        from_stop smallint    NOT NULL,
        to_stop   smallint    NOT NULL,
        CONSTRAINT pk_trip_listed PRIMARY KEY (line_code, departs, pair_id, from_stop),
        CONSTRAINT fk_trip_listed_pair FOREIGN KEY (pair_id) REFERENCES pair (id)
      )`);
    await db.query(`
      COMMENT ON TABLE trip_listed IS
        'What should have boarded by the plan at the moment when a van left a stop.'`);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const table of ['trip_listed', 'trip_call', 'pair_photo']) {
      await db.query(`DROP TABLE ${table}`);
    }
    await db.query(`DROP INDEX ix_pair_with_us`);
    await db.query(`
      ALTER TABLE scan
        DROP CONSTRAINT pk_scan,
        ADD CONSTRAINT pk_scan PRIMARY KEY (id),
        DROP COLUMN is_listed,
        DROP COLUMN skill,
        DROP COLUMN operations,
        DROP COLUMN discrepancies,
        ADD COLUMN position smallint`);
    await db.query(`
      COMMENT ON COLUMN scan.id IS 'The scanner''s own; a scan that comes twice counts once.'`);
    await db.query(`
      COMMENT ON COLUMN scan.position IS 'Of the operation that was started or finished.'`);
  }
}

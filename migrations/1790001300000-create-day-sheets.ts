import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What each store's staff are sent when it opens, and when each store's shelf was looked through.
 *
 * A sheet is made once for a store and date: it is the key. What goes out of it is written before
 * anything is sent; `leased_until` (by the database's clock) keeps a sending for one worker, and `fence`
 * grows with each lease.
 *
 * Locks: new tables only. Safe while the service runs. Reversible: yes, loses day sheets.
 */
export class CreateDaySheets1790001300000 implements MigrationInterface {
  name = 'CreateDaySheets1790001300000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE day_sheet (
        store_code   text        NOT NULL,
        local_date   date        NOT NULL,
        opens_at     timestamptz NOT NULL,
        useful_until timestamptz NOT NULL,
        locale       text        NOT NULL,
        title        text        NOT NULL,
        content      text        NOT NULL,
        made_at      timestamptz NOT NULL,
        CONSTRAINT pk_day_sheet PRIMARY KEY (store_code, local_date)
      )`);
    await db.query(`CREATE INDEX ix_day_sheet_made_at ON day_sheet USING brin (made_at)`);
    await db.query(`
      COMMENT ON COLUMN day_sheet.content IS 'The words as they are sent; no name of a customer in them.'`);
    await db.query(`
      CREATE TABLE day_sheet_sending (
        id               uuid        NOT NULL,
        store_code       text        NOT NULL,
        local_date       date        NOT NULL,
        channel          text        NOT NULL,
        account          text        NOT NULL,
        status           text        NOT NULL,
        tries            smallint    NOT NULL DEFAULT 0,
        may_be_repeated  boolean     NOT NULL DEFAULT false,
        fence            integer     NOT NULL DEFAULT 0,
        leased_until     timestamptz,
        next_at          timestamptz,
        first_attempt_at timestamptz,
        last_attempt_at  timestamptz,
        ended_at         timestamptz,
        reason           text,
        code             text,
        CONSTRAINT pk_day_sheet_sending PRIMARY KEY (id),
        CONSTRAINT uq_day_sheet_sending_account UNIQUE (store_code, local_date, channel, account),
        CONSTRAINT fk_day_sheet_sending_sheet FOREIGN KEY (store_code, local_date)
          REFERENCES day_sheet (store_code, local_date),
        CONSTRAINT ck_day_sheet_sending_status CHECK (status IN ('CREATED', 'SENDING', 'RETRYING',
          'AMBIGUOUS', 'ACCEPTED', 'DELIVERED', 'FAILED', 'EXPIRED'))
      )`);
    await db.query(`
      CREATE INDEX ix_day_sheet_sending_next ON day_sheet_sending (next_at, id)
       WHERE next_at IS NOT NULL`);
    await db.query(`
      COMMENT ON COLUMN day_sheet_sending.id IS 'What the provider is given to know a repeat by.'`);
    await db.query(`
      COMMENT ON COLUMN day_sheet_sending.next_at IS
        'When a worker has to look at it again; null: nothing more to do.'`);
    await db.query(`
      CREATE TABLE shelf_check (
        store_code text        NOT NULL,
        local_date date        NOT NULL,
        checked_at timestamptz NOT NULL,
        orders     integer     NOT NULL,
        CONSTRAINT pk_shelf_check PRIMARY KEY (store_code, local_date)
      )`);
    await db.query(`
      COMMENT ON TABLE shelf_check IS
        'Dates on which all goods on a store''s shelf that were not collected in time have their place in the ledger.'`);
    await db.query(`
      COMMENT ON COLUMN shelf_check.orders IS 'Whose place on the shelf was kept for the date.'`);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const table of ['shelf_check', 'day_sheet_sending', 'day_sheet']) {
      await db.query(`DROP TABLE ${table}`);
    }
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Deliveries of messages, and the receipts that providers send for them.
 *
 * A delivery is written before anything is sent. `leased_until` (by the database's clock) keeps it for one
 * worker; `fence` grows with each lease, and a worker writes only under the fence it was given.
 *
 * Locks: creates new tables only. Safe while the service runs. Reversible: yes, loses all deliveries.
 */
export class CreateDeliveries1790000500000 implements MigrationInterface {
  name = 'CreateDeliveries1790000500000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE message ADD COLUMN passed_over jsonb`);
    await db.query(`CREATE INDEX ix_message_owed_at ON message USING brin (owed_at)`);
    await db.query(`
      COMMENT ON COLUMN message.passed_over IS
        'Steps of its route that were not taken when it was last looked at: {"channel", "account", "reason"}.'`);
    await db.query(`
      CREATE TABLE delivery (
        id               uuid        NOT NULL,
        message_id       uuid        NOT NULL,
        step             smallint    NOT NULL,
        channel          text        NOT NULL,
        account          text        NOT NULL,
        account_version  integer     NOT NULL,
        way              text        NOT NULL,
        address          jsonb       NOT NULL,
        address_key      text        NOT NULL,
        content          jsonb,
        status           text        NOT NULL,
        engagement       text[]      NOT NULL DEFAULT '{}',
        reason           text,
        provider_ref     text,
        grant_id         uuid,
        attempts         jsonb       NOT NULL DEFAULT '[]',
        look_ups         smallint    NOT NULL DEFAULT 0,
        may_be_repeated  boolean     NOT NULL DEFAULT false,
        is_late          boolean     NOT NULL DEFAULT false,
        fence            integer     NOT NULL DEFAULT 1,
        leased_until     timestamptz,
        next_at          timestamptz,
        first_attempt_at timestamptz,
        cost_minor       integer     NOT NULL DEFAULT 0,
        currency         text,
        created_at       timestamptz NOT NULL,
        ended_at         timestamptz,
        CONSTRAINT pk_delivery PRIMARY KEY (id),
        CONSTRAINT fk_delivery_message FOREIGN KEY (message_id) REFERENCES message (id),
        CONSTRAINT fk_delivery_grant FOREIGN KEY (grant_id) REFERENCES channel_grant (id),
        CONSTRAINT ck_delivery_status CHECK (status IN ('CREATED', 'SENDING', 'RETRYING', 'AMBIGUOUS',
          'ACCEPTED', 'SENT', 'UNDELIVERED', 'FAILED', 'DELIVERED', 'CANCELLED', 'EXPIRED'))
      )`);
    await db.query(`CREATE INDEX ix_delivery_message ON delivery (message_id)`);
    await db.query(
      `CREATE INDEX ix_delivery_next ON delivery (next_at, id) WHERE next_at IS NOT NULL`,
    );
    await db.query(`
      CREATE INDEX ix_delivery_provider_ref ON delivery (channel, provider_ref)
       WHERE provider_ref IS NOT NULL`);
    await db.query(`CREATE INDEX ix_delivery_created_at ON delivery USING brin (created_at)`);
    await db.query(`
      COMMENT ON COLUMN delivery.next_at IS 'When a worker has to look at it again; null: nothing more to do.'`);
    await db.query(`
      COMMENT ON COLUMN delivery.attempts IS 'Each try: {"at", "outcome", "because", "code", "message"}.'`);
    await db.query(`
      COMMENT ON COLUMN delivery.grant_id IS 'Reserved for it; null once it is settled what became of the grant.'`);
    await db.query(`
      COMMENT ON COLUMN delivery.content IS 'The words as they were sent; the same for every attempt.'`);
    await db.query(`
      CREATE TABLE receipt (
        channel      text        NOT NULL,
        account      text        NOT NULL,
        dedupe_key   text        NOT NULL,
        delivery_id  uuid,
        provider_ref text,
        status       text        NOT NULL,
        code         text,
        because      text,
        at           timestamptz NOT NULL,
        received_at  timestamptz NOT NULL,
        CONSTRAINT pk_receipt PRIMARY KEY (channel, account, dedupe_key)
      )`);
    await db.query(`
      CREATE INDEX ix_receipt_delivery ON receipt (delivery_id) WHERE delivery_id IS NOT NULL`);
    await db.query(`
      CREATE INDEX ix_receipt_provider_ref ON receipt (channel, provider_ref)
       WHERE delivery_id IS NULL AND provider_ref IS NOT NULL`);
    await db.query(`
      COMMENT ON COLUMN receipt.delivery_id IS
        'As the provider echoed it, or found by provider_ref; null while none is known.'`);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const table of ['receipt', 'delivery']) await db.query(`DROP TABLE ${table}`);
    await db.query(`DROP INDEX ix_message_owed_at`);
    await db.query(`ALTER TABLE message DROP COLUMN passed_over`);
  }
}

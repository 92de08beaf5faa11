import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Customers, orders with their items and appointments, holds, events and request keys.
 *
 * Names and addresses of people stand in `customer` and `contact` alone; an order knows its customer
 * by id. Every change of an order appends one row to `event` in its transaction; a request key names
 * the event or hold that was its first answer.
 *
 * Locks: creates new tables only. Safe while the service runs. Reversible: yes, loses all orders.
 */
export class CreateOrders1790000200000 implements MigrationInterface {
  name = 'CreateOrders1790000200000';

  async up(db: QueryRunner): Promise<void> {
    await this.createCustomers(db);
    await this.createOrders(db);
    await this.createHistory(db);
  }

  private async createCustomers(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE customer (
        id         uuid        NOT NULL,
        name       text,
        locale     text,
        created_at timestamptz NOT NULL,
        CONSTRAINT pk_customer PRIMARY KEY (id)
      )`);
    await db.query(`
      CREATE TABLE contact (
        kind        text NOT NULL,
        value       text NOT NULL,
        customer_id uuid NOT NULL,
        CONSTRAINT pk_contact PRIMARY KEY (kind, value),
        CONSTRAINT fk_contact_customer FOREIGN KEY (customer_id) REFERENCES customer (id),
        CONSTRAINT ck_contact_kind CHECK (kind IN ('phone', 'email'))
      )`);
    await db.query(`CREATE INDEX ix_contact_customer ON contact (customer_id)`);
    await db.query(`
      COMMENT ON COLUMN customer.name IS 'Null: a customer who booked for themselves and has not told it.'`);
    await db.query(`
      COMMENT ON COLUMN contact.value IS 'Phone in E.164, email in lower case. One customer each.'`);
  }

  private async createOrders(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE customer_order (
        id          uuid        NOT NULL,
        ticket_code text        NOT NULL,
        customer_id uuid        NOT NULL,
        status      text        NOT NULL,
        version     integer     NOT NULL,
        promise     jsonb       NOT NULL,
        created_at  timestamptz NOT NULL,
        updated_at  timestamptz NOT NULL,
        CONSTRAINT pk_customer_order PRIMARY KEY (id),
        CONSTRAINT uq_customer_order_ticket_code UNIQUE (ticket_code),
        CONSTRAINT fk_customer_order_customer FOREIGN KEY (customer_id) REFERENCES customer (id),
        CONSTRAINT ck_customer_order_version CHECK (version >= 1),
        CONSTRAINT ck_customer_order_status CHECK (status IN
          ('BOOKED', 'RECEIVED', 'IN_TRANSIT', 'IN_CARE', 'READY', 'COLLECTED', 'CANCELLED'))
      )`);
    await db.query(`CREATE INDEX ix_customer_order_customer ON customer_order (customer_id, id)`);
    await db.query(`
      CREATE TABLE order_item (
        order_id      uuid     NOT NULL,
        position      smallint NOT NULL,
        description   text     NOT NULL,
        service_codes text[]   NOT NULL,
        pairs         smallint NOT NULL,
        CONSTRAINT pk_order_item PRIMARY KEY (order_id, position),
        CONSTRAINT fk_order_item_order FOREIGN KEY (order_id) REFERENCES customer_order (id),
        CONSTRAINT ck_order_item_pairs CHECK (pairs BETWEEN 1 AND 100)
      )`);
    await db.query(`
      CREATE TABLE appointment (
        id         uuid        NOT NULL,
        order_id   uuid        NOT NULL,
        kind       text        NOT NULL,
        store_code text        NOT NULL,
        starts_at  timestamptz NOT NULL,
        ends_at    timestamptz NOT NULL,
        status     text        NOT NULL,
        CONSTRAINT pk_appointment PRIMARY KEY (id),
        CONSTRAINT uq_appointment_order_kind UNIQUE (order_id, kind),
        CONSTRAINT fk_appointment_order FOREIGN KEY (order_id) REFERENCES customer_order (id),
        CONSTRAINT ck_appointment_slot CHECK (starts_at < ends_at),
        CONSTRAINT ck_appointment_kind CHECK (kind IN ('DROP_OFF', 'PICK_UP')),
        CONSTRAINT ck_appointment_status CHECK (status IN
          ('BOOKED', 'CHECKED_IN', 'FULFILLED', 'CANCELLED', 'NO_SHOW'))
      )`);
    await db.query(`
      CREATE INDEX ix_appointment_store_start ON appointment (store_code, starts_at)`);
    await db.query(`
      COMMENT ON COLUMN customer_order.promise IS
        'The promise as it stands: ready-by, earliest pick-up, steps and delays; instants in epoch milliseconds.'`);
  }

  private async createHistory(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE hold (
        id           uuid        NOT NULL,
        caller       text        NOT NULL,
        content_hash text        NOT NULL,
        proposal     jsonb       NOT NULL,
        expires_at   timestamptz NOT NULL,
        ended_at     timestamptz,
        CONSTRAINT pk_hold PRIMARY KEY (id)
      )`);
    await db.query(`
      CREATE INDEX ix_hold_expires_at ON hold (expires_at) WHERE ended_at IS NULL`);
    await db.query(`
      CREATE TABLE event (
        id       uuid        NOT NULL,
        order_id uuid        NOT NULL,
        version  integer     NOT NULL,
        kind     text        NOT NULL,
        actor    text        NOT NULL,
        at       timestamptz NOT NULL,
        before   jsonb,
        after    jsonb       NOT NULL,
        reason   text,
        CONSTRAINT pk_event PRIMARY KEY (id),
        CONSTRAINT uq_event_order_version UNIQUE (order_id, version),
        CONSTRAINT fk_event_order FOREIGN KEY (order_id) REFERENCES customer_order (id)
      )`);
    await db.query(`
      CREATE TABLE request_key (
        caller       text        NOT NULL,
        key          text        NOT NULL,
        content_hash text        NOT NULL,
        answer_id    uuid        NOT NULL,
        created_at   timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_request_key PRIMARY KEY (caller, key)
      )`);
    await db.query(`
      COMMENT ON COLUMN event.before IS
        'What the change replaced; null for the booking. The same fields as in "after" that differ.'`);
    await db.query(`
      COMMENT ON COLUMN event.after IS 'The whole order after the change, without its customer.'`);
    await db.query(`
      COMMENT ON COLUMN request_key.answer_id IS 'The event or the hold that was the first answer.'`);
    await db.query(`
      COMMENT ON COLUMN hold.ended_at IS
        'When it was turned into an order or its claims were given back; null while they are in the ledger.'`);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const table of ['request_key', 'event', 'hold', 'appointment', 'order_item']) {
      await db.query(`DROP TABLE ${table}`);
    }
    await db.query(`DROP TABLE customer_order`);
    await db.query(`DROP TABLE contact`);
    await db.query(`DROP TABLE customer`);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Accounts at providers with their tokens and rates; how people are reached, what they want, and what
 * they have granted.
 *
 * `channel_grant` is the state, `grant_entry` its history. A grant is reserved by one conditional
 * statement before a message goes its way; the CHECK makes it impossible to reserve what is not there.
 *
 * Locks: creates new tables only. Safe while the service runs. Reversible: yes, loses all accounts.
 */
export class CreateChannelAccounts1790000400000 implements MigrationInterface {
  name = 'CreateChannelAccounts1790000400000';

  async up(db: QueryRunner): Promise<void> {
    await this.createAccounts(db);
    await this.createRecipients(db);
    await this.createGrants(db);
  }

  private async createAccounts(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE channel_account (
        channel    text        NOT NULL,
        account    text        NOT NULL,
        settings   jsonb       NOT NULL,
        secrets    bytea       NOT NULL,
        version    integer     NOT NULL,
        is_enabled boolean     NOT NULL,
        cost_minor integer     NOT NULL DEFAULT 0,
        currency   text,
        per_second integer,
        updated_at timestamptz NOT NULL,
        CONSTRAINT pk_channel_account PRIMARY KEY (channel, account),
        CONSTRAINT ck_channel_account_cost CHECK (cost_minor >= 0),
        CONSTRAINT ck_channel_account_per_second CHECK (per_second > 0)
      )`);
    await db.query(`
      COMMENT ON COLUMN channel_account.secrets IS 'The secret settings as JSON, sealed with AES-256-GCM.'`);
    await db.query(`
      CREATE TABLE provider_token (
        key        text        NOT NULL,
        token      text        NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT pk_provider_token PRIMARY KEY (key)
      )`);
    await db.query(`
      CREATE TABLE channel_cursor (
        channel text NOT NULL,
        account text NOT NULL,
        cursor  text NOT NULL,
        CONSTRAINT pk_channel_cursor PRIMARY KEY (channel, account)
      )`);
    await db.query(`
      COMMENT ON TABLE channel_cursor IS 'How far what a provider has to tell was fetched and applied.'`);
    await db.query(`
      CREATE TABLE channel_rate (
        channel     text             NOT NULL,
        account     text             NOT NULL,
        tokens      double precision NOT NULL,
        refilled_at timestamptz      NOT NULL,
        queued_to   timestamptz      NOT NULL,
        CONSTRAINT pk_channel_rate PRIMARY KEY (channel, account),
        CONSTRAINT ck_channel_rate_tokens CHECK (tokens >= 0)
      )`);
    await db.query(`
      COMMENT ON COLUMN channel_rate.queued_to IS 'When the last message that had to wait will have its turn.'`);
  }

  private async createRecipients(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE channel_address (
        customer_id uuid        NOT NULL,
        channel     text        NOT NULL,
        account     text        NOT NULL,
        address     jsonb       NOT NULL,
        address_key text        NOT NULL,
        created_at  timestamptz NOT NULL,
        CONSTRAINT pk_channel_address PRIMARY KEY (customer_id, channel, account),
        CONSTRAINT uq_channel_address_key UNIQUE (channel, account, address_key),
        CONSTRAINT fk_channel_address_customer FOREIGN KEY (customer_id) REFERENCES customer (id)
      )`);
    await db.query(`
      CREATE TABLE address_standing (
        channel     text        NOT NULL,
        account     text        NOT NULL,
        address_key text        NOT NULL,
        standing    text        NOT NULL,
        reason      text        NOT NULL,
        since       timestamptz NOT NULL,
        CONSTRAINT pk_address_standing PRIMARY KEY (channel, account, address_key),
        CONSTRAINT ck_address_standing CHECK (standing IN ('INVALID', 'WITHDRAWN', 'GIVEN'))
      )`);
    await db.query(`
      COMMENT ON TABLE address_standing IS
        'Addresses that are not to be used: the provider knows none such, or the person wants nothing there. GIVEN: again.'`);
    await db.query(
      `CREATE INDEX ix_address_standing_address_key ON address_standing (address_key)`,
    );
    await db.query(`
      CREATE TABLE channel_link (
        code        text        NOT NULL,
        customer_id uuid        NOT NULL,
        channel     text        NOT NULL,
        account     text        NOT NULL,
        expires_at  timestamptz NOT NULL,
        CONSTRAINT pk_channel_link PRIMARY KEY (code),
        CONSTRAINT uq_channel_link_customer UNIQUE (customer_id, channel, account),
        CONSTRAINT fk_channel_link_customer FOREIGN KEY (customer_id) REFERENCES customer (id)
      )`);
    await db.query(`
      CREATE TABLE message_preference (
        customer_id  uuid        NOT NULL,
        channels     text[]      NOT NULL DEFAULT '{}',
        off_channels text[]      NOT NULL DEFAULT '{}',
        off_kinds    text[]      NOT NULL DEFAULT '{}',
        time_zone    text,
        quiet_from   smallint,
        quiet_to     smallint,
        updated_at   timestamptz NOT NULL,
        CONSTRAINT pk_message_preference PRIMARY KEY (customer_id),
        CONSTRAINT fk_message_preference_customer FOREIGN KEY (customer_id) REFERENCES customer (id),
        CONSTRAINT ck_message_preference_quiet CHECK ((quiet_from IS NULL) = (quiet_to IS NULL)
          AND quiet_from BETWEEN 0 AND 1439 AND quiet_to BETWEEN 0 AND 1439)
      )`);
    await db.query(`
      COMMENT ON COLUMN message_preference.quiet_from IS
        'Minute of the day in time_zone, else in the zone of the store; null: as the policy says. Equal: never quiet.'`);
  }

  private async createGrants(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE channel_grant (
        id          uuid        NOT NULL,
        channel     text        NOT NULL,
        account     text        NOT NULL,
        address_key text        NOT NULL,
        kind        text        NOT NULL,
        template_id text,
        remaining   integer,
        reserved    integer     NOT NULL DEFAULT 0,
        expires_at  timestamptz,
        closed_at   timestamptz,
        opened_at   timestamptz NOT NULL,
        CONSTRAINT pk_channel_grant PRIMARY KEY (id),
        CONSTRAINT ck_channel_grant_kind CHECK (kind IN ('ONE_TIME', 'WINDOW')),
        CONSTRAINT ck_channel_grant_left CHECK (reserved >= 0 AND remaining - reserved >= 0)
      )`);
    await db.query(`
      CREATE INDEX ix_channel_grant_open
          ON channel_grant (channel, account, address_key, kind, template_id) WHERE closed_at IS NULL`);
    await db.query(`
      COMMENT ON COLUMN channel_grant.remaining IS 'Messages that it is good for; null: any number while it is open.'`);
    await db.query(`
      CREATE TABLE grant_entry (
        id          uuid        NOT NULL,
        grant_id    uuid        NOT NULL,
        delta       integer     NOT NULL,
        reason      text        NOT NULL,
        delivery_id uuid,
        at          timestamptz NOT NULL,
        CONSTRAINT pk_grant_entry PRIMARY KEY (id),
        CONSTRAINT fk_grant_entry_grant FOREIGN KEY (grant_id) REFERENCES channel_grant (id)
      )`);
    await db.query(`CREATE INDEX ix_grant_entry_grant ON grant_entry (grant_id, id)`);
  }

  async down(db: QueryRunner): Promise<void> {
    const tables = ['grant_entry', 'channel_grant', 'message_preference', 'channel_link'];
    tables.push(
      'address_standing',
      'channel_address',
      'channel_rate',
      'channel_cursor',
      'provider_token',
    );
    for (const table of [...tables, 'channel_account']) await db.query(`DROP TABLE ${table}`);
  }
}

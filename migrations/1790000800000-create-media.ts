import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Pictures and clips of orders, and the files that they are kept in.
 *
 * A row is written before any byte comes: it is the ticket to send them, once. The bytes themselves are in
 * a store of files; `media_file` has the keys.
 *
 * Locks: creates new tables only. Safe while the service runs. Reversible: yes, loses all media (their
 * files stay in the store).
 */
export class CreateMedia1790000800000 implements MigrationInterface {
  name = 'CreateMedia1790000800000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE media (
        id           uuid        NOT NULL,
        order_id     uuid,
        uploaded_by  text        NOT NULL,
        request_key  text        NOT NULL,
        content_hash text        NOT NULL,
        purpose      text        NOT NULL,
        filename     text        NOT NULL,
        mime         text        NOT NULL,
        bytes        integer     NOT NULL,
        sha256       text        NOT NULL,
        status       text        NOT NULL,
        refusal      text,
        duration_ms  integer,
        created_at   timestamptz NOT NULL,
        expires_at   timestamptz NOT NULL,
        completed_at timestamptz,
        CONSTRAINT pk_media PRIMARY KEY (id),
        CONSTRAINT uq_media_request UNIQUE (uploaded_by, request_key),
        CONSTRAINT fk_media_order FOREIGN KEY (order_id) REFERENCES customer_order (id),
        CONSTRAINT ck_media_bytes CHECK (bytes > 0),
        CONSTRAINT ck_media_sha256 CHECK (sha256 ~ '^[0-9a-f]{64}$'),
        CONSTRAINT ck_media_purpose CHECK (purpose IN
          ('CONDITION', 'FINDING', 'PROGRESS', 'CONVERSATION')),
        CONSTRAINT ck_media_status CHECK (status IN
          ('OPEN', 'RECEIVING', 'RECEIVED', 'READY', 'REFUSED', 'FORGOTTEN')),
        CONSTRAINT ck_media_refusal CHECK ((status = 'REFUSED') = (refusal IS NOT NULL)),
        CONSTRAINT ck_media_completed CHECK (status <> 'READY' OR completed_at IS NOT NULL)
      )`);
    await db.query(`
      CREATE INDEX ix_media_order ON media (order_id, id) WHERE order_id IS NOT NULL`);
    await db.query(`
      CREATE INDEX ix_media_unfinished ON media (expires_at, id) WHERE status <> 'READY'`);
    await db.query(`
      CREATE INDEX ix_media_uploaded_by ON media (uploaded_by, expires_at) WHERE status <> 'READY'`);
    await db.query(`
      CREATE INDEX ix_media_without_order ON media (created_at, id) WHERE order_id IS NULL`);
    await db.query(`
      COMMENT ON COLUMN media.order_id IS
        'Null: of no order yet; then it is shown to whoever uploaded it alone, and given up after a day.'`);
    await db.query(`
      COMMENT ON COLUMN media.uploaded_by IS 'Id of the caller; tells nothing about a person.'`);
    await db.query(`
      COMMENT ON COLUMN media.mime IS
        'With bytes and sha256: of the file as it was announced; what is kept of it is in media_file.'`);
    await db.query(`
      COMMENT ON COLUMN media.status IS
        'OPEN: nothing has come. RECEIVING: bytes are coming. RECEIVED: not looked through yet. FORGOTTEN: files are being deleted.'`);
    await db.query(`
      CREATE TABLE media_file (
        media_id    uuid    NOT NULL,
        variant     text    NOT NULL,
        storage_key text    NOT NULL,
        mime        text    NOT NULL,
        bytes       integer NOT NULL,
        sha256      text    NOT NULL,
        width       integer NOT NULL,
        height      integer NOT NULL,
        CONSTRAINT pk_media_file PRIMARY KEY (media_id, variant),
        CONSTRAINT fk_media_file_media FOREIGN KEY (media_id) REFERENCES media (id) ON DELETE CASCADE,
        CONSTRAINT ck_media_file_variant CHECK (variant IN ('ORIGINAL', 'LARGE', 'SMALL')),
        CONSTRAINT ck_media_file_bytes CHECK (bytes > 0)
      )`);
    await db.query(`
      COMMENT ON COLUMN media_file.storage_key IS
        'Holds the id of its medium, so that no other row has the same file.'`);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const table of ['media_file', 'media']) await db.query(`DROP TABLE ${table}`);
  }
}

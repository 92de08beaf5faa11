-- What a migrated database looks like, written from its catalog by `npm run dump`.
-- Do not edit: change the schema with a migration, then write this anew.

CREATE TABLE appointment (
  id uuid NOT NULL,
  order_id uuid NOT NULL,
  kind text NOT NULL,
  store_code text NOT NULL,
  starts_at timestamp with time zone NOT NULL,
  ends_at timestamp with time zone NOT NULL,
  status text NOT NULL,
  CONSTRAINT pk_appointment PRIMARY KEY (id),
  CONSTRAINT uq_appointment_order_kind UNIQUE (order_id, kind),
  CONSTRAINT fk_appointment_order FOREIGN KEY (order_id) REFERENCES customer_order(id),
  CONSTRAINT ck_appointment_kind CHECK ((kind = ANY (ARRAY['DROP_OFF'::text, 'PICK_UP'::text]))),
  CONSTRAINT ck_appointment_slot CHECK ((starts_at < ends_at)),
  CONSTRAINT ck_appointment_status CHECK ((status = ANY (ARRAY['BOOKED'::text, 'CHECKED_IN'::text, 'FULFILLED'::text, 'CANCELLED'::text, 'NO_SHOW'::text])))
);
CREATE INDEX ix_appointment_store_start ON public.appointment USING btree (store_code, starts_at);

CREATE TABLE chain (
  id smallint NOT NULL DEFAULT 1,
  version bigint NOT NULL DEFAULT 0,
  CONSTRAINT pk_chain PRIMARY KEY (id),
  CONSTRAINT ck_chain_one_row CHECK ((id = 1)),
  CONSTRAINT ck_chain_version CHECK ((version >= 0))
);

CREATE TABLE claim (
  owner_id uuid NOT NULL,
  resources text[] NOT NULL,
  starts timestamp with time zone[] NOT NULL,
  amounts integer[] NOT NULL,
  CONSTRAINT pk_claim PRIMARY KEY (owner_id),
  CONSTRAINT ck_claim_lengths CHECK (((cardinality(resources) = cardinality(starts)) AND (cardinality(starts) = cardinality(amounts))))
);
COMMENT ON TABLE claim IS 'What one order or one hold has taken: three arrays of equal length.';

CREATE TABLE contact (
  kind text NOT NULL,
  value text NOT NULL,
  customer_id uuid NOT NULL,
  CONSTRAINT pk_contact PRIMARY KEY (kind, value),
  CONSTRAINT fk_contact_customer FOREIGN KEY (customer_id) REFERENCES customer(id),
  CONSTRAINT ck_contact_kind CHECK ((kind = ANY (ARRAY['phone'::text, 'email'::text])))
);
CREATE INDEX ix_contact_customer ON public.contact USING btree (customer_id);
COMMENT ON COLUMN contact.value IS 'Phone in E.164, email in lower case. One customer each.';

CREATE TABLE customer (
  id uuid NOT NULL,
  name text,
  locale text,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT pk_customer PRIMARY KEY (id)
);
COMMENT ON COLUMN customer.name IS 'Null: a customer who booked for themselves and has not told it.';

CREATE TABLE customer_order (
  id uuid NOT NULL,
  ticket_code text NOT NULL,
  customer_id uuid NOT NULL,
  status text NOT NULL,
  version integer NOT NULL,
  promise jsonb NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  CONSTRAINT pk_customer_order PRIMARY KEY (id),
  CONSTRAINT uq_customer_order_ticket_code UNIQUE (ticket_code),
  CONSTRAINT fk_customer_order_customer FOREIGN KEY (customer_id) REFERENCES customer(id),
  CONSTRAINT ck_customer_order_status CHECK ((status = ANY (ARRAY['BOOKED'::text, 'RECEIVED'::text, 'IN_TRANSIT'::text, 'IN_CARE'::text, 'READY'::text, 'COLLECTED'::text, 'CANCELLED'::text]))),
  CONSTRAINT ck_customer_order_version CHECK ((version >= 1))
);
CREATE INDEX ix_customer_order_customer ON public.customer_order USING btree (customer_id, id);
COMMENT ON COLUMN customer_order.promise IS 'The promise as it stands: ready-by, earliest pick-up, steps and delays; instants in epoch milliseconds.';

CREATE TABLE event (
  id uuid NOT NULL,
  order_id uuid NOT NULL,
  version integer NOT NULL,
  kind text NOT NULL,
  actor text NOT NULL,
  at timestamp with time zone NOT NULL,
  before jsonb,
  after jsonb NOT NULL,
  reason text,
  CONSTRAINT pk_event PRIMARY KEY (id),
  CONSTRAINT uq_event_order_version UNIQUE (order_id, version),
  CONSTRAINT fk_event_order FOREIGN KEY (order_id) REFERENCES customer_order(id)
);
COMMENT ON COLUMN event.before IS 'What the change replaced; null for the booking. The same fields as in "after" that differ.';
COMMENT ON COLUMN event.after IS 'The whole order after the change, without its customer.';

CREATE TABLE hold (
  id uuid NOT NULL,
  caller text NOT NULL,
  content_hash text NOT NULL,
  proposal jsonb NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone,
  CONSTRAINT pk_hold PRIMARY KEY (id)
);
CREATE INDEX ix_hold_expires_at ON public.hold USING btree (expires_at) WHERE (ended_at IS NULL);
COMMENT ON COLUMN hold.ended_at IS 'When it was turned into an order or its claims were given back; null while they are in the ledger.';

CREATE TABLE ledger (
  resource text COLLATE "C" NOT NULL,
  start timestamp with time zone NOT NULL,
  taken integer NOT NULL,
  CONSTRAINT pk_ledger PRIMARY KEY (resource, start),
  CONSTRAINT ck_ledger_taken CHECK ((taken >= 0))
) WITH (fillfactor=70);
COMMENT ON COLUMN ledger.taken IS 'Sum over all orders and holds. Changed only by take_claims. The limit is not stored: it comes from the network.';

CREATE TABLE ledger_change (
  id uuid NOT NULL,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  at timestamp with time zone NOT NULL DEFAULT now(),
  resources text[] NOT NULL,
  starts timestamp with time zone[] NOT NULL,
  amounts integer[] NOT NULL,
  ended_hold uuid,
  CONSTRAINT pk_ledger_change PRIMARY KEY (id)
);
CREATE INDEX ix_ledger_change_xid ON public.ledger_change USING btree (xid);
COMMENT ON TABLE ledger_change IS 'What each transaction added to the ledger, for processes that follow it. Old rows may be deleted at any time that no process is an hour behind.';
COMMENT ON COLUMN ledger_change.ended_hold IS 'The hold whose claims this change gave back or took over.';

CREATE TABLE network_part (
  kind text NOT NULL,
  code text COLLATE "C" NOT NULL,
  document jsonb NOT NULL,
  version bigint NOT NULL,
  CONSTRAINT pk_network_part PRIMARY KEY (kind, code),
  CONSTRAINT ck_network_part_kind CHECK ((kind = ANY (ARRAY['store'::text, 'workshop'::text, 'service'::text, 'line'::text])))
);
COMMENT ON COLUMN network_part.document IS 'The part as it was imported: one element of NetworkInput.';
COMMENT ON COLUMN network_part.version IS 'Version of the chain that last replaced this part.';

CREATE TABLE order_item (
  order_id uuid NOT NULL,
  "position" smallint NOT NULL,
  description text NOT NULL,
  service_codes text[] NOT NULL,
  pairs smallint NOT NULL,
  CONSTRAINT pk_order_item PRIMARY KEY (order_id, "position"),
  CONSTRAINT fk_order_item_order FOREIGN KEY (order_id) REFERENCES customer_order(id),
  CONSTRAINT ck_order_item_pairs CHECK (((pairs >= 1) AND (pairs <= 100)))
);

CREATE TABLE request_key (
  caller text NOT NULL,
  key text NOT NULL,
  content_hash text NOT NULL,
  answer_id uuid NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT pk_request_key PRIMARY KEY (caller, key)
);
COMMENT ON COLUMN request_key.answer_id IS 'The event or the hold that was the first answer.';

CREATE OR REPLACE FUNCTION public.take_claims(p_change_id uuid, p_resources text[], p_starts timestamp with time zone[], p_amounts integer[], p_limits integer[], p_ended_hold uuid)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
      BEGIN
        FOR i IN 1 .. cardinality(p_resources) LOOP
          IF p_amounts[i] > 0 THEN
            IF p_amounts[i] > p_limits[i] THEN
              RETURN i;
            END IF;
            INSERT INTO ledger AS l (resource, start, taken)
            VALUES (p_resources[i], p_starts[i], p_amounts[i])
            ON CONFLICT (resource, start) DO UPDATE SET taken = l.taken + EXCLUDED.taken
              WHERE p_limits[i] IS NULL OR l.taken + EXCLUDED.taken <= p_limits[i];
            IF NOT FOUND THEN
              RETURN i;
            END IF;
          ELSE
            UPDATE ledger SET taken = taken + p_amounts[i]
             WHERE resource = p_resources[i] AND start = p_starts[i];
            IF NOT FOUND THEN
              RAISE EXCEPTION 'bucket % % was never taken', p_resources[i], p_starts[i];
            END IF;
          END IF;
        END LOOP;
        INSERT INTO ledger_change (id, resources, starts, amounts, ended_hold)
        VALUES (p_change_id, p_resources, p_starts, p_amounts, p_ended_hold);
        RETURN 0;
      END $function$;
COMMENT ON FUNCTION take_claims(p_change_id uuid, p_resources text[], p_starts timestamp with time zone[], p_amounts integer[], p_limits integer[], p_ended_hold uuid) IS 'Adds amounts (negative: gives back) to buckets that are sorted by resource and start, each only up to its limit (null: none). Returns 0, or the position of the first bucket that is full: roll back then.';

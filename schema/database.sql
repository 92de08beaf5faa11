-- What a migrated database looks like, written from its catalog by `npm run dump`.
-- Do not edit: change the schema with a migration, then write this anew.

CREATE TABLE address_standing (
  channel text NOT NULL,
  account text NOT NULL,
  address_key text NOT NULL,
  standing text NOT NULL,
  reason text NOT NULL,
  since timestamp with time zone NOT NULL,
  CONSTRAINT pk_address_standing PRIMARY KEY (channel, account, address_key),
  CONSTRAINT ck_address_standing CHECK ((standing = ANY (ARRAY['INVALID'::text, 'WITHDRAWN'::text, 'GIVEN'::text])))
);
CREATE INDEX ix_address_standing_address_key ON public.address_standing USING btree (address_key);
COMMENT ON TABLE address_standing IS 'Addresses that are not to be used: the provider knows none such, or the person wants nothing there. GIVEN: again.';

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
CREATE INDEX ix_appointment_pick_up ON public.appointment USING btree (starts_at) WHERE (kind = 'PICK_UP'::text);
CREATE INDEX ix_appointment_store_start ON public.appointment USING btree (store_code, starts_at);
CREATE INDEX ix_appointment_unserved ON public.appointment USING btree (id) WHERE ((kind = 'DROP_OFF'::text) AND (status = 'CHECKED_IN'::text));

CREATE TABLE chain (
  id smallint NOT NULL DEFAULT 1,
  version bigint NOT NULL DEFAULT 0,
  CONSTRAINT pk_chain PRIMARY KEY (id),
  CONSTRAINT ck_chain_one_row CHECK ((id = 1)),
  CONSTRAINT ck_chain_version CHECK ((version >= 0))
);

CREATE TABLE channel_account (
  channel text NOT NULL,
  account text NOT NULL,
  settings jsonb NOT NULL,
  secrets bytea NOT NULL,
  version integer NOT NULL,
  is_enabled boolean NOT NULL,
  cost_minor integer NOT NULL DEFAULT 0,
  currency text,
  per_second integer,
  updated_at timestamp with time zone NOT NULL,
  CONSTRAINT pk_channel_account PRIMARY KEY (channel, account),
  CONSTRAINT ck_channel_account_cost CHECK ((cost_minor >= 0)),
  CONSTRAINT ck_channel_account_per_second CHECK ((per_second > 0))
);
COMMENT ON COLUMN channel_account.secrets IS 'The secret settings as JSON, sealed with AES-256-GCM.';

CREATE TABLE channel_address (
  customer_id uuid NOT NULL,
  channel text NOT NULL,
  account text NOT NULL,
  address jsonb NOT NULL,
  address_key text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT pk_channel_address PRIMARY KEY (customer_id, channel, account),
  CONSTRAINT uq_channel_address_key UNIQUE (channel, account, address_key),
  CONSTRAINT fk_channel_address_customer FOREIGN KEY (customer_id) REFERENCES customer(id)
);

CREATE TABLE channel_cursor (
  channel text NOT NULL,
  account text NOT NULL,
  cursor text NOT NULL,
  CONSTRAINT pk_channel_cursor PRIMARY KEY (channel, account)
);
COMMENT ON TABLE channel_cursor IS 'How far what a provider has to tell was fetched and applied.';

CREATE TABLE channel_grant (
  id uuid NOT NULL,
  channel text NOT NULL,
  account text NOT NULL,
  address_key text NOT NULL,
  kind text NOT NULL,
  template_id text,
  remaining integer,
  reserved integer NOT NULL DEFAULT 0,
  expires_at timestamp with time zone,
  closed_at timestamp with time zone,
  opened_at timestamp with time zone NOT NULL,
  CONSTRAINT pk_channel_grant PRIMARY KEY (id),
  CONSTRAINT ck_channel_grant_kind CHECK ((kind = ANY (ARRAY['ONE_TIME'::text, 'WINDOW'::text]))),
  CONSTRAINT ck_channel_grant_left CHECK (((reserved >= 0) AND ((remaining - reserved) >= 0)))
);
CREATE INDEX ix_channel_grant_open ON public.channel_grant USING btree (channel, account, address_key, kind, template_id) WHERE (closed_at IS NULL);
COMMENT ON COLUMN channel_grant.remaining IS 'Messages that it is good for; null: any number while it is open.';

CREATE TABLE channel_link (
  code text NOT NULL,
  customer_id uuid NOT NULL,
  channel text NOT NULL,
  account text NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT pk_channel_link PRIMARY KEY (code),
  CONSTRAINT uq_channel_link_customer UNIQUE (customer_id, channel, account),
  CONSTRAINT fk_channel_link_customer FOREIGN KEY (customer_id) REFERENCES customer(id)
);

CREATE TABLE channel_rate (
  channel text NOT NULL,
  account text NOT NULL,
  tokens double precision NOT NULL,
  refilled_at timestamp with time zone NOT NULL,
  queued_to timestamp with time zone NOT NULL,
  CONSTRAINT pk_channel_rate PRIMARY KEY (channel, account),
  CONSTRAINT ck_channel_rate_tokens CHECK ((tokens >= (0)::double precision))
);
COMMENT ON COLUMN channel_rate.queued_to IS 'When the last message that had to wait will have its turn.';

CREATE TABLE claim (
  owner_id uuid NOT NULL,
  resources text[] NOT NULL,
  starts timestamp with time zone[] NOT NULL,
  amounts integer[] NOT NULL,
  CONSTRAINT pk_claim PRIMARY KEY (owner_id),
  CONSTRAINT ck_claim_lengths CHECK (((cardinality(resources) = cardinality(starts)) AND (cardinality(starts) = cardinality(amounts))))
);
CREATE INDEX ix_claim_resources ON public.claim USING gin (resources);
COMMENT ON TABLE claim IS 'What one order or one hold has taken: three arrays of equal length.';

CREATE TABLE condition_photo (
  pair_id uuid NOT NULL,
  "position" smallint NOT NULL,
  media_id uuid NOT NULL,
  CONSTRAINT pk_condition_photo PRIMARY KEY (pair_id, "position"),
  CONSTRAINT fk_condition_photo_pair FOREIGN KEY (pair_id) REFERENCES pair(id)
);
COMMENT ON TABLE condition_photo IS 'How pairs looked when they were handed in.';

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
CREATE INDEX ix_customer_order_choice ON public.customer_order USING btree (id) WHERE (promise ? 'choice'::text);
CREATE INDEX ix_customer_order_customer ON public.customer_order USING btree (customer_id, id);
COMMENT ON COLUMN customer_order.promise IS 'The promise as it stands: ready-by, earliest pick-up, steps and delays; instants in epoch milliseconds.';

CREATE TABLE day_sheet (
  store_code text NOT NULL,
  local_date date NOT NULL,
  opens_at timestamp with time zone NOT NULL,
  useful_until timestamp with time zone NOT NULL,
  locale text NOT NULL,
  title text NOT NULL,
  content text NOT NULL,
  made_at timestamp with time zone NOT NULL,
  CONSTRAINT pk_day_sheet PRIMARY KEY (store_code, local_date)
);
CREATE INDEX ix_day_sheet_made_at ON public.day_sheet USING brin (made_at);
COMMENT ON COLUMN day_sheet.content IS 'The words as they are sent; no name of a customer in them.';

CREATE TABLE day_sheet_sending (
  id uuid NOT NULL,
  store_code text NOT NULL,
  local_date date NOT NULL,
  channel text NOT NULL,
  account text NOT NULL,
  status text NOT NULL,
  tries smallint NOT NULL DEFAULT 0,
  may_be_repeated boolean NOT NULL DEFAULT false,
  fence integer NOT NULL DEFAULT 0,
  leased_until timestamp with time zone,
  next_at timestamp with time zone,
  first_attempt_at timestamp with time zone,
  last_attempt_at timestamp with time zone,
  ended_at timestamp with time zone,
  reason text,
  code text,
  CONSTRAINT pk_day_sheet_sending PRIMARY KEY (id),
  CONSTRAINT uq_day_sheet_sending_account UNIQUE (store_code, local_date, channel, account),
  CONSTRAINT fk_day_sheet_sending_sheet FOREIGN KEY (store_code, local_date) REFERENCES day_sheet(store_code, local_date),
  CONSTRAINT ck_day_sheet_sending_status CHECK ((status = ANY (ARRAY['CREATED'::text, 'SENDING'::text, 'RETRYING'::text, 'AMBIGUOUS'::text, 'ACCEPTED'::text, 'DELIVERED'::text, 'FAILED'::text, 'EXPIRED'::text])))
);
CREATE INDEX ix_day_sheet_sending_next ON public.day_sheet_sending USING btree (next_at, id) WHERE (next_at IS NOT NULL);
COMMENT ON COLUMN day_sheet_sending.id IS 'What the provider is given to know a repeat by.';
COMMENT ON COLUMN day_sheet_sending.next_at IS 'When a worker has to look at it again; null: nothing more to do.';

CREATE TABLE delivery (
  id uuid NOT NULL,
  message_id uuid NOT NULL,
  step smallint NOT NULL,
  channel text NOT NULL,
  account text NOT NULL,
  account_version integer NOT NULL,
  way text NOT NULL,
  address jsonb NOT NULL,
  address_key text NOT NULL,
  content jsonb,
  status text NOT NULL,
  engagement text[] NOT NULL DEFAULT '{}'::text[],
  reason text,
  provider_ref text,
  grant_id uuid,
  attempts jsonb NOT NULL DEFAULT '[]'::jsonb,
  look_ups smallint NOT NULL DEFAULT 0,
  may_be_repeated boolean NOT NULL DEFAULT false,
  is_late boolean NOT NULL DEFAULT false,
  fence integer NOT NULL DEFAULT 1,
  leased_until timestamp with time zone,
  next_at timestamp with time zone,
  first_attempt_at timestamp with time zone,
  cost_minor integer NOT NULL DEFAULT 0,
  currency text,
  created_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone,
  CONSTRAINT pk_delivery PRIMARY KEY (id),
  CONSTRAINT fk_delivery_grant FOREIGN KEY (grant_id) REFERENCES channel_grant(id),
  CONSTRAINT fk_delivery_message FOREIGN KEY (message_id) REFERENCES message(id),
  CONSTRAINT ck_delivery_status CHECK ((status = ANY (ARRAY['CREATED'::text, 'SENDING'::text, 'RETRYING'::text, 'AMBIGUOUS'::text, 'ACCEPTED'::text, 'SENT'::text, 'UNDELIVERED'::text, 'FAILED'::text, 'DELIVERED'::text, 'CANCELLED'::text, 'EXPIRED'::text])))
);
CREATE INDEX ix_delivery_created_at ON public.delivery USING brin (created_at);
CREATE INDEX ix_delivery_leased_until ON public.delivery USING btree (leased_until, id) WHERE (leased_until IS NOT NULL);
CREATE INDEX ix_delivery_message ON public.delivery USING btree (message_id);
CREATE INDEX ix_delivery_next ON public.delivery USING btree (next_at, id) WHERE (next_at IS NOT NULL);
CREATE INDEX ix_delivery_provider_ref ON public.delivery USING btree (channel, provider_ref) WHERE (provider_ref IS NOT NULL);
COMMENT ON COLUMN delivery.content IS 'The words as they were sent; the same for every attempt.';
COMMENT ON COLUMN delivery.grant_id IS 'Reserved for it; null once it is settled what became of the grant.';
COMMENT ON COLUMN delivery.attempts IS 'Each try: {"at", "outcome", "because", "code", "message"}.';
COMMENT ON COLUMN delivery.next_at IS 'When a worker has to look at it again; null: nothing more to do.';

CREATE TABLE desk (
  store_code text NOT NULL,
  name text NOT NULL,
  is_open boolean NOT NULL,
  visit_kinds text[] NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  CONSTRAINT pk_desk PRIMARY KEY (store_code, name),
  CONSTRAINT ck_desk_visit_kinds CHECK (((cardinality(visit_kinds) > 0) AND (visit_kinds <@ ARRAY['DROP_OFF'::text, 'PICK_UP'::text])))
);

CREATE TABLE disruption (
  id uuid NOT NULL,
  kind text NOT NULL,
  code text NOT NULL,
  starts_at timestamp with time zone NOT NULL,
  ends_at timestamp with time zone,
  skill text,
  units integer,
  delay_min integer,
  reason text,
  created_at timestamp with time zone NOT NULL,
  created_by text NOT NULL,
  lifted_at timestamp with time zone,
  lifted_by text,
  CONSTRAINT pk_disruption PRIMARY KEY (id),
  CONSTRAINT ck_disruption_closure CHECK ((((kind = 'CLOSE_STORE'::text) = (ends_at IS NOT NULL)) AND (ends_at > starts_at))),
  CONSTRAINT ck_disruption_cut CHECK ((((kind = 'CUT_SHIFT'::text) = (units IS NOT NULL)) AND (units >= 0))),
  CONSTRAINT ck_disruption_delay CHECK ((((kind = 'DELAY_TRIP'::text) = (delay_min IS NOT NULL)) AND (delay_min > 0))),
  CONSTRAINT ck_disruption_kind CHECK ((kind = ANY (ARRAY['CLOSE_STORE'::text, 'CUT_SHIFT'::text, 'CANCEL_TRIP'::text, 'DELAY_TRIP'::text]))),
  CONSTRAINT ck_disruption_lifted CHECK (((lifted_at IS NULL) = (lifted_by IS NULL)))
);
CREATE INDEX ix_disruption_standing ON public.disruption USING btree (starts_at, id) WHERE (lifted_at IS NULL);
COMMENT ON COLUMN disruption.code IS 'Of the store, the workshop or the line.';
COMMENT ON COLUMN disruption.starts_at IS 'When the store closes; start of the shift; scheduled departure of the trip from its first stop.';
COMMENT ON COLUMN disruption.skill IS 'Of a cut shift; null: all its skills.';

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
  details jsonb,
  CONSTRAINT pk_event PRIMARY KEY (id),
  CONSTRAINT uq_event_order_version UNIQUE (order_id, version),
  CONSTRAINT fk_event_order FOREIGN KEY (order_id) REFERENCES customer_order(id)
);
COMMENT ON COLUMN event.before IS 'What the change replaced; null for the booking. The same fields as in "after" that differ.';
COMMENT ON COLUMN event.after IS 'The whole order after the change, without its customer.';
COMMENT ON COLUMN event.details IS 'What belongs to the happening alone and not to the order: stage, explanation, price, photo.';

CREATE TABLE finding (
  id uuid NOT NULL,
  order_id uuid NOT NULL,
  pair_id uuid NOT NULL,
  workshop_code text NOT NULL,
  state text NOT NULL,
  explanation text NOT NULL,
  price_minor integer NOT NULL,
  currency text NOT NULL,
  operations jsonb NOT NULL,
  media_ids uuid[] NOT NULL,
  ready_if_approved timestamp with time zone,
  ready_if_declined timestamp with time zone,
  order_version integer NOT NULL,
  reported_at timestamp with time zone NOT NULL,
  reported_by text NOT NULL,
  decide_by timestamp with time zone NOT NULL,
  remind_at timestamp with time zone,
  question text,
  asked_at timestamp with time zone,
  decided_at timestamp with time zone,
  decided_by text,
  decided_as text,
  CONSTRAINT pk_finding PRIMARY KEY (id),
  CONSTRAINT uq_finding_order_version UNIQUE (order_id, order_version),
  CONSTRAINT fk_finding_order FOREIGN KEY (order_id) REFERENCES customer_order(id),
  CONSTRAINT fk_finding_pair FOREIGN KEY (pair_id) REFERENCES pair(id),
  CONSTRAINT ck_finding_asked CHECK (((question IS NULL) = (asked_at IS NULL))),
  CONSTRAINT ck_finding_decided CHECK ((((state = 'OPEN'::text) = (decided_at IS NULL)) AND ((state = 'OPEN'::text) = (decided_by IS NULL)))),
  CONSTRAINT ck_finding_decided_as CHECK ((((state = 'OPEN'::text) = (decided_as IS NULL)) AND (decided_as = ANY (ARRAY['CUSTOMER'::text, 'STAFF'::text, 'DEFAULT'::text])))),
  CONSTRAINT ck_finding_price CHECK ((price_minor >= 0)),
  CONSTRAINT ck_finding_state CHECK ((state = ANY (ARRAY['OPEN'::text, 'APPROVED'::text, 'DECLINED'::text])))
);
CREATE INDEX ix_finding_due ON public.finding USING btree (decide_by, id) WHERE (state = 'OPEN'::text);
CREATE INDEX ix_finding_pair ON public.finding USING btree (pair_id);
CREATE INDEX ix_finding_remind ON public.finding USING btree (remind_at, id) WHERE ((state = 'OPEN'::text) AND (remind_at IS NOT NULL));
COMMENT ON COLUMN finding.ready_if_approved IS 'As planned when it was reported; null: there was no way then.';
COMMENT ON COLUMN finding.order_version IS 'Of the order, right after it was reported.';
COMMENT ON COLUMN finding.remind_at IS 'When the customer is reminded once more; null: it was done, or is not wanted.';

CREATE TABLE grant_entry (
  id uuid NOT NULL,
  grant_id uuid NOT NULL,
  delta integer NOT NULL,
  reason text NOT NULL,
  delivery_id uuid,
  at timestamp with time zone NOT NULL,
  CONSTRAINT pk_grant_entry PRIMARY KEY (id),
  CONSTRAINT fk_grant_entry_grant FOREIGN KEY (grant_id) REFERENCES channel_grant(id)
);
CREATE INDEX ix_grant_entry_grant ON public.grant_entry USING btree (grant_id, id);

CREATE TABLE hand_out (
  id uuid NOT NULL,
  order_id uuid NOT NULL,
  order_version integer NOT NULL,
  store_code text NOT NULL,
  at timestamp with time zone NOT NULL,
  actor text NOT NULL,
  handed_to text,
  CONSTRAINT pk_hand_out PRIMARY KEY (id),
  CONSTRAINT uq_hand_out_order_version UNIQUE (order_id, order_version),
  CONSTRAINT fk_hand_out_order FOREIGN KEY (order_id) REFERENCES customer_order(id)
);
COMMENT ON COLUMN hand_out.handed_to IS 'Name of who took the goods, if it was somebody else than the customer.';

CREATE TABLE hand_out_pair (
  pair_id uuid NOT NULL,
  hand_out_id uuid NOT NULL,
  CONSTRAINT pk_hand_out_pair PRIMARY KEY (pair_id),
  CONSTRAINT fk_hand_out_pair_hand_out FOREIGN KEY (hand_out_id) REFERENCES hand_out(id),
  CONSTRAINT fk_hand_out_pair_pair FOREIGN KEY (pair_id) REFERENCES pair(id)
);
CREATE INDEX ix_hand_out_pair_hand_out ON public.hand_out_pair USING btree (hand_out_id);

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

CREATE TABLE house_rules (
  is_only boolean NOT NULL DEFAULT true,
  partial_hand_out boolean NOT NULL,
  finding_decide_hours smallint NOT NULL,
  finding_remind_hours smallint,
  finding_default text NOT NULL,
  CONSTRAINT pk_house_rules PRIMARY KEY (is_only),
  CONSTRAINT ck_house_rules_default CHECK ((finding_default = ANY (ARRAY['APPROVE'::text, 'DECLINE'::text]))),
  CONSTRAINT ck_house_rules_hours CHECK ((((finding_decide_hours >= 1) AND (finding_decide_hours <= 720)) AND (finding_remind_hours < finding_decide_hours) AND (finding_remind_hours > 0))),
  CONSTRAINT ck_house_rules_only CHECK (is_only)
);
COMMENT ON COLUMN house_rules.finding_remind_hours IS 'Before the time to decide is over; null: nobody is reminded.';

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

CREATE TABLE limit_override (
  order_id uuid NOT NULL,
  order_version integer NOT NULL,
  visit text NOT NULL,
  store_code text NOT NULL,
  starts_at timestamp with time zone NOT NULL,
  reason text NOT NULL,
  actor text NOT NULL,
  at timestamp with time zone NOT NULL,
  CONSTRAINT pk_limit_override PRIMARY KEY (order_id, order_version, visit),
  CONSTRAINT fk_limit_override_order FOREIGN KEY (order_id) REFERENCES customer_order(id),
  CONSTRAINT ck_limit_override_visit CHECK ((visit = ANY (ARRAY['DROP_OFF'::text, 'PICK_UP'::text])))
);
CREATE INDEX ix_limit_override_store ON public.limit_override USING btree (store_code, starts_at, order_id);
COMMENT ON TABLE limit_override IS 'Visits that staff put into a slot over its limits; starts_at is the start of the slot.';

CREATE TABLE media (
  id uuid NOT NULL,
  order_id uuid,
  uploaded_by text NOT NULL,
  request_key text NOT NULL,
  content_hash text NOT NULL,
  purpose text NOT NULL,
  filename text NOT NULL,
  mime text NOT NULL,
  bytes integer NOT NULL,
  sha256 text NOT NULL,
  status text NOT NULL,
  refusal text,
  duration_ms integer,
  created_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  completed_at timestamp with time zone,
  CONSTRAINT pk_media PRIMARY KEY (id),
  CONSTRAINT uq_media_request UNIQUE (uploaded_by, request_key),
  CONSTRAINT fk_media_order FOREIGN KEY (order_id) REFERENCES customer_order(id),
  CONSTRAINT ck_media_bytes CHECK ((bytes > 0)),
  CONSTRAINT ck_media_completed CHECK (((status <> 'READY'::text) OR (completed_at IS NOT NULL))),
  CONSTRAINT ck_media_purpose CHECK ((purpose = ANY (ARRAY['CONDITION'::text, 'FINDING'::text, 'PROGRESS'::text, 'CONVERSATION'::text]))),
  CONSTRAINT ck_media_refusal CHECK (((status = 'REFUSED'::text) = (refusal IS NOT NULL))),
  CONSTRAINT ck_media_sha256 CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT ck_media_status CHECK ((status = ANY (ARRAY['OPEN'::text, 'RECEIVING'::text, 'RECEIVED'::text, 'READY'::text, 'REFUSED'::text, 'FORGOTTEN'::text])))
);
CREATE INDEX ix_media_order ON public.media USING btree (order_id, id) WHERE (order_id IS NOT NULL);
CREATE INDEX ix_media_unfinished ON public.media USING btree (expires_at, id) WHERE (status <> 'READY'::text);
CREATE INDEX ix_media_uploaded_by ON public.media USING btree (uploaded_by, expires_at) WHERE (status <> 'READY'::text);
CREATE INDEX ix_media_without_order ON public.media USING btree (created_at, id) WHERE (order_id IS NULL);
COMMENT ON COLUMN media.order_id IS 'Null: of no order yet; then it is shown to whoever uploaded it alone, and given up after a day.';
COMMENT ON COLUMN media.uploaded_by IS 'Id of the caller; tells nothing about a person.';
COMMENT ON COLUMN media.mime IS 'With bytes and sha256: of the file as it was announced; what is kept of it is in media_file.';
COMMENT ON COLUMN media.status IS 'OPEN: nothing has come. RECEIVING: bytes are coming. RECEIVED: not looked through yet. FORGOTTEN: files are being deleted.';

CREATE TABLE media_file (
  media_id uuid NOT NULL,
  variant text NOT NULL,
  storage_key text NOT NULL,
  mime text NOT NULL,
  bytes integer NOT NULL,
  sha256 text NOT NULL,
  width integer NOT NULL,
  height integer NOT NULL,
  CONSTRAINT pk_media_file PRIMARY KEY (media_id, variant),
  CONSTRAINT fk_media_file_media FOREIGN KEY (media_id) REFERENCES media(id) ON DELETE CASCADE,
  CONSTRAINT ck_media_file_bytes CHECK ((bytes > 0)),
  CONSTRAINT ck_media_file_variant CHECK ((variant = ANY (ARRAY['ORIGINAL'::text, 'LARGE'::text, 'SMALL'::text])))
);
COMMENT ON COLUMN media_file.storage_key IS 'Holds the id of its medium, so that no other row has the same file.';

CREATE TABLE message (
  id uuid NOT NULL,
  order_id uuid NOT NULL,
  kind text NOT NULL,
  occasion text NOT NULL,
  order_version integer NOT NULL,
  state text NOT NULL,
  reason text,
  planned_at timestamp with time zone NOT NULL,
  due_at timestamp with time zone NOT NULL,
  useful_until timestamp with time zone NOT NULL,
  step smallint NOT NULL DEFAULT 0,
  owed_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone,
  passed_over jsonb,
  CONSTRAINT pk_message PRIMARY KEY (id),
  CONSTRAINT uq_message_cause UNIQUE (order_id, kind, occasion),
  CONSTRAINT fk_message_order FOREIGN KEY (order_id) REFERENCES customer_order(id),
  CONSTRAINT ck_message_reason CHECK (((state <> ALL (ARRAY['SKIPPED'::text, 'WITHDRAWN'::text, 'FAILED'::text])) OR (reason IS NOT NULL))),
  CONSTRAINT ck_message_state CHECK ((state = ANY (ARRAY['OWED'::text, 'OPEN'::text, 'DONE'::text, 'SKIPPED'::text, 'WITHDRAWN'::text, 'FAILED'::text])))
);
CREATE INDEX ix_message_due ON public.message USING btree (due_at, id) WHERE (state = 'OWED'::text);
CREATE INDEX ix_message_failed ON public.message USING btree (id) WHERE (state = 'FAILED'::text);
CREATE INDEX ix_message_owed_at ON public.message USING brin (owed_at);
COMMENT ON COLUMN message.occasion IS 'What sets it apart from others of its kind and order: the version of an event, or a date at a store.';
COMMENT ON COLUMN message.state IS 'OWED: to be sent from due_at on. OPEN: on its way on a channel. DONE: told. FAILED: no way left.';
COMMENT ON COLUMN message.due_at IS 'When a worker takes it up: planned_at, or later when it had to wait.';
COMMENT ON COLUMN message.step IS 'Step of its route that is next (OWED) or under way (OPEN).';
COMMENT ON COLUMN message.passed_over IS 'Steps of its route that were not taken when it was last looked at: {"channel", "account", "reason"}.';

CREATE TABLE message_policy (
  one boolean NOT NULL DEFAULT true,
  document jsonb NOT NULL,
  replanned uuid,
  is_settled boolean NOT NULL DEFAULT true,
  updated_at timestamp with time zone NOT NULL,
  CONSTRAINT pk_message_policy PRIMARY KEY (one),
  CONSTRAINT ck_message_policy_one CHECK (one)
);
COMMENT ON TABLE message_policy IS 'One row, or none: the policy that the service brings. Every change of it is a version of the chain.';
COMMENT ON COLUMN message_policy.replanned IS 'The messages of orders up to this id follow the policy; while not is_settled the others do not yet.';

CREATE TABLE message_preference (
  customer_id uuid NOT NULL,
  channels text[] NOT NULL DEFAULT '{}'::text[],
  off_channels text[] NOT NULL DEFAULT '{}'::text[],
  off_kinds text[] NOT NULL DEFAULT '{}'::text[],
  time_zone text,
  quiet_from smallint,
  quiet_to smallint,
  updated_at timestamp with time zone NOT NULL,
  CONSTRAINT pk_message_preference PRIMARY KEY (customer_id),
  CONSTRAINT fk_message_preference_customer FOREIGN KEY (customer_id) REFERENCES customer(id),
  CONSTRAINT ck_message_preference_quiet CHECK ((((quiet_from IS NULL) = (quiet_to IS NULL)) AND ((quiet_from >= 0) AND (quiet_from <= 1439)) AND ((quiet_to >= 0) AND (quiet_to <= 1439))))
);
COMMENT ON COLUMN message_preference.quiet_from IS 'Minute of the day in time_zone, else in the zone of the store; null: as the policy says. Equal: never quiet.';

CREATE TABLE message_template (
  kind text NOT NULL,
  locale text NOT NULL,
  texts jsonb NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  CONSTRAINT pk_message_template PRIMARY KEY (kind, locale)
);

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
  price_minor integer,
  currency text,
  CONSTRAINT pk_order_item PRIMARY KEY (order_id, "position"),
  CONSTRAINT fk_order_item_order FOREIGN KEY (order_id) REFERENCES customer_order(id),
  CONSTRAINT ck_order_item_pairs CHECK (((pairs >= 1) AND (pairs <= 100))),
  CONSTRAINT ck_order_item_price CHECK ((((price_minor IS NULL) = (currency IS NULL)) AND (price_minor >= 0)))
);
COMMENT ON COLUMN order_item.price_minor IS 'Of one pair, as agreed at the counter; null: the list price of its services.';

CREATE TABLE pair (
  id uuid NOT NULL,
  order_id uuid NOT NULL,
  item smallint NOT NULL,
  number smallint NOT NULL,
  tag text NOT NULL,
  condition text,
  place text NOT NULL,
  place_code text NOT NULL,
  trip_departs timestamp with time zone,
  to_code text,
  shelf text,
  since timestamp with time zone NOT NULL,
  CONSTRAINT pk_pair PRIMARY KEY (id),
  CONSTRAINT uq_pair_order_number UNIQUE (order_id, number),
  CONSTRAINT uq_pair_tag UNIQUE (tag),
  CONSTRAINT fk_pair_order FOREIGN KEY (order_id) REFERENCES customer_order(id),
  CONSTRAINT ck_pair_place CHECK ((place = ANY (ARRAY['STORE'::text, 'WORKSHOP'::text, 'TRIP'::text, 'CUSTOMER'::text, 'MISSING'::text]))),
  CONSTRAINT ck_pair_trip CHECK ((((place = 'TRIP'::text) = (trip_departs IS NOT NULL)) AND ((place = 'TRIP'::text) = (to_code IS NOT NULL))))
);
CREATE INDEX ix_pair_place ON public.pair USING btree (place, place_code, trip_departs);
CREATE INDEX ix_pair_with_us ON public.pair USING btree (id) WHERE (place <> 'CUSTOMER'::text);
COMMENT ON COLUMN pair.place_code IS 'Code of the store or workshop; of the line for a trip; where it was handed out or last seen.';

CREATE TABLE pair_operation (
  pair_id uuid NOT NULL,
  "position" smallint NOT NULL,
  skill text NOT NULL,
  units smallint NOT NULL,
  dwell_min integer NOT NULL,
  origin text NOT NULL,
  finding_id uuid,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  workshop_code text,
  shift_start timestamp with time zone,
  CONSTRAINT pk_pair_operation PRIMARY KEY (pair_id, "position"),
  CONSTRAINT fk_pair_operation_pair FOREIGN KEY (pair_id) REFERENCES pair(id),
  CONSTRAINT ck_pair_operation_finished CHECK (((finished_at IS NULL) OR (workshop_code IS NOT NULL))),
  CONSTRAINT ck_pair_operation_origin CHECK ((origin = ANY (ARRAY['SERVICE'::text, 'FINDING'::text, 'REWORK'::text])))
);
COMMENT ON COLUMN pair_operation.shift_start IS 'Of the shift whose units a finished operation used up.';

CREATE TABLE pair_photo (
  pair_id uuid NOT NULL,
  media_id uuid NOT NULL,
  scan_id text NOT NULL,
  stage text NOT NULL,
  caption text,
  at timestamp with time zone NOT NULL,
  CONSTRAINT pk_pair_photo PRIMARY KEY (pair_id, media_id),
  CONSTRAINT fk_pair_photo_scan FOREIGN KEY (pair_id, scan_id) REFERENCES scan(pair_id, id),
  CONSTRAINT ck_pair_photo_stage CHECK ((stage = ANY (ARRAY['BEFORE'::text, 'AFTER'::text, 'DETAIL'::text])))
);
COMMENT ON TABLE pair_photo IS 'Milestones of the work on a pair, in pictures.';

CREATE TABLE provider_token (
  key text NOT NULL,
  token text NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT pk_provider_token PRIMARY KEY (key)
);

CREATE TABLE queue_entry (
  id uuid NOT NULL,
  store_code text NOT NULL,
  local_date date NOT NULL,
  number text NOT NULL,
  kind text NOT NULL,
  visit_kind text NOT NULL,
  pairs smallint NOT NULL,
  order_id uuid,
  appointment_id uuid,
  order_version integer,
  arrived_at timestamp with time zone NOT NULL,
  due_at timestamp with time zone NOT NULL,
  reduced_mobility boolean NOT NULL,
  goes_first boolean NOT NULL,
  state text NOT NULL,
  desk text,
  calls smallint NOT NULL DEFAULT 0,
  called_at timestamp with time zone,
  served_at timestamp with time zone,
  ended_at timestamp with time zone,
  near_at timestamp with time zone,
  version integer NOT NULL,
  CONSTRAINT pk_queue_entry PRIMARY KEY (id),
  CONSTRAINT uq_queue_entry_number UNIQUE (store_code, local_date, number),
  CONSTRAINT fk_queue_entry_appointment FOREIGN KEY (appointment_id) REFERENCES appointment(id),
  CONSTRAINT fk_queue_entry_order FOREIGN KEY (order_id) REFERENCES customer_order(id),
  CONSTRAINT ck_queue_entry_desk CHECK (((state <> ALL (ARRAY['CALLED'::text, 'SERVING'::text])) OR (desk IS NOT NULL))),
  CONSTRAINT ck_queue_entry_ended CHECK (((state = ANY (ARRAY['FINISHED'::text, 'LEFT'::text])) = (ended_at IS NOT NULL))),
  CONSTRAINT ck_queue_entry_kind CHECK ((kind = ANY (ARRAY['APPOINTMENT'::text, 'WALK_IN'::text, 'LATE_APPOINTMENT'::text]))),
  CONSTRAINT ck_queue_entry_pairs CHECK ((pairs >= 1)),
  CONSTRAINT ck_queue_entry_state CHECK ((state = ANY (ARRAY['WAITING'::text, 'CALLED'::text, 'SERVING'::text, 'HELD'::text, 'FINISHED'::text, 'LEFT'::text]))),
  CONSTRAINT ck_queue_entry_visit_kind CHECK ((visit_kind = ANY (ARRAY['DROP_OFF'::text, 'PICK_UP'::text])))
);
CREATE INDEX ix_queue_entry_appointment ON public.queue_entry USING btree (appointment_id);
CREATE INDEX ix_queue_entry_line ON public.queue_entry USING btree (store_code, goes_first DESC, due_at, arrived_at, id) WHERE (state = ANY (ARRAY['WAITING'::text, 'CALLED'::text, 'SERVING'::text, 'HELD'::text]));
CREATE UNIQUE INDEX uq_queue_entry_desk ON public.queue_entry USING btree (store_code, desk) WHERE (state = ANY (ARRAY['CALLED'::text, 'SERVING'::text]));
CREATE UNIQUE INDEX uq_queue_entry_order ON public.queue_entry USING btree (order_id) WHERE (state = ANY (ARRAY['WAITING'::text, 'CALLED'::text, 'SERVING'::text, 'HELD'::text]));
COMMENT ON COLUMN queue_entry.order_version IS 'Of the order, right after the check-in.';
COMMENT ON COLUMN queue_entry.desk IS 'The desk that calls or serves them; of a visit that waits: the only one that may call it.';
COMMENT ON COLUMN queue_entry.near_at IS 'When they had two people or fewer ahead of them; told once, by a message if they have an order.';

CREATE TABLE queue_event (
  id uuid NOT NULL,
  store_code text NOT NULL,
  entry_id uuid,
  kind text NOT NULL,
  actor text NOT NULL,
  at timestamp with time zone NOT NULL,
  after jsonb NOT NULL,
  CONSTRAINT pk_queue_event PRIMARY KEY (id),
  CONSTRAINT fk_queue_event_entry FOREIGN KEY (entry_id) REFERENCES queue_entry(id)
);
CREATE INDEX ix_queue_event_entry ON public.queue_event USING btree (entry_id);
COMMENT ON COLUMN queue_event.after IS 'The entry or the desk after it: what the request that did it is answered, also when it comes again.';

CREATE TABLE queue_number (
  store_code text NOT NULL,
  local_date date NOT NULL,
  letter text NOT NULL,
  last integer NOT NULL,
  CONSTRAINT pk_queue_number PRIMARY KEY (store_code, local_date, letter),
  CONSTRAINT ck_queue_number_last CHECK ((last >= 1))
);
COMMENT ON COLUMN queue_number.last IS 'The last number given out; changed by one statement.';

CREATE TABLE queue_settings (
  store_code text NOT NULL,
  document jsonb NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  CONSTRAINT pk_queue_settings PRIMARY KEY (store_code)
);
COMMENT ON COLUMN queue_settings.document IS 'What the store does otherwise than by default; what it leaves out is as the service brings it.';

CREATE TABLE receipt (
  channel text NOT NULL,
  account text NOT NULL,
  dedupe_key text NOT NULL,
  delivery_id uuid,
  provider_ref text,
  status text NOT NULL,
  code text,
  because text,
  at timestamp with time zone NOT NULL,
  received_at timestamp with time zone NOT NULL,
  CONSTRAINT pk_receipt PRIMARY KEY (channel, account, dedupe_key)
);
CREATE INDEX ix_receipt_delivery ON public.receipt USING btree (delivery_id) WHERE (delivery_id IS NOT NULL);
CREATE INDEX ix_receipt_provider_ref ON public.receipt USING btree (channel, provider_ref) WHERE ((delivery_id IS NULL) AND (provider_ref IS NOT NULL));
COMMENT ON COLUMN receipt.delivery_id IS 'As the provider echoed it, or found by provider_ref; null while none is known.';

CREATE TABLE replan (
  order_id uuid NOT NULL,
  cause text NOT NULL,
  since timestamp with time zone NOT NULL,
  due_at timestamp with time zone NOT NULL,
  tries smallint NOT NULL DEFAULT 0,
  leased_until timestamp with time zone,
  CONSTRAINT pk_replan PRIMARY KEY (order_id),
  CONSTRAINT fk_replan_order FOREIGN KEY (order_id) REFERENCES customer_order(id)
);
CREATE INDEX ix_replan_due ON public.replan USING btree (due_at, order_id);
COMMENT ON TABLE replan IS 'Orders whose promise something may have broken, until they are planned again.';
COMMENT ON COLUMN replan.leased_until IS 'By the database''s clock: until then one process has the order in hand.';

CREATE TABLE request_key (
  caller text NOT NULL,
  key text NOT NULL,
  content_hash text NOT NULL,
  answer_id uuid NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT pk_request_key PRIMARY KEY (caller, key)
);
COMMENT ON COLUMN request_key.answer_id IS 'The event or the hold that was the first answer.';

CREATE TABLE scan (
  id text NOT NULL,
  pair_id uuid NOT NULL,
  kind text NOT NULL,
  place_code text NOT NULL,
  line_code text,
  trip_departs timestamp with time zone,
  to_code text,
  shelf text,
  at timestamp with time zone NOT NULL,
  received_at timestamp with time zone NOT NULL,
  actor text NOT NULL,
  is_listed boolean NOT NULL DEFAULT true,
  skill text,
  operations jsonb,
  discrepancies text[] NOT NULL DEFAULT '{}'::text[],
  CONSTRAINT pk_scan PRIMARY KEY (pair_id, id),
  CONSTRAINT fk_scan_pair FOREIGN KEY (pair_id) REFERENCES pair(id),
  CONSTRAINT ck_scan_trip CHECK (((line_code IS NULL) = (trip_departs IS NULL)))
);
CREATE INDEX ix_scan_pair ON public.scan USING btree (pair_id, at, id);
CREATE INDEX ix_scan_trip ON public.scan USING btree (line_code, trip_departs) WHERE (line_code IS NOT NULL);
COMMENT ON COLUMN scan.id IS 'The scanner''s own; with a pair it counts once.';
COMMENT ON COLUMN scan.at IS 'By the scanner''s clock; received_at is when it came here.';
COMMENT ON COLUMN scan.is_listed IS 'Of loading: whether the pair was to ride there by the plan, when the scan came.';
COMMENT ON COLUMN scan.operations IS 'Of rework: what is to be done again.';
COMMENT ON COLUMN scan.discrepancies IS 'What did not fit together, by all scans of the pair that are known.';

CREATE TABLE shelf_check (
  store_code text NOT NULL,
  local_date date NOT NULL,
  checked_at timestamp with time zone NOT NULL,
  orders integer NOT NULL,
  CONSTRAINT pk_shelf_check PRIMARY KEY (store_code, local_date)
);
COMMENT ON TABLE shelf_check IS 'Dates on which all goods on a store''s shelf that were not collected in time have their place in the ledger.';
COMMENT ON COLUMN shelf_check.orders IS 'Whose place on the shelf was kept for the date.';

CREATE TABLE staff_task (
  id uuid NOT NULL,
  store_code text NOT NULL,
  kind text NOT NULL,
  order_id uuid NOT NULL,
  cause text NOT NULL,
  reason text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  done_at timestamp with time zone,
  done_by text,
  CONSTRAINT pk_staff_task PRIMARY KEY (id),
  CONSTRAINT uq_staff_task_cause UNIQUE (order_id, kind, cause),
  CONSTRAINT fk_staff_task_order FOREIGN KEY (order_id) REFERENCES customer_order(id)
);
CREATE INDEX ix_staff_task_open ON public.staff_task USING btree (store_code, id) WHERE (done_at IS NULL);

CREATE TABLE trip_call (
  line_code text NOT NULL,
  departs timestamp with time zone NOT NULL,
  stop smallint NOT NULL,
  arrived_at timestamp with time zone,
  departed_at timestamp with time zone,
  CONSTRAINT pk_trip_call PRIMARY KEY (line_code, departs, stop)
);
COMMENT ON TABLE trip_call IS 'When vans really came to their stops and left them.';
COMMENT ON COLUMN trip_call.stop IS 'Number of the stop on its line, from 0 on.';

CREATE TABLE trip_listed (
  line_code text NOT NULL,
  departs timestamp with time zone NOT NULL,
  pair_id uuid NOT NULL,
  from_stop smallint NOT NULL,
  to_stop smallint NOT NULL,
  CONSTRAINT pk_trip_listed PRIMARY KEY (line_code, departs, pair_id, from_stop),
  CONSTRAINT fk_trip_listed_pair FOREIGN KEY (pair_id) REFERENCES pair(id)
);
COMMENT ON TABLE trip_listed IS 'What should have boarded by the plan at the moment when a van left a stop.';

CREATE OR REPLACE FUNCTION public.owe_messages(the_order uuid, the_version integer, the_time timestamp with time zone, recomputed text[], ids uuid[], kinds text[], occasions text[], dues timestamp with time zone[], untils timestamp with time zone[], skips text[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
      BEGIN
        IF cardinality(recomputed) > 0 THEN
          UPDATE message SET state = 'WITHDRAWN', reason = 'NO_LONGER_TRUE', ended_at = the_time
           WHERE order_id = the_order AND state IN ('OWED', 'OPEN') AND kind = ANY (recomputed)
             AND (kind, occasion) NOT IN (SELECT k, o FROM unnest(kinds, occasions) AS given (k, o));
        END IF;
        INSERT INTO message AS m (id, order_id, kind, occasion, order_version, state, reason, planned_at,
                                  due_at, useful_until, owed_at, ended_at)
        SELECT id, the_order, k, o, the_version, CASE WHEN skip IS NULL THEN 'OWED' ELSE 'SKIPPED' END,
               skip, due, due, until, the_time, CASE WHEN skip IS NOT NULL THEN the_time END
          FROM unnest(ids, kinds, occasions, dues, untils, skips) AS given (id, k, o, due, until, skip)
        ON CONFLICT ON CONSTRAINT uq_message_cause DO UPDATE
           SET state = excluded.state, reason = excluded.reason, planned_at = excluded.planned_at,
               due_at = excluded.due_at, useful_until = excluded.useful_until, step = 0,
               order_version = excluded.order_version, owed_at = excluded.owed_at,
               ended_at = excluded.ended_at
         WHERE CASE m.state
           WHEN 'OWED' THEN (m.planned_at, m.useful_until)
             IS DISTINCT FROM (excluded.planned_at, excluded.useful_until)
             OR excluded.reason = 'TOLD_WITH_DROP_OFF'
           WHEN 'SKIPPED' THEN m.reason IN ('PAST_WHEN_OWED', 'TOLD_WITH_DROP_OFF')
             AND excluded.state = 'OWED'
           WHEN 'WITHDRAWN' THEN m.reason = 'NO_LONGER_TRUE'
             AND NOT EXISTS (SELECT FROM delivery d WHERE d.message_id = m.id)
           ELSE false END;
      END $function$;

CREATE OR REPLACE FUNCTION public.require_taken(p_full integer)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
      BEGIN
        IF p_full <> 0 THEN
          RAISE EXCEPTION 'a bucket is full' USING ERRCODE = 'WL001', DETAIL = p_full;
        END IF;
      END $function$;
COMMENT ON FUNCTION require_taken(p_full integer) IS 'Fails with WL001 if take_claims met a full bucket, with its position as the detail.';

CREATE OR REPLACE FUNCTION public.take_claims(p_change_id uuid, p_resources text[], p_starts timestamp with time zone[], p_amounts integer[], p_limits integer[], p_ended_hold uuid)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
      DECLARE
        v_full integer;
      BEGIN
        IF 0 < ALL (p_amounts) THEN
          WITH taken AS (
            INSERT INTO ledger AS l (resource, start, taken)
            SELECT resource, start, amount
              FROM unnest(p_resources, p_starts, p_amounts) WITH ORDINALITY
                   AS given (resource, start, amount, position)
             ORDER BY position
            ON CONFLICT (resource, start) DO UPDATE SET taken = l.taken + EXCLUDED.taken
            RETURNING l.resource, l.start, l.taken
          )
          SELECT min(given.position) INTO v_full
            FROM taken t
            JOIN unnest(p_resources, p_starts, p_limits) WITH ORDINALITY
                 AS given (resource, start, most, position)
              ON given.resource = t.resource AND given.start = t.start
           WHERE t.taken > given.most;
          IF v_full IS NOT NULL THEN
            RETURN v_full;
          END IF;
        ELSE
          
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
        END IF;
        
        INSERT INTO ledger_change (id, resources, starts, amounts, ended_hold)
        VALUES (p_change_id, p_resources, p_starts, p_amounts, p_ended_hold);
        RETURN 0;
      END $function$;
COMMENT ON FUNCTION take_claims(p_change_id uuid, p_resources text[], p_starts timestamp with time zone[], p_amounts integer[], p_limits integer[], p_ended_hold uuid) IS 'Adds amounts (negative: gives back) to buckets that are sorted by resource and start, each only up to its limit (null: none). Returns 0, or the position of the first bucket that is full: roll back then.';

import { type Kysely, sql } from 'kysely';

/** Campaigns, their offers, the people and what they are owed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table campaigns (
      id text primary key check (id ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
      settings jsonb not null,
      -- Exclusive: "until 31 May" is stored as 1 June 00:00 in Japan.
      redeem_until timestamptz not null,
      grant_ceiling_yen bigint not null check (grant_ceiling_yen > 0),
      created_at timestamptz not null
    );

    create table offers (
      campaign_id text not null references campaigns,
      provider text not null check (provider ~ '^[a-z][a-z0-9-]{0,29}$'),
      position smallint not null,
      label jsonb not null,
      amount jsonb not null,
      source text not null check (source in ('api', 'stock')),
      paused_at timestamptz,
      pause_note jsonb,
      primary key (campaign_id, provider),
      unique (campaign_id, position)
    );

    create table imports (
      id uuid primary key,
      campaign_id text not null references campaigns,
      kind text not null check (kind in ('grants', 'stock')),
      file_name text not null,
      file_digest bytea not null check (octet_length(file_digest) = 32),
      row_count integer not null check (row_count >= 0),
      accepted_count integer not null check (accepted_count >= 0),
      rejected_count integer not null check (rejected_count >= 0),
      total_yen bigint not null check (total_yen >= 0),
      actor text not null,
      at timestamptz not null,
      unique (campaign_id, kind, file_digest)
    );

    create table recipients (
      id uuid primary key,
      campaign_id text not null references campaigns,
      -- name, kana, phone and mail as one sealed JSON object, bound to this row
      contact_sealed bytea not null,
      contact_key_id text not null,
      index_key_id text not null,
      name_index bytea,
      kana_index bytea,
      phone_index bytea,
      mail_index bytea,
      unique (id, campaign_id)
    );
    create index recipients_name on recipients (name_index) where name_index is not null;
    create index recipients_kana on recipients (kana_index) where kana_index is not null;
    create index recipients_phone on recipients (phone_index) where phone_index is not null;
    create index recipients_mail on recipients (mail_index) where mail_index is not null;
    create index recipients_contact_key on recipients (contact_key_id, id);

    create table grants (
      id uuid primary key,
      campaign_id text not null references campaigns,
      recipient_id uuid not null,
      import_id uuid references imports,
      number text not null,
      inquiry_number text,
      granted_yen bigint not null check (granted_yen > 0),
      -- Exclusive instant; one person's may be extended.
      deadline_at timestamptz not null,
      channel text not null check (channel in ('mail', 'sms')),
      link_key_id text not null,
      link_generation integer not null default 1 check (link_generation > 0),
      link_digest bytea not null check (octet_length(link_digest) = 32),
      frozen_at timestamptz,
      frozen_until timestamptz,
      created_at timestamptz not null,
      -- Written by nobody; the web role may "update" only this, which is what a row lock asks for.
      lock_token smallint,
      unique (campaign_id, number),
      unique (link_digest),
      unique (id, campaign_id),
      foreign key (recipient_id, campaign_id) references recipients (id, campaign_id),
      check (frozen_until is null or frozen_at is not null)
    );
    create index grants_recipient on grants (recipient_id);
    create index grants_inquiry on grants (inquiry_number) where inquiry_number is not null;
    create index grants_deadline on grants (campaign_id, deadline_at, id);
  `.execute(db);
}

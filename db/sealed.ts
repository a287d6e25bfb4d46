import { sql } from 'kysely';
import type { Db, Trx } from './database';

/** A column that holds sealed text: its place, and by which column its row is known to the seal. */
export interface SealedColumn {
  readonly table: 'issuances' | 'stock_codes' | 'approvals' | 'staff' | 'outbox' | 'messages' | 'text_tests';
  /** `code` for `code_sealed` and `code_key_id`. */
  readonly column: 'code' | 'secret' | 'totp' | 'content' | 'address';
  readonly id: 'id' | 'message_id';
}
/** Tables that hold contacts with blind indexes. */
export type ContactTable = 'recipients' | 'coupons';

export interface Locked<Row> {
  readonly rows: readonly Row[];
  /** Where the next batch begins; null at the end. */
  readonly lastId: string | null;
  /** Rows of this stretch that somebody else holds at the moment. */
  readonly passedOver: number;
}

export interface OldContact {
  readonly id: string;
  readonly contact_sealed: Buffer;
  readonly contact_key_id: string;
}

/** Locks the next contacts that stand under other keys than the current ones. */
export async function lockOldContacts(
  trx: Trx,
  table: ContactTable,
  { sealKeyId, indexKeyId, after, limit }: { sealKeyId: string; indexKeyId: string; after: string; limit: number },
): Promise<Locked<OldContact>> {
  const from = sql.table(table);
  const old = sql`(contact_key_id <> ${sealKeyId} or index_key_id <> ${indexKeyId})`;
  const stretch = await sql<{ id: string }>`
    select id from ${from} where id > ${after} and ${old} order by id limit ${limit}
  `.execute(trx);
  const ids = stretch.rows.map((row) => row.id);
  // Asked again behind the lock: who was quicker may have sealed the row anew.
  const { rows } = await sql<OldContact>`
    select id, contact_sealed, contact_key_id from ${from}
      where id = any(${ids}::uuid[]) and ${old} order by id for update skip locked
  `.execute(trx);
  return {
    rows,
    lastId: ids.at(-1) ?? null,
    passedOver: await countOld(trx, sql`${from} where id = any(${ids}::uuid[]) and ${old}`, rows.length),
  };
}

export interface OldSealed {
  readonly id: string;
  readonly sealed: Buffer;
  readonly keyId: string;
}

/** Locks the next sealed texts of a column that stand under another key than the current one. */
export async function lockOldSealed(
  trx: Trx,
  where: SealedColumn,
  { sealKeyId, after, limit }: { sealKeyId: string; after: string; limit: number },
): Promise<Locked<OldSealed>> {
  const { from, id, sealed, keyId } = namesOf(where);
  const old = sql`${keyId} is not null and ${keyId} <> ${sealKeyId}`;
  const stretch = await sql<{ id: string }>`
    select ${id} as id from ${from} where ${id} > ${after} and ${old} order by ${id} limit ${limit}
  `.execute(trx);
  const ids = stretch.rows.map((row) => row.id);
  const { rows } = await sql<OldSealed>`
    select ${id} as id, ${sealed} as sealed, ${keyId} as "keyId"
      from ${from} where ${id} = any(${ids}::uuid[]) and ${old} order by ${id} for update skip locked
  `.execute(trx);
  return {
    rows,
    lastId: ids.at(-1) ?? null,
    passedOver: await countOld(trx, sql`${from} where ${id} = any(${ids}::uuid[]) and ${old}`, rows.length),
  };
}

function namesOf({ table, column, id }: SealedColumn) {
  return { from: sql.table(table), id: sql.ref(id), sealed: sql.ref(`${column}_sealed`), keyId: sql.ref(`${column}_key_id`) };
}

export interface OldAddress {
  readonly id: string;
  readonly channel: 'mail' | 'sms';
  readonly address_sealed: Buffer;
  readonly address_key_id: string;
}

/** Locks the next messages whose address stands under other keys than the current ones. */
export async function lockOldAddresses(
  trx: Trx,
  { sealKeyId, indexKeyId, after, limit }: { sealKeyId: string; indexKeyId: string; after: string; limit: number },
): Promise<Locked<OldAddress>> {
  const old = sql`(address_key_id <> ${sealKeyId} or index_key_id <> ${indexKeyId})`;
  const stretch = await sql<{ id: string }>`
    select id from messages where id > ${after} and ${old} order by id limit ${limit}
  `.execute(trx);
  const ids = stretch.rows.map((row) => row.id);
  const { rows } = await sql<OldAddress>`
    select id, channel, address_sealed, address_key_id from messages
      where id = any(${ids}::uuid[]) and ${old} order by id for update skip locked
  `.execute(trx);
  return {
    rows,
    lastId: ids.at(-1) ?? null,
    passedOver: await countOld(trx, sql`messages where id = any(${ids}::uuid[]) and ${old}`, rows.length),
  };
}

/** Writes addresses that were sealed and indexed anew. */
export async function updateAddresses(
  trx: Trx,
  addresses: readonly {
    readonly id: string;
    readonly address_sealed: Buffer;
    readonly address_key_id: string;
    readonly address_digest: Buffer;
    readonly index_key_id: string;
  }[],
): Promise<void> {
  for (const { id, ...columns } of addresses) await trx.updateTable('messages').set(columns).where('id', '=', id).execute();
}

async function countOld(trx: Trx, from: ReturnType<typeof sql>, locked: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${from}`.execute(trx);
  return (rows[0]?.n ?? 0) - locked;
}

/** Writes contacts that were sealed and indexed anew. */
export async function updateContacts(
  trx: Trx,
  contacts: readonly {
    readonly id: string;
    readonly contact_sealed: Buffer;
    readonly contact_key_id: string;
    readonly index_key_id: string;
    readonly name_index: Buffer | null;
    readonly kana_index: Buffer | null;
    readonly phone_index: Buffer | null;
    readonly mail_index: Buffer | null;
  }[],
): Promise<void> {
  if (contacts.length === 0) return;
  const column = <K extends keyof (typeof contacts)[number]>(name: K) => contacts.map((contact) => contact[name]);
  await sql`
    update recipients r set contact_sealed = v.contact_sealed, contact_key_id = v.contact_key_id, index_key_id = v.index_key_id,
        name_index = v.name_index, kana_index = v.kana_index, phone_index = v.phone_index, mail_index = v.mail_index
      from unnest(${column('id')}::uuid[], ${column('contact_sealed')}::bytea[], ${column('contact_key_id')}::text[],
        ${column('index_key_id')}::text[], ${column('name_index')}::bytea[], ${column('kana_index')}::bytea[],
        ${column('phone_index')}::bytea[], ${column('mail_index')}::bytea[])
        as v(id, contact_sealed, contact_key_id, index_key_id, name_index, kana_index, phone_index, mail_index)
      where r.id = v.id
  `.execute(trx);
}

/** Writes the app's contacts of coupons that were sealed and indexed anew. */
export async function updateAppContacts(
  trx: Trx,
  contacts: readonly {
    readonly id: string;
    readonly contact_sealed: Buffer;
    readonly contact_key_id: string;
    readonly index_key_id: string;
    readonly phone_index: Buffer | null;
    readonly mail_index: Buffer | null;
  }[],
): Promise<void> {
  if (contacts.length === 0) return;
  const column = <K extends keyof (typeof contacts)[number]>(name: K) => contacts.map((contact) => contact[name]);
  await sql`
    update coupons c set contact_sealed = v.contact_sealed, contact_key_id = v.contact_key_id, index_key_id = v.index_key_id,
        phone_index = v.phone_index, mail_index = v.mail_index
      from unnest(${column('id')}::uuid[], ${column('contact_sealed')}::bytea[], ${column('contact_key_id')}::text[],
        ${column('index_key_id')}::text[], ${column('phone_index')}::bytea[], ${column('mail_index')}::bytea[])
        as v(id, contact_sealed, contact_key_id, index_key_id, phone_index, mail_index)
      where c.id = v.id
  `.execute(trx);
}

/** Writes texts that were sealed anew. */
export async function updateSealed(trx: Trx, where: SealedColumn, texts: readonly OldSealed[]): Promise<void> {
  if (texts.length === 0) return;
  const { from, id, sealed, keyId } = namesOf(where);
  await sql`
    update ${from} set ${sealed} = v.sealed, ${keyId} = v.key_id
      from unnest(${texts.map((text) => text.id)}::uuid[], ${texts.map((text) => text.sealed)}::bytea[],
        ${texts.map((text) => text.keyId)}::text[]) as v(row_id, sealed, key_id)
      where ${id} = v.row_id
  `.execute(trx);
}

/** How many rows need a key. */
export interface KeyUse {
  readonly ring: 'seal' | 'index' | 'link';
  readonly keyId: string;
  readonly rows: number;
}

/** What every key is still needed for: sealed rows, indexed contacts, links that are out. */
export async function listKeyUse(db: Db): Promise<KeyUse[]> {
  const { rows } = await sql<{ ring: KeyUse['ring']; key_id: string; n: number }>`
    select 'seal' as ring, key_id, sum(n)::int as n from (
        select contact_key_id as key_id, count(*) as n from recipients group by contact_key_id
        union all select contact_key_id, count(*) from coupons where contact_key_id is not null group by contact_key_id
        union all select code_key_id, count(*) from issuances where code_key_id is not null group by code_key_id
        union all select code_key_id, count(*) from stock_codes where code_key_id is not null group by code_key_id
        union all select address_key_id, count(*) from messages group by address_key_id
        union all select secret_key_id, count(*) from approvals where secret_key_id is not null group by secret_key_id
        union all select totp_key_id, count(*) from staff where totp_key_id is not null group by totp_key_id
        union all select content_key_id, count(*) from outbox group by content_key_id
      ) s group by key_id
    union all select 'index', key_id, sum(n)::int from (
        select index_key_id as key_id, count(*) as n from recipients group by index_key_id
        union all select index_key_id, count(*) from coupons where index_key_id is not null group by index_key_id
        -- What is filed under an old key is found by it until it is filed anew.
        union all select e.index_key_id, count(*) from search_entries e join recipients r on r.id = e.recipient_id
          where e.index_key_id <> r.index_key_id group by e.index_key_id
        union all select index_key_id, count(*) from messages group by index_key_id
      ) i group by key_id
    union all select 'link', link_key_id, count(*)::int from grants group by link_key_id
    order by ring, key_id
  `.execute(db);
  return rows.map((row) => ({ ring: row.ring, keyId: row.key_id, rows: row.n }));
}

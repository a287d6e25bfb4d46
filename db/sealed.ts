import { sql } from 'kysely';
import type { Db, Trx } from './database';

/** Sealed texts without an index: table, column (`code` for `code_sealed` and `code_key_id`), and what names a row to the seal. */
export const SEALED_COLUMNS = [
  { table: 'issuances', column: 'code', id: 'id' },
  { table: 'stock_codes', column: 'code', id: 'id' },
  { table: 'approvals', column: 'secret', id: 'id' },
  { table: 'staff', column: 'totp', id: 'id' },
  { table: 'outbox', column: 'content', id: 'message_id' },
  { table: 'text_tests', column: 'address', id: 'id' },
  { table: 'claim_drafts', column: 'typed', id: 'id' },
  { table: 'claim_mails', column: 'address', id: 'id' },
  { table: 'case_notes', column: 'body', id: 'id' },
] as const;
export type SealedColumn = (typeof SEALED_COLUMNS)[number];

/** Sealed texts of people with blind indexes beside them, which go by another key. */
export const INDEXED_COLUMNS = [
  { table: 'recipients', column: 'contact', indexes: ['name', 'kana', 'phone', 'mail'] },
  { table: 'coupons', column: 'contact', indexes: ['phone', 'mail'] },
  { table: 'claims', column: 'details', indexes: ['name', 'phone', 'mail', 'address'] },
  { table: 'cases', column: 'contact', indexes: ['name', 'phone', 'mail'] },
] as const;
export type IndexedColumn = (typeof INDEXED_COLUMNS)[number];

export interface Locked<Row> {
  readonly rows: readonly Row[];
  /** Where the next batch begins; null at the end. */
  readonly lastId: string | null;
  /** Rows of this stretch that somebody else holds at the moment. */
  readonly passedOver: number;
}

/** Locks the next texts of people that stand under other keys than the current ones. */
export async function lockOldIndexed(
  trx: Trx,
  where: Pick<IndexedColumn, 'table' | 'column'>,
  { sealKeyId, indexKeyId, after, limit }: { sealKeyId: string; indexKeyId: string; after: string; limit: number },
): Promise<Locked<OldSealed>> {
  const { from, sealed, keyId } = namesOf({ ...where, id: 'id' });
  const old = sql`(${keyId} <> ${sealKeyId} or index_key_id <> ${indexKeyId})`;
  const stretch = await sql<{ id: string }>`
    select id from ${from} where id > ${after} and ${old} order by id limit ${limit}
  `.execute(trx);
  const ids = stretch.rows.map((row) => row.id);
  // Asked again behind the lock: who was quicker may have sealed the row anew.
  const { rows } = await sql<OldSealed>`
    select id, ${sealed} as sealed, ${keyId} as "keyId" from ${from}
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

function namesOf({ table, column, id }: { table: string; column: string; id: string }) {
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

/** A row of people that was sealed and indexed anew: its columns by name. */
export type ResealedRow = { readonly id: string } & Readonly<Record<string, Buffer | string | null>>;

/** Writes texts of people that were sealed and indexed anew. */
export async function updateIndexed(trx: Trx, { table, column, indexes }: IndexedColumn, rows: readonly ResealedRow[]): Promise<void> {
  if (rows.length === 0) return;
  const bytes = [`${column}_sealed`, ...indexes.map((index) => `${index}_index`)];
  const texts = [`${column}_key_id`, 'index_key_id'];
  const values = (name: string) => rows.map((row) => row[name] ?? null);
  const names = [...bytes, ...texts];
  await sql`
    update ${sql.table(table)} t set ${sql.join(names.map((name) => sql`${sql.ref(name)} = v.${sql.ref(name)}`))}
      from unnest(${values('id')}::uuid[], ${sql.join(bytes.map((name) => sql`${values(name)}::bytea[]`))},
        ${sql.join(texts.map((name) => sql`${values(name)}::text[]`))}) as v(id, ${sql.join(names.map((name) => sql.ref(name)))})
      where t.id = v.id
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
  const counted = (table: string, keyId: string) =>
    sql`select ${sql.ref(keyId)} as key_id, count(*) as n from ${sql.table(table)} where ${sql.ref(keyId)} is not null group by ${sql.ref(keyId)}`;
  const all = (parts: readonly ReturnType<typeof counted>[]) => sql.join(parts, sql` union all `);
  const sealed = [...SEALED_COLUMNS, ...INDEXED_COLUMNS].map(({ table, column }) => counted(table, `${column}_key_id`));
  const { rows } = await sql<{ ring: KeyUse['ring']; key_id: string; n: number }>`
    select 'seal' as ring, key_id, sum(n)::int as n
      from (${all([...sealed, counted('messages', 'address_key_id')])}) s group by key_id
    union all select 'index', key_id, sum(n)::int from (
        ${all([...INDEXED_COLUMNS.map(({ table }) => counted(table, 'index_key_id')), counted('messages', 'index_key_id')])}
        -- What is filed under an old key is found by it until it is filed anew.
        union all select e.index_key_id, count(*) from search_entries e join recipients r on r.id = e.recipient_id
          where e.index_key_id <> r.index_key_id group by e.index_key_id
      ) i group by key_id
    union all select 'link', key_id, sum(n)::int
      from (${all([counted('grants', 'link_key_id'), counted('claims', 'link_key_id')])}) l group by key_id
    order by ring, key_id
  `.execute(db);
  return rows.map((row) => ({ ring: row.ring, keyId: row.key_id, rows: row.n }));
}

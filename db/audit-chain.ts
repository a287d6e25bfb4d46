import { sql } from 'kysely';
import type { Db, Trx } from './database';

/** One place in the chain: the entry's own bytes as the database hashed them, and the hash that stands there. */
export interface ChainRow {
  readonly seq: bigint;
  readonly entryId: string;
  readonly hash: Buffer;
  /** Null when the entry is gone. */
  readonly text: string | null;
}

/** The chain from one place on, in order. */
export async function listChain(db: Db | Trx, { after, limit }: { after: bigint; limit: number }): Promise<ChainRow[]> {
  const { rows } = await sql<{ seq: bigint; entry_id: string; hash: Buffer; text: string | null }>`
    select l.seq, l.entry_id, l.hash, case when e.id is null then null else audit_text(e) end as text
      from audit_links l left join audit_entries e on e.id = l.entry_id
      where l.seq > ${after} order by l.seq limit ${limit}
  `.execute(db);
  return rows.map((row) => ({ seq: row.seq, entryId: row.entry_id, hash: row.hash, text: row.text }));
}

export interface ChainHead {
  readonly seq: bigint;
  readonly hash: Buffer;
}

/** Where the chain ends, as the database keeps it. */
export async function getHead(db: Db | Trx): Promise<ChainHead> {
  return db.selectFrom('audit_head').select(['seq', 'hash']).executeTakeFirstOrThrow();
}

/** The hash that stands at one place; null when the chain is shorter. */
export async function findLink(db: Db | Trx, seq: bigint): Promise<ChainHead | null> {
  const row = await db.selectFrom('audit_links').select(['seq', 'hash']).where('seq', '=', seq).executeTakeFirst();
  return row ?? null;
}

/** Entries that no link names: written past the trigger. */
export async function findUnlinked(db: Db | Trx): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select e.id from audit_entries e where not exists (select 1 from audit_links l where l.entry_id = e.id) order by e.at, e.id limit 1
  `.execute(db);
  return rows[0]?.id ?? null;
}

export interface Anchor extends ChainHead {
  readonly at: Date;
  readonly keyId: string;
  readonly signature: Buffer;
}

/** Signed heads from one place on, in order. */
export async function listAnchors(db: Db | Trx, { after, limit }: { after: bigint; limit: number }): Promise<Anchor[]> {
  const rows = await db.selectFrom('audit_anchors').selectAll().where('seq', '>', after).orderBy('seq').limit(limit).execute();
  return rows.map((row) => ({ seq: row.seq, hash: row.hash, at: row.at, keyId: row.key_id, signature: row.signature }));
}

/** The last signed head. */
export async function findLastAnchor(db: Db | Trx): Promise<Anchor | null> {
  const row = await db.selectFrom('audit_anchors').selectAll().orderBy('seq', 'desc').limit(1).executeTakeFirst();
  return row ? { seq: row.seq, hash: row.hash, at: row.at, keyId: row.key_id, signature: row.signature } : null;
}

/** Keeps a signed head; the same place twice is kept once. */
export async function insertAnchor(db: Db | Trx, anchor: Anchor): Promise<void> {
  await db
    .insertInto('audit_anchors')
    .values({ seq: anchor.seq, hash: anchor.hash, at: anchor.at, key_id: anchor.keyId, signature: anchor.signature })
    .onConflict((oc) => oc.column('seq').doNothing())
    .execute();
}

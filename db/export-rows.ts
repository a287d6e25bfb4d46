import { type RawBuilder, sql } from 'kysely';
import type { ExportKind } from '../app/domain/exports';
import type { Db, Trx } from './database';

/** A row as the database gives it: by the names of its columns. */
export type ExportRow = Readonly<Record<string, string | number | bigint | Buffer | null>>;

/** So many rows are in memory at a time. */
const FETCH = 1_000;

const moment = (column: string) => sql.raw(`to_char(${column} at time zone 'Asia/Tokyo', 'YYYY-MM-DD HH24:MI:SS')`);

/** Amounts come as int8 and stay numbers; everything else is text. */
const ROWS: Readonly<Record<ExportKind, (campaign: string) => RawBuilder<ExportRow>>> = {
  grants: (campaign) => sql`
    select g.number, g.inquiry_number as inquiry, g.granted_yen as granted, b.residual, b.pending, b.issued, b.lapsed,
        ${moment('g.deadline_at')} as deadline, g.channel, ${moment('g.frozen_at')} as frozen, ${moment('g.created_at')} as created
      from grants g cross join lateral (
        select coalesce(sum(p.yen) filter (where p.account = 'grant'), 0)::bigint as residual,
            coalesce(sum(p.yen) filter (where p.account = 'pending'), 0)::bigint as pending,
            coalesce(sum(p.yen) filter (where p.account = 'issued'), 0)::bigint as issued,
            coalesce(sum(p.yen) filter (where p.account = 'lapsed'), 0)::bigint as lapsed
          from postings p where p.grant_id = g.id) b
      where g.campaign_id = ${campaign} order by g.id`,
  contacts: (campaign) => sql`
    select g.number, g.inquiry_number as inquiry, r.id, r.contact_sealed, r.contact_key_id
      from grants g join recipients r on r.id = g.recipient_id where g.campaign_id = ${campaign} order by g.id`,
  redemptions: (campaign) => sql`
    select r.id::text as redemption, g.number, r.provider, r.yen, r.state, ${moment('r.accepted_at')} as accepted,
        ${moment('r.state_at')} as changed
      from redemptions r join grants g on g.id = r.grant_id where r.campaign_id = ${campaign} order by r.id`,
  issuances: (campaign) => sql`
    select i.id::text as issuance, c.redemption_id::text as redemption, i.provider, i.yen, i.state as attempt,
        coalesce(i.reason, i.cause) as reason, '****' || i.last4 as last4, i.management_no as management,
        i.expires_on::text as expires, ${moment('i.created_at')} as begun, ${moment('i.settled_at')} as settled
      from issuances i join codes c on c.id = i.code_id where i.campaign_id = ${campaign} order by i.id`,
  ledger: (campaign) => sql`
    select ${moment('e.at')} as at, e.id::text as entry, e.kind, p.account, g.number, p.redemption_id::text as redemption, p.provider, p.yen,
        e.actor, e.reason
      from journal_entries e join postings p on p.entry_id = e.id left join grants g on g.id = p.grant_id
      where e.campaign_id = ${campaign} order by e.id, p.position`,
  audit: (campaign) => sql`
    select ${moment('a.at')} as at, a.id::text as entry, a.actor, s.name as who, a.act, a.subject_kind, a.subject_id as subject,
        a.detail::text as detail
      from audit_entries a left join staff s on a.actor = 'staff:' || s.id
      where a.campaign_id = ${campaign} order by a.id`,
};

const TABLES: Readonly<Record<ExportKind, string>> = {
  grants: 'grants',
  contacts: 'grants',
  redemptions: 'redemptions',
  issuances: 'issuances',
  ledger: 'postings',
  audit: 'audit_entries',
};

/** How many rows a file would have. */
export async function countExportRows(db: Db | Trx, { kind, campaignId }: { kind: ExportKind; campaignId: string }): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::integer as n from ${sql.table(TABLES[kind])} where campaign_id = ${campaignId}
  `.execute(db);
  return rows[0]?.n ?? 0;
}

/** All rows of a file as they are at one instant, some at a time. */
export async function readExportRows(
  db: Db,
  { kind, campaignId }: { kind: ExportKind; campaignId: string },
  take: (rows: readonly ExportRow[]) => Promise<void>,
): Promise<void> {
  // Each kind has its cursor's name: a statement that was prepared keeps its columns.
  const cursor = sql.id(`export_${kind}`);
  await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      await sql`set local statement_timeout = 0`.execute(trx);
      await sql`set local idle_in_transaction_session_timeout = 0`.execute(trx);
      await sql`declare ${cursor} no scroll cursor for ${ROWS[kind](campaignId)}`.execute(trx);
      for (;;) {
        const { rows } = await sql<ExportRow>`fetch ${sql.raw(String(FETCH))} from ${cursor}`.execute(trx);
        if (rows.length === 0) return;
        await take(rows);
      }
    });
}

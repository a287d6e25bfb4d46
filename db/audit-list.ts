import { sql } from 'kysely';
import type { CampaignScope } from '../app/domain/access';
import type { Db, Trx } from './database';

/** Which audit entries a list shows; null: no matter. */
export interface AuditFilter {
  readonly scope: CampaignScope;
  /** `recipient`, `worker`, `staff:<id>`, … */
  readonly who: string | null;
  /** An act, or what stands before the dot: all its steps. */
  readonly act: string | null;
  readonly campaign: string | null;
  readonly subject: string | null;
  readonly from: Date | null;
  /** Exclusive. */
  readonly until: Date | null;
}

export interface AuditRow {
  readonly seq: bigint;
  readonly id: string;
  readonly at: Date;
  readonly campaignId: string | null;
  readonly actor: string;
  readonly act: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly detail: unknown;
  /** The name of the member of staff who did it. */
  readonly staffName: string | null;
  /** The grant that it is about. */
  readonly grantId: string | null;
  readonly grantNumber: string | null;
}

/** Subject ids are texts; one that is no uuid is nobody's. */
const asUuid = sql`case when e.subject_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then e.subject_id::uuid end`;

/** A page of audit entries, newest place of the chain first. What belongs to no campaign is only for all of them. */
export async function listAudit(db: Db, filter: AuditFilter, page: { before: bigint | null; limit: number }): Promise<AuditRow[]> {
  const { scope, who, act, campaign, subject, from, until } = filter;
  const wanted = [
    sql`true`,
    ...(scope === 'all' ? [] : [sql`e.campaign_id = any(${[...scope]}::text[])`]),
    ...(who === null ? [] : [sql`e.actor = ${who}`]),
    ...(act === null ? [] : [sql`(e.act = ${act} or starts_with(e.act, ${`${act}.`}))`]),
    ...(campaign === null ? [] : [sql`e.campaign_id = ${campaign}`]),
    ...(subject === null ? [] : [sql`e.subject_id = ${subject}`]),
    ...(from === null ? [] : [sql`e.at >= ${from.toISOString()}::timestamptz`]),
    ...(until === null ? [] : [sql`e.at < ${until.toISOString()}::timestamptz`]),
    ...(page.before === null ? [] : [sql`l.seq < ${page.before}`]),
  ];
  const { rows } = await sql<AuditRow>`
    with page as materialized (
      select l.seq, e.id, e.at, e.campaign_id, e.actor, e.act, e.subject_kind, e.subject_id, e.detail,
          case e.subject_kind
            when 'grant' then ${asUuid}
            when 'redemption' then (select r.grant_id from redemptions r where r.id = ${asUuid})
            when 'issuance' then (select r.grant_id from issuances i join codes c on c.id = i.code_id
              join redemptions r on r.id = c.redemption_id where i.id = ${asUuid})
          end as grant_id
        from audit_links l join audit_entries e on e.id = l.entry_id
        where ${sql.join(wanted, sql` and `)}
        order by l.seq desc limit ${page.limit}
    )
    select p.seq, p.id, p.at, p.campaign_id as "campaignId", p.actor, p.act, p.subject_kind as "subjectKind",
        p.subject_id as "subjectId", p.detail, s.name as "staffName", g.id as "grantId", g.number as "grantNumber"
      from page p
      left join staff s on p.actor = 'staff:' || s.id::text
      left join grants g on g.id = p.grant_id
      order by p.seq desc
  `.execute(db);
  return rows;
}

/** One check of the chain by somebody at the console, as it was noted; null when the entry is none. */
export async function findCheck(db: Db, id: string): Promise<{ at: Date; detail: unknown } | null> {
  const row = await db
    .selectFrom('audit_entries')
    .select(['at', 'detail'])
    .where('id', '=', id)
    .where('act', '=', 'audit.verified')
    .executeTakeFirst();
  return row ?? null;
}

/** An entry among the newest that no link names: written past the trigger. */
export async function findNewUnlinked(trx: Trx, newest: number): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select e.id from (select id, at from audit_entries order by at desc, id desc limit ${newest}) e
      where not exists (select 1 from audit_links l where l.entry_id = e.id) order by e.at, e.id limit 1
  `.execute(trx);
  return rows[0]?.id ?? null;
}

import { type RawBuilder, sql } from 'kysely';
import type { StatementLine } from '../app/domain/statement';
import type { Db, Trx } from './database';

/** Adds lines to a statement, in order. */
export async function insertStatementLines(
  trx: Trx,
  { statementId, first, lines }: { statementId: string; first: number; lines: readonly StatementLine[] },
): Promise<void> {
  const column = <T>(read: (line: StatementLine) => T) => lines.map(read);
  await sql`
    insert into statement_lines (statement_id, position, reference, yen, at, kind)
      select ${statementId}::uuid, ${first}::int + n::int - 1, reference, yen, at, kind
        from unnest(${column((line) => line.reference)}::text[], ${column((line) => line.yen.toString())}::bigint[],
          ${column((line) => line.at?.toISOString() ?? null)}::timestamptz[], ${column((line) => line.kind)}::text[])
          with ordinality as l(reference, yen, at, kind, n)
  `.execute(trx);
}

/**
 * Matches a statement with the attempts and the ledger, and writes what does not agree as findings: three sides, one
 * statement of SQL each. Running it again finds the same and writes nothing twice. @returns how many lines agree
 */
export async function matchStatement(
  trx: Trx,
  { statementId, newId, now }: { statementId: string; newId: () => string; now: Date },
): Promise<number> {
  await sql`
    create temporary table matching on commit drop as
      with theirs as (
        select l.reference, count(*) filter (where kind = 'issued')::int as issued, count(*) filter (where kind = 'cancelled')::int as cancelled,
            max(yen) filter (where kind = 'issued') as yen
          from statement_lines l where l.statement_id = ${statementId} group by l.reference
      ), ours as (
        -- By their id, or by the key that we sent: statements name one or the other.
        select t.reference, i.id, i.state, i.yen, i.code_id
          from statements s join theirs t on true
          join issuances i on i.provider = s.provider and i.campaign_id = s.campaign_id and (i.reference = t.reference or i.provider_key = t.reference)
          where s.id = ${statementId}
      )
      select t.reference, t.issued, t.cancelled, t.yen as theirs_yen, o.id as issuance_id, o.state, o.yen as ours_yen, r.grant_id,
          (select coalesce(sum(p.yen), 0) from journal_entries e join postings p on p.entry_id = e.id and p.account = 'issued'
            where e.code_id = o.code_id) as ledger_yen
        from theirs t left join ours o on o.reference = t.reference
        left join codes c on c.id = o.code_id left join redemptions r on r.id = c.redemption_id
  `.execute(trx);
  const found: RawBuilder<unknown>[] = [
    sql`select 'missing_here' as kind, reference, case when state in ('issued', 'voided') then ours_yen end as ours_yen, theirs_yen, issuance_id, grant_id
      from matching where issued > cancelled and (issuance_id is null or state not in ('issued', 'voided'))`,
    sql`select 'different_amount', reference, case when state = 'issued' then ledger_yen else ours_yen end, theirs_yen, issuance_id, grant_id
      from matching where issued > 0 and state in ('issued', 'voided')
        and (theirs_yen <> ours_yen or (state = 'issued' and ledger_yen <> ours_yen))`,
    sql`select 'issued_twice', reference, ours_yen, theirs_yen, issuance_id, grant_id from matching where issued > 1 + cancelled`,
    sql`select 'cancelled_there', reference, ours_yen, theirs_yen, issuance_id, grant_id
      from matching where cancelled >= greatest(issued, 1) and state = 'issued'`,
    sql`select 'missing_there', i.reference, i.yen, null::bigint, i.id, r.grant_id
      from statements s join issuances i on i.provider = s.provider and i.campaign_id = s.campaign_id
      join codes c on c.id = i.code_id join redemptions r on r.id = c.redemption_id
      where s.id = ${statementId} and i.state = 'issued' and r.source = 'api' and i.settled_at >= s.from_at and i.settled_at < s.until_at
        and not exists (select 1 from matching m where m.issuance_id = i.id)`,
  ];
  for (const finding of found) {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from (${finding}) f`.execute(trx);
    const ids = Array.from({ length: rows[0]?.n ?? 0 }, newId);
    await sql`
      insert into findings (id, statement_id, campaign_id, kind, reference, ours_yen, theirs_yen, issuance_id, grant_id, at)
        select (${ids}::uuid[])[row_number() over (order by f.reference)], s.id, s.campaign_id, f.kind, f.reference, f.ours_yen::bigint,
            f.theirs_yen, f.issuance_id, f.grant_id, ${now}
          from (${finding}) as f (kind, reference, ours_yen, theirs_yen, issuance_id, grant_id) join statements s on s.id = ${statementId}
        on conflict (statement_id, kind, reference) do nothing
    `.execute(trx);
  }
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from matching m where m.issuance_id is not null
      and not exists (select 1 from findings f where f.statement_id = ${statementId} and f.reference = m.reference)
  `.execute(trx);
  return rows[0]?.n ?? 0;
}

export interface StatementRow {
  readonly id: string;
  readonly campaignId: string;
  readonly provider: string;
  readonly fileName: string;
  readonly fromAt: Date;
  readonly untilAt: Date;
  readonly rowCount: number;
  readonly totalYen: bigint;
  readonly uploadedByName: string;
  readonly at: Date;
  readonly matched: number;
  readonly findings: number;
  readonly open: number;
}

/** Statements of the given campaigns (null: all), newest first, or one. */
export async function listStatements(
  db: Db,
  { campaignIds, id, limit }: { campaignIds: readonly string[] | null; id: string | null; limit: number },
): Promise<StatementRow[]> {
  const { rows } = await sql<StatementRow>`
    select s.id, s.campaign_id as "campaignId", s.provider, s.file_name as "fileName", s.from_at as "fromAt", s.until_at as "untilAt",
        s.row_count as "rowCount", s.total_yen as "totalYen", p.name as "uploadedByName", s.at, s.matched_count as matched,
        (select count(*)::int from findings f where f.statement_id = s.id) as findings,
        (select count(*)::int from findings f where f.statement_id = s.id and f.closed_at is null) as open
      from statements s join staff p on p.id = s.uploaded_by
      where (${campaignIds}::text[] is null or s.campaign_id = any (${campaignIds}::text[])) and (${id}::uuid is null or s.id = ${id}::uuid)
      order by s.at desc, s.id desc limit ${limit}
  `.execute(db);
  return rows;
}

export interface FindingRow {
  readonly id: string;
  readonly kind: 'missing_there' | 'missing_here' | 'different_amount' | 'issued_twice' | 'cancelled_there';
  readonly reference: string;
  readonly oursYen: bigint | null;
  readonly theirsYen: bigint | null;
  readonly grantId: string | null;
  readonly number: string | null;
  readonly ownerName: string | null;
  readonly closedByName: string | null;
  readonly closedAt: Date | null;
  readonly closeReason: string | null;
  readonly closeNote: string | null;
}

/** What of a statement does not agree: open ones first. */
export async function listFindings(db: Db, statementId: string, limit: number): Promise<FindingRow[]> {
  const { rows } = await sql<FindingRow>`
    select f.id, f.kind, f.reference, f.ours_yen as "oursYen", f.theirs_yen as "theirsYen", f.grant_id as "grantId", g.number,
        o.name as "ownerName", c.name as "closedByName", f.closed_at as "closedAt", f.close_reason as "closeReason", f.close_note as "closeNote"
      from findings f left join grants g on g.id = f.grant_id left join staff o on o.id = f.owner_id left join staff c on c.id = f.closed_by
      where f.statement_id = ${statementId}
      order by f.closed_at is not null, f.kind, f.reference limit ${limit}
  `.execute(db);
  return rows;
}

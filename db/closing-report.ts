import { sql } from 'kysely';
import type { Db, Trx } from './database';

/** What stands on one kind of account of a campaign, and for how many people. */
export interface AccountLine {
  readonly account: 'grant' | 'pending' | 'issued' | 'lapsed';
  readonly provider: string | null;
  readonly yen: bigint;
  readonly people: number;
}

/** Balances of a campaign's grants by account and provider, those that are not 0. */
export async function listAccountLines(trx: Db | Trx, campaignId: string): Promise<AccountLine[]> {
  const { rows } = await sql<AccountLine>`
    with balances as (
      select p.grant_id, p.account, p.provider, sum(p.yen) as yen from postings p
        where p.campaign_id = ${campaignId} and p.account <> 'fund'
        group by p.grant_id, p.account, p.provider having sum(p.yen) <> 0
    )
    select b.account, b.provider, sum(b.yen)::bigint as yen, count(distinct g.recipient_id)::int as people
      from balances b join grants g on g.id = b.grant_id
      group by b.account, b.provider order by b.account, b.provider
  `.execute(trx);
  return rows;
}

/** How many people have something issued, by however many providers. */
export async function countReceivers(trx: Db | Trx, campaignId: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(distinct g.recipient_id)::int as n from redemptions r join grants g on g.id = r.grant_id
      where r.campaign_id = ${campaignId} and exists (
        select 1 from codes c join issuances i on i.code_id = c.id and i.state = 'issued' where c.redemption_id = r.id)
  `.execute(trx);
  return rows[0]?.n ?? 0;
}

/** What was granted, and to how many people. */
export async function getGranted(trx: Db | Trx, campaignId: string): Promise<{ yen: bigint; people: number; grants: number }> {
  const { rows } = await sql<{ yen: bigint; people: number; grants: number }>`
    select coalesce(sum(granted_yen), 0)::bigint as yen, count(distinct recipient_id)::int as people, count(*)::int as grants
      from grants where campaign_id = ${campaignId}
  `.execute(trx);
  return rows[0] ?? { yen: 0n, people: 0, grants: 0 };
}

/** What nobody knows yet: attempts without a sure answer. */
export async function getInDoubt(trx: Db | Trx, campaignId: string): Promise<{ yen: bigint; people: number }> {
  const { rows } = await sql<{ yen: bigint; people: number }>`
    select coalesce(sum(i.yen), 0)::bigint as yen, count(distinct g.recipient_id)::int as people
      from issuances i join codes c on c.id = i.code_id join redemptions r on r.id = c.redemption_id join grants g on g.id = r.grant_id
      where i.campaign_id = ${campaignId} and i.state = 'unknown'
  `.execute(trx);
  return rows[0] ?? { yen: 0n, people: 0 };
}

export interface CorrectionLine {
  readonly kind: 'returned' | 'voided' | 'corrected' | 'extended';
  readonly entries: number;
  readonly yen: bigint;
  readonly people: number;
}

/** What was put right afterwards: given back, made void, restored, extended. */
export async function listCorrections(trx: Db | Trx, campaignId: string): Promise<CorrectionLine[]> {
  const { rows } = await sql<CorrectionLine>`
    select e.kind, count(distinct e.id)::int as entries, coalesce(sum(p.yen) filter (where p.yen > 0), 0)::bigint as yen,
        count(distinct g.recipient_id)::int as people
      from journal_entries e
      left join postings p on p.entry_id = e.id
      left join grants g on g.id = e.grant_id
      where e.campaign_id = ${campaignId} and e.kind in ('returned', 'voided', 'corrected', 'extended')
      group by e.kind order by e.kind
  `.execute(trx);
  return rows;
}

import { sql } from 'kysely';
import type { Trx } from './database';

/** Sums and cross-checks over the whole ledger, each as one statement. Run them in one snapshot. */

/** Null: all campaigns. */
type Scope = string | null;

export interface BalanceRow {
  readonly campaign_id: string;
  readonly account: 'fund' | 'grant' | 'pending' | 'issued' | 'lapsed';
  readonly provider: string | null;
  readonly yen: bigint;
}

/** The sum of the postings by account and provider: what balances must come to. */
export async function sumAccounts(trx: Trx, scope: Scope): Promise<BalanceRow[]> {
  const { rows } = await sql<BalanceRow>`
    select campaign_id, account, provider, sum(yen)::bigint as yen from postings
      where ${scope}::text is null or campaign_id = ${scope}
      group by campaign_id, account, provider order by campaign_id, account, provider
  `.execute(trx);
  return rows;
}

/** The programmes of a scope with how many grants they hold and of how much. */
export async function listCampaignNames(
  trx: Trx,
  scope: Scope,
): Promise<{ id: string; name: string; grants: number; granted_yen: bigint }[]> {
  const { rows } = await sql<{ id: string; name: string; grants: number; granted_yen: bigint }>`
    select c.id, coalesce(c.settings #>> '{name,ja}', c.id) as name, coalesce(g.grants, 0) as grants, coalesce(g.yen, 0)::bigint as granted_yen
      from campaigns c
      left join (select campaign_id, count(*)::int as grants, sum(granted_yen)::bigint as yen from grants group by campaign_id) g
        on g.campaign_id = c.id
      where ${scope}::text is null or c.id = ${scope}
      order by c.id
  `.execute(trx);
  return rows;
}

/** A thing whose two sides do not agree. */
export interface DifferenceRow {
  readonly campaign_id: string;
  readonly id: string;
  readonly expected_yen: bigint;
  readonly found_yen: bigint;
}

/** Entries that do not sum to zero, or have no postings at all. */
export async function findUnbalancedEntries(trx: Trx, scope: Scope): Promise<DifferenceRow[]> {
  const { rows } = await sql<DifferenceRow>`
    select e.campaign_id, e.id, 0::bigint as expected_yen, coalesce(p.yen, 0)::bigint as found_yen
      from journal_entries e
      left join (select entry_id, sum(yen)::bigint as yen, count(*) as legs from postings group by entry_id) p on p.entry_id = e.id
      where (${scope}::text is null or e.campaign_id = ${scope})
        -- A deadline that was extended moves no yen.
        and case when e.kind = 'extended' then p.yen is not null else p.yen is null or p.yen <> 0 or p.legs < 2 end
      order by e.id
  `.execute(trx);
  return rows;
}

/** Entries with a posting on an account that their kind does not move yen out of or into; found is what was moved so. */
export async function findOddEntries(trx: Trx, scope: Scope): Promise<DifferenceRow[]> {
  const { rows } = await sql<DifferenceRow>`
    select e.campaign_id, e.id, 0::bigint as expected_yen, sum(abs(p.yen))::bigint as found_yen
      from journal_entries e
      join (values ('granted', 'fund', 'grant'), ('accepted', 'grant', 'pending'), ('issued', 'pending', 'issued'),
        ('returned', 'pending', 'grant'), ('lapsed', 'grant', 'lapsed'), ('voided', 'issued', 'pending'), ('corrected', 'lapsed', 'grant')
      ) w (kind, from_account, to_account) on w.kind = e.kind
      join postings p on p.entry_id = e.id
      where (${scope}::text is null or e.campaign_id = ${scope})
        and p.account <> case when p.yen < 0 then w.from_account else w.to_account end
      group by e.campaign_id, e.id order by e.id
  `.execute(trx);
  return rows;
}

/** Redemptions of which a posting or an attempt names another provider; found is what stands under such a name. */
export async function findProviderDifferences(trx: Trx, scope: Scope): Promise<DifferenceRow[]> {
  const { rows } = await sql<DifferenceRow>`
    select r.campaign_id, r.id, 0::bigint as expected_yen, sum(abs(w.yen))::bigint as found_yen
      from redemptions r
      join (
        select p.redemption_id, p.provider, p.yen from postings p where p.redemption_id is not null
        union all
        select c.redemption_id, i.provider, i.yen from issuances i join codes c on c.id = i.code_id
      ) w on w.redemption_id = r.id and w.provider is distinct from r.provider
      where ${scope}::text is null or r.campaign_id = ${scope}
      group by r.campaign_id, r.id order by r.id
  `.execute(trx);
  return rows;
}

/** Lists of grants that do not come to what was read from their file. */
export async function findImportDifferences(trx: Trx, scope: Scope): Promise<DifferenceRow[]> {
  const { rows } = await sql<DifferenceRow>`
    select i.campaign_id, i.id, i.total_yen as expected_yen, coalesce(g.yen, 0)::bigint as found_yen
      from imports i
      left join (select import_id, sum(granted_yen) as yen from grants where import_id is not null group by import_id) g on g.import_id = i.id
      where i.kind = 'grants' and (${scope}::text is null or i.campaign_id = ${scope}) and i.total_yen <> coalesce(g.yen, 0)
      order by i.id
  `.execute(trx);
  return rows;
}

/** Accounts of a grant below zero. */
export async function findNegativeAccounts(trx: Trx, scope: Scope): Promise<DifferenceRow[]> {
  const { rows } = await sql<DifferenceRow>`
    select campaign_id, grant_id::text || '/' || account as id, 0::bigint as expected_yen, sum(yen)::bigint as found_yen
      from postings
      where account <> 'fund' and (${scope}::text is null or campaign_id = ${scope})
      group by campaign_id, grant_id, account, redemption_id having sum(yen) < 0
      order by grant_id
  `.execute(trx);
  return rows;
}

/** Grants whose amount is not what was posted for them. */
export async function findGrantDifferences(trx: Trx, scope: Scope): Promise<DifferenceRow[]> {
  const { rows } = await sql<DifferenceRow>`
    select g.campaign_id, g.id, g.granted_yen as expected_yen, coalesce(p.yen, 0)::bigint as found_yen
      from grants g
      left join (
        select p.grant_id, sum(p.yen)::bigint as yen from postings p
          where p.account = 'grant' and p.entry_id in (select id from journal_entries where kind = 'granted')
          group by p.grant_id
      ) p on p.grant_id = g.id
      where (${scope}::text is null or g.campaign_id = ${scope}) and p.yen is distinct from g.granted_yen
      order by g.id
  `.execute(trx);
  return rows;
}

export interface RedemptionDifferenceRow {
  readonly campaign_id: string;
  readonly id: string;
  readonly state: string;
  readonly yen: bigint;
  readonly codes_yen: bigint;
  /** By the codes: neither issued nor returned, and issued. */
  readonly expected_pending: bigint;
  readonly expected_issued: bigint;
  /** By the ledger. */
  readonly ledger_pending: bigint;
  readonly ledger_issued: bigint;
}

/** Redemptions whose ledger is not what their codes and their state say. */
export async function findRedemptionDifferences(trx: Trx, scope: Scope): Promise<RedemptionDifferenceRow[]> {
  const { rows } = await sql<RedemptionDifferenceRow>`
    with by_codes as (
      select c.redemption_id, sum(c.yen)::bigint as yen,
          coalesce(sum(c.yen) filter (where c.returned_at is null and i.code_id is null), 0)::bigint as pending,
          coalesce(sum(c.yen) filter (where i.code_id is not null), 0)::bigint as issued
        from codes c
        left join (select distinct code_id from issuances where state = 'issued') i on i.code_id = c.id
        group by c.redemption_id
    ), by_ledger as (
      select redemption_id, coalesce(sum(yen) filter (where account = 'pending'), 0)::bigint as pending,
          coalesce(sum(yen) filter (where account = 'issued'), 0)::bigint as issued
        from postings where redemption_id is not null group by redemption_id
    ), sides as (
      select r.campaign_id, r.id, r.state, r.yen, coalesce(c.yen, 0)::bigint as codes_yen,
          coalesce(c.pending, 0)::bigint as expected_pending, coalesce(c.issued, 0)::bigint as expected_issued,
          coalesce(l.pending, 0)::bigint as ledger_pending, coalesce(l.issued, 0)::bigint as ledger_issued
        from redemptions r
        left join by_codes c on c.redemption_id = r.id
        left join by_ledger l on l.redemption_id = r.id
        where ${scope}::text is null or r.campaign_id = ${scope}
    )
    select * from sides
      where yen <> codes_yen or expected_pending <> ledger_pending or expected_issued <> ledger_issued
        or case state
          when 'issued' then ledger_pending <> 0 or ledger_issued = 0
          when 'cancelled' then ledger_pending <> 0 or ledger_issued <> 0
          else ledger_pending = 0
        end
      order by id
  `.execute(trx);
  return rows;
}

/** Codes whose issued attempts and whose issued postings are not the same yen. */
export async function findCodeDifferences(trx: Trx, scope: Scope): Promise<DifferenceRow[]> {
  const { rows } = await sql<DifferenceRow>`
    select c.campaign_id, c.id, coalesce(i.yen, 0)::bigint as expected_yen, coalesce(l.yen, 0)::bigint as found_yen
      from codes c
      left join (select code_id, sum(yen)::bigint as yen from issuances where state = 'issued' group by code_id) i on i.code_id = c.id
      left join (
        select e.code_id, sum(p.yen)::bigint as yen from journal_entries e
          join postings p on p.entry_id = e.id and p.account = 'issued'
          where e.code_id is not null group by e.code_id
      ) l on l.code_id = c.id
      where (${scope}::text is null or c.campaign_id = ${scope}) and coalesce(i.yen, 0) <> coalesce(l.yen, 0)
      order by c.id
  `.execute(trx);
  return rows;
}

/** Bought codes that were handed out to nobody or otherwise than their attempt says, and stock attempts without a bought code. */
export async function findStockDifferences(trx: Trx, scope: Scope): Promise<DifferenceRow[]> {
  const { rows } = await sql<DifferenceRow>`
    select s.campaign_id, s.id, s.yen as expected_yen, coalesce(i.yen, 0)::bigint as found_yen
      from stock_codes s left join issuances i on i.id = s.issuance_id
      where s.issuance_id is not null and (${scope}::text is null or s.campaign_id = ${scope})
        and (i.id is null or i.state not in ('issued', 'voided') or i.yen <> s.yen or i.digest is distinct from s.digest
          or i.provider <> s.provider or i.campaign_id <> s.campaign_id)
    union all
    select i.campaign_id, i.id, i.yen, 0::bigint
      from issuances i
      join codes c on c.id = i.code_id
      join redemptions r on r.id = c.redemption_id and r.source = 'stock'
      left join stock_codes s on s.issuance_id = i.id
      where i.state in ('issued', 'voided') and s.id is null and (${scope}::text is null or i.campaign_id = ${scope})
    union all
    select s.campaign_id, s.id, 0::bigint, s.yen
      from stock_codes s join issuances i on i.provider = s.provider and i.digest = s.digest
      where s.issuance_id is null and (${scope}::text is null or s.campaign_id = ${scope})
    order by 2
  `.execute(trx);
  return rows;
}

/** One reference or one code that stands with two attempts. */
export async function findDuplicateAnswers(trx: Trx, scope: Scope): Promise<DifferenceRow[]> {
  const { rows } = await sql<DifferenceRow>`
    select min(campaign_id) as campaign_id, provider || '/' || min(id::text) as id, max(yen)::bigint as expected_yen, sum(yen)::bigint as found_yen
      from issuances where reference is not null and (${scope}::text is null or campaign_id = ${scope})
      group by provider, reference having count(*) > 1
    union all
    select min(campaign_id), provider || '/' || min(id::text), max(yen)::bigint, sum(yen)::bigint
      from issuances where digest is not null and (${scope}::text is null or campaign_id = ${scope})
      group by provider, digest having count(*) > 1
    order by 2
  `.execute(trx);
  return rows;
}

import { sql } from 'kysely';
import type { Db } from '#db/database';
import type { ModelProvider } from '../support/model-provider';

export interface Verdict {
  /** Codes that were paid twice: one slot with two living codes at the providers, or one code held by two. */
  readonly doubleIssues: number;
  /** Yen that the ledger cannot account for, in either direction. */
  readonly lostYen: bigint;
  /** Codes that neither ended nor wait for a person. */
  readonly stuck: number;
  /** Doubts that only a person may settle; their yen stay set aside. */
  readonly forAPerson: number;
  readonly issued: number;
  readonly failed: number;
  readonly findings: readonly string[];
}

/** Holds the ledger against the providers' own truth. Independent of the services: plain SQL and the models. */
export async function check(db: Db, campaignId: string, providers: readonly ModelProvider[]): Promise<Verdict> {
  const findings: string[] = [];
  const { rows: slots } = await sql<{
    code_id: string;
    provider: string;
    yen: bigint;
    returned: boolean;
    redemption_state: string;
    keys: string[];
    issued_key: string | null;
    live_state: string | null;
    cause: string | null;
    reference: string | null;
  }>`
    select c.id as code_id, r.provider, c.yen, c.returned_at is not null as returned, r.state as redemption_state,
        coalesce(array_agg(i.provider_key order by i.created_at, i.id) filter (where i.id is not null), '{}') as keys,
        max(i.provider_key) filter (where i.state = 'issued') as issued_key,
        max(i.state) filter (where i.state in ('open', 'unknown', 'issued')) as live_state,
        max(i.cause) filter (where i.state = 'unknown') as cause,
        max(i.reference) filter (where i.state = 'issued') as reference
      from codes c join redemptions r on r.id = c.redemption_id left join issuances i on i.code_id = c.id
      where c.campaign_id = ${campaignId} group by c.id, r.id
  `.execute(db);

  let doubleIssues = 0;
  let lostYen = 0n;
  let stuck = 0;
  let forAPerson = 0;
  let issued = 0;
  let failed = 0;
  const holders = new Map<string, string>();
  for (const slot of slots) {
    const model = providers.find((provider) => provider.id === slot.provider);
    const living = model ? slot.keys.filter((key) => model.issues.has(key) && !model.issues.get(key)?.cancelled) : [];
    if (living.length > 1) {
      doubleIssues += 1;
      findings.push(`code ${slot.code_id}: ${living.length} living issues at ${slot.provider}`);
    }
    if (slot.live_state === 'issued') {
      issued += 1;
      // By its reference: a provider may have given this slot the code it made for another key.
      const truth = model && [...model.issues.values()].find((issue) => issue.reference === slot.reference);
      if (model && slot.reference?.startsWith(`${model.id}-`) && (!truth || BigInt(truth.yen) !== slot.yen)) {
        lostYen += slot.yen;
        findings.push(`code ${slot.code_id}: issued here, not at ${slot.provider}`);
      }
      const code = truth?.code ?? `stock ${slot.issued_key}`;
      if (holders.has(code)) {
        doubleIssues += 1;
        findings.push(`codes ${slot.code_id} and ${holders.get(code)} hold the same code`);
      }
      holders.set(code, slot.code_id);
    } else if (living.length > 0 && slot.live_state !== 'unknown') {
      lostYen += slot.yen;
      findings.push(`code ${slot.code_id}: issued at ${slot.provider}, ${slot.live_state ?? 'closed'} here`);
    }
    if (slot.live_state === 'unknown') {
      forAPerson += 1;
      const personsMatter = !model?.capabilities.repeatable || ['wrong_amount', 'voided', 'duplicate_code'].includes(slot.cause ?? '');
      if (!personsMatter) {
        stuck += 1;
        findings.push(`code ${slot.code_id}: in doubt at ${slot.provider} (${slot.cause}) without a reason for a person`);
      }
    } else if (slot.live_state === 'open' || (!slot.live_state && !slot.returned && slot.redemption_state !== 'failed')) {
      stuck += 1;
      findings.push(`code ${slot.code_id}: ${slot.redemption_state}, nobody works on it`);
    } else if (!slot.live_state) {
      failed += 1;
    }
  }
  lostYen += await unexplainedYen(db, campaignId, findings);
  return { doubleIssues, lostYen, stuck, forAPerson, issued, failed, findings };
}

/** Every grant: granted = grant + pending + issued + lapsed, and pending and issued as the codes say. */
async function unexplainedYen(db: Db, campaignId: string, findings: string[]): Promise<bigint> {
  const { rows } = await sql<{ grant_id: string; difference: bigint }>`
    with booked as (
      select grant_id, sum(yen)::bigint as total,
          coalesce(sum(yen) filter (where account = 'pending'), 0)::bigint as pending,
          coalesce(sum(yen) filter (where account = 'issued'), 0)::bigint as issued
        from postings where campaign_id = ${campaignId} and grant_id is not null group by grant_id
    ), held as (
      select r.grant_id,
          coalesce(sum(c.yen) filter (where i.id is null and c.returned_at is null), 0)::bigint as pending,
          coalesce(sum(c.yen) filter (where i.id is not null), 0)::bigint as issued
        from redemptions r join codes c on c.redemption_id = r.id
        left join issuances i on i.code_id = c.id and i.state = 'issued'
        where r.campaign_id = ${campaignId} group by r.grant_id
    )
    select g.id as grant_id,
        (abs(g.granted_yen - b.total) + abs(b.pending - coalesce(h.pending, 0)) + abs(b.issued - coalesce(h.issued, 0)))::bigint as difference
      from grants g join booked b on b.grant_id = g.id left join held h on h.grant_id = g.id
      where g.campaign_id = ${campaignId}
        and (g.granted_yen <> b.total or b.pending <> coalesce(h.pending, 0) or b.issued <> coalesce(h.issued, 0))
  `.execute(db);
  for (const row of rows) findings.push(`grant ${row.grant_id}: ${row.difference} yen unexplained`);
  return rows.reduce((sum, row) => sum + row.difference, 0n);
}

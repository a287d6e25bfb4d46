import { sql } from 'kysely';
import type { Db } from './database';

/** What the charts are about. */
export interface ChartFilter {
  readonly campaigns: readonly string[];
  readonly provider: string | null;
  readonly from: Date;
  /** Exclusive. */
  readonly until: Date;
}

/** Redemptions accepted, by day in Japan and provider. */
export async function countByDay(db: Db, filter: ChartFilter): Promise<{ day: string; provider: string; count: number }[]> {
  const { rows } = await sql<{ day: string; provider: string; count: number }>`
    select day, provider, count(*)::int as count from (
      select (accepted_at at time zone 'Asia/Tokyo')::date::text as day, provider from redemptions
        where campaign_id = any(${[...filter.campaigns]}::text[]) and accepted_at >= ${filter.from} and accepted_at < ${filter.until}
          and state <> 'cancelled' ${only(filter)}
    ) r group by day, provider order by day, provider`.execute(db);
  return rows;
}

/**
 * Signs that a person was at a link: it was opened by what looks like no scanner, somebody acted there, something was
 * redeemed or a code shown, by whatever browser.
 */
function signsOf(campaigns: readonly string[]) {
  const own = [...campaigns];
  return sql`select o.grant_id, o.opened_at as at from link_opens o join grants g on g.id = o.grant_id
      where g.campaign_id = any(${own}::text[]) and (o.client <> 'bot' or o.acted_at is not null)
    union all
    select r.grant_id, r.accepted_at from redemptions r where r.campaign_id = any(${own}::text[]) and r.state <> 'cancelled'
    union all
    select v.grant_id, v.at from reveals v join issuances i on i.id = v.issuance_id
      where i.campaign_id = any(${own}::text[]) and v.outcome = 'shown'`;
}

/** How many people got how far: were sent a message, opened the link, redeemed, saw a code. Each step by itself. */
export async function countFunnel(
  db: Db,
  filter: ChartFilter,
): Promise<{ granted: number; sent: number; opened: number; redeemed: number; shown: number }> {
  const campaigns = [...filter.campaigns];
  const { rows } = await sql<{ granted: number; sent: number; opened: number; redeemed: number; shown: number }>`
    select
      (select count(*)::int from grants where campaign_id = any(${campaigns}::text[])) as granted,
      (select count(distinct grant_id)::int from messages where campaign_id = any(${campaigns}::text[])
        and state in ('sent', 'accepted', 'delivered') and queued_at >= ${filter.from} and queued_at < ${filter.until}) as sent,
      (select count(distinct s.grant_id)::int from (${signsOf(campaigns)}) s where s.at >= ${filter.from} and s.at < ${filter.until}) as opened,
      (select count(distinct grant_id)::int from redemptions where campaign_id = any(${campaigns}::text[]) and state <> 'cancelled'
        and accepted_at >= ${filter.from} and accepted_at < ${filter.until} ${only(filter)}) as redeemed,
      (select count(distinct v.grant_id)::int from reveals v join issuances i on i.id = v.issuance_id
        where i.campaign_id = any(${campaigns}::text[]) and v.outcome = 'shown'
          and v.at >= ${filter.from} and v.at < ${filter.until} ${only(filter, 'i.')}) as shown`.execute(db);
  return rows[0] ?? { granted: 0, sent: 0, opened: 0, redeemed: 0, shown: 0 };
}

/** The residual still open at the end of each day on which it changed, from the first entry on. */
export async function listResidual(
  db: Db,
  { campaigns, until }: Pick<ChartFilter, 'campaigns' | 'until'>,
): Promise<{ day: string; yen: bigint }[]> {
  const { rows } = await sql<{ day: string; yen: bigint }>`
    select day, (sum(sum(yen)) over (order by day))::bigint as yen from (
      select (e.at at time zone 'Asia/Tokyo')::date::text as day, p.yen from postings p join journal_entries e on e.id = p.entry_id
        where p.campaign_id = any(${[...campaigns]}::text[]) and p.account = 'grant' and e.at < ${until}
    ) moved group by day order by day`.execute(db);
  return rows;
}

/** Attempts that were declined, by reason. */
export async function countFailures(db: Db, filter: ChartFilter): Promise<{ reason: string; count: number }[]> {
  const { rows } = await sql<{ reason: string; count: number }>`
    select coalesce(reason, 'rejected') as reason, count(*)::int as count from issuances
      where campaign_id = any(${[...filter.campaigns]}::text[]) and state = 'declined'
        and created_at >= ${filter.from} and created_at < ${filter.until} ${only(filter)}
      group by 1 order by 2 desc, 1`.execute(db);
  return rows;
}

/** How many were sent, delivered, opened and redeemed on a day in Japan, by channel. */
export interface SendingCount {
  readonly day: string;
  readonly channel: 'mail' | 'sms';
  readonly sent: number;
  readonly delivered: number;
  readonly opened: number;
  readonly redeemed: number;
}

/**
 * Messages by the day on which they went out; and people by the day on which they first opened their link (scanners left
 * out, unless somebody acted) and first redeemed, each with the channel of the last message they had been sent by then.
 */
export async function countSending(db: Db, { campaigns, from, until }: Omit<ChartFilter, 'provider'>): Promise<SendingCount[]> {
  const own = [...campaigns];
  const { rows } = await sql<SendingCount>`
    select day, channel, sum(sent)::int as sent, sum(delivered)::int as delivered, sum(opened)::int as opened, sum(redeemed)::int as redeemed
      from (
        select (m.called_at at time zone 'Asia/Tokyo')::date::text as day, m.channel, 1 as sent, (m.state = 'delivered')::int as delivered,
            0 as opened, 0 as redeemed
          from messages m where m.campaign_id = any(${own}::text[]) and m.called_at >= ${from} and m.called_at < ${until}
            and m.state in ('sent', 'accepted', 'delivered', 'complained', 'unknown')
        union all
        select (f.at at time zone 'Asia/Tokyo')::date::text, l.channel, 0, 0, f.opened, f.redeemed
          from (
            select s.grant_id, min(s.at) as at, 1 as opened, 0 as redeemed from (${signsOf(own)}) s group by s.grant_id
            union all
            select r.grant_id, min(r.accepted_at), 0, 1 from redemptions r
              where r.campaign_id = any(${own}::text[]) and r.state <> 'cancelled' group by r.grant_id
          ) f cross join lateral (
            select m.channel from messages m where m.grant_id = f.grant_id and m.called_at <= f.at order by m.called_at desc limit 1
          ) l where f.at >= ${from} and f.at < ${until}
      ) counted group by day, channel order by day, channel`.execute(db);
  return rows;
}

function only({ provider }: ChartFilter, alias: '' | 'i.' = '') {
  return provider === null ? sql`` : sql`and ${sql.ref(`${alias}provider`)} = ${provider}`;
}

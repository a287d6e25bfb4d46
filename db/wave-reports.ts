import { sql } from 'kysely';
import type { MessageChannel, MessageReason, MessageState } from '../app/domain/message';
import type { LeftOut, SendingGroup, WavePurpose } from '../app/domain/wave';
import type { Db } from './database';
import { isFrozenAt } from './frozen';
import type { Wave } from './tables/waves';
import type { DuePerson } from './waves';

/** Somebody of a wave's group, as a plan looks at them. */
export type PlannedPerson = DuePerson & { readonly leftOut: LeftOut | null };

/** Everybody of a group, in the order of their ids, with the reason for which they would be left out. */
export async function listGroup(
  db: Db,
  query: { campaignId: string; group: SendingGroup; purpose: WavePurpose; now: Date; after: string | null; limit: number },
): Promise<PlannedPerson[]> {
  const { campaignId, group, purpose, now, after, limit } = query;
  const invites = purpose === 'invitation';
  const { rows } = await sql<PlannedPerson>`
    select g.id as "grantId", g.link_generation as "linkGeneration", g.link_key_id as "linkKeyId", g.channel, g.deadline_at as "deadlineAt",
        r.id as "recipientId", r.contact_sealed as "contactSealed", r.contact_key_id as "contactKeyId", b.yen as "residualYen",
        case when ${invites} then '{}'::text[] else array(select distinct m.channel from messages m where m.grant_id = g.id
          and m.link_generation = g.link_generation and m.state = 'hard_failed' and m.reason <> 'outdated') end as failed,
        case when ${invites} and exists (select 1 from messages m where m.grant_id = g.id and m.purpose = 'invitation'
            and not (m.state = 'hard_failed' and m.reason = 'outdated')) then 'invited'
          when b.yen <= 0 then 'finished'
          when g.deadline_at <= ${now} then 'late'
          when ${isFrozenAt(now)} then 'frozen'
          when not ${invites} and exists (select 1 from reminder_opt_outs o where o.grant_id = g.id) then 'opted_out'
        end as "leftOut"
      from grants g join recipients r on r.id = g.recipient_id
        cross join lateral (select coalesce(sum(p.yen), 0)::bigint as yen from postings p where p.grant_id = g.id and p.account = 'grant') b
      where g.campaign_id = ${campaignId} and g.sending_group = ${group} and (${after}::uuid is null or g.id > ${after}::uuid)
      order by g.id limit ${limit}`.execute(db);
  return rows;
}

/** The waves of a campaign, in their order. */
export async function listWaves(db: Db, campaignId: string): Promise<Wave[]> {
  return db.selectFrom('waves').selectAll().where('campaign_id', '=', campaignId).orderBy('number').execute();
}

/** How many messages of a wave stand where. */
export interface WaveCount {
  readonly channel: MessageChannel;
  readonly state: MessageState;
  readonly reason: MessageReason | null;
  readonly messages: number;
}

/** Counts a wave's messages by channel, state and, where they failed, reason. */
export async function countWave(db: Db, waveId: string): Promise<WaveCount[]> {
  const { rows } = await sql<WaveCount>`
    select m.channel, m.state, case when m.state in ('hard_failed', 'soft_failed', 'unknown') then m.reason end as reason,
        count(*)::integer as messages
      from messages m where m.wave_id = ${waveId} group by 1, 2, 3 order by 1, 2, 3`.execute(db);
  return rows;
}

/** A grant `g` that could still be invited, but for the yen. */
const IS_UNINVITED = (now: Date) => sql`g.deadline_at > ${now} and not ${isFrozenAt(now)}
  and not exists (select 1 from messages m where m.grant_id = g.id and m.purpose = 'invitation'
    and not (m.state = 'hard_failed' and m.reason = 'outdated'))
  and not exists (select 1 from wave_misses x where x.grant_id = g.id and x.link_generation = g.link_generation)`;
/** Asked of those who are left only: it is the dear question. */
const HAS_YEN = sql`(select coalesce(sum(p.yen), 0) from postings p where p.grant_id = g.id and p.account = 'grant') > 0`;

/** How many people of a group could still be invited. */
export async function countUninvited(
  db: Db,
  { campaignId, group, now }: { campaignId: string; group: SendingGroup; now: Date },
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    with g as materialized (select g.id from grants g
      where g.campaign_id = ${campaignId} and g.sending_group = ${group} and ${IS_UNINVITED(now)})
    select count(*)::integer as n from g where ${HAS_YEN}`.execute(db);
  return rows[0]?.n ?? 0;
}

/** People of a group who were never invited. */
export interface Forgotten {
  readonly campaignId: string;
  readonly group: SendingGroup;
  readonly people: number;
}

/** Those who were never invited, in programmes whose sending has begun, where no wave of their group is going to invite them. */
export async function listForgotten(
  db: Db,
  { campaigns, now, today }: { campaigns: readonly string[]; now: Date; today: string },
): Promise<Forgotten[]> {
  const { rows } = await sql<{ campaignId: string; group: SendingGroup }>`
    select c.id as "campaignId", k."group" from campaigns c cross join unnest(array['app', 'claim']) as k ("group")
      where c.id = any(${[...campaigns]}::text[])
        and exists (select 1 from grants g where g.campaign_id = c.id and g.sending_group = k."group" and g.deadline_at > ${now})
        and exists (select 1 from waves w where w.campaign_id = c.id and w.purpose = 'invitation' and w.started_at is not null)
        and not exists (select 1 from waves w where w.campaign_id = c.id and w.sending_group = k."group" and w.purpose = 'invitation'
          and w.state not in ('stopped', 'over') and w.until_on >= ${today}::date)
      order by 1, 2`.execute(db);
  const found: Forgotten[] = [];
  for (const row of rows) found.push({ ...row, people: await countUninvited(db, { ...row, now }) });
  return found.filter(({ people }) => people > 0);
}

/** Somebody whom no invitation reached for sure. */
export interface UnreachedPerson {
  readonly grantId: string;
  readonly number: string;
  /** `unknown`: it may have arrived and is not repeated. `failed`: every way surely failed. `no_address`: there was none. */
  readonly why: 'failed' | 'unknown' | 'no_address';
  readonly reason: MessageReason | 'no_address' | 'unreadable' | null;
  readonly channel: MessageChannel | null;
  readonly addressMask: string | null;
  readonly since: Date;
}

/** Those who can still receive something and of whom no message with their present link is known to have gone out, longest first. */
export async function listUnreached(
  db: Db,
  { campaignId, now, limit }: { campaignId: string; now: Date; limit: number },
): Promise<UnreachedPerson[]> {
  const { rows } = await sql<UnreachedPerson>`
    select * from (
      select distinct on (g.id) g.id as "grantId", g.number, case m.state when 'unknown' then 'unknown' else 'failed' end as why, m.reason,
          m.channel, m.address_mask as "addressMask", m.state_at as since
        from messages m join grants g on g.id = m.grant_id
        where m.campaign_id = ${campaignId} and m.link_generation = g.link_generation and g.deadline_at > ${now}
          and (m.state = 'unknown' or (m.state = 'hard_failed' and m.reason <> 'outdated'))
          and not exists (select 1 from messages x where x.grant_id = g.id and x.link_generation = g.link_generation
            and x.state in ('queued', 'sending', 'soft_failed', 'sent', 'accepted', 'delivered', 'complained'))
          and (select coalesce(sum(p.yen), 0) from postings p where p.grant_id = g.id and p.account = 'grant') > 0
        order by g.id, (m.state = 'unknown') desc, m.state_at desc, m.id desc) failed
    union all
    select * from (
      select distinct on (g.id) g.id, g.number, 'no_address', x.reason, null, null, x.at
        from wave_misses x join grants g on g.id = x.grant_id
        where g.campaign_id = ${campaignId} and x.link_generation = g.link_generation and g.deadline_at > ${now}
          and not exists (select 1 from messages m where m.grant_id = g.id and m.link_generation = g.link_generation
            and m.reason is distinct from 'outdated')
          and (select coalesce(sum(p.yen), 0) from postings p where p.grant_id = g.id and p.account = 'grant') > 0
        order by g.id, x.at) missed
    order by since, number limit ${limit}`.execute(db);
  return rows;
}

/** Somebody with much to receive whose link was never opened by a person. */
export interface UnopenedPerson {
  readonly grantId: string;
  readonly number: string;
  readonly residualYen: bigint;
  readonly deadlineAt: Date;
  readonly invitedAt: Date;
}

/** Those who were invited and never opened their link, the highest residual first: whom the call centre calls. */
export async function listUnopened(
  db: Db,
  { campaignId, minYen, now, limit }: { campaignId: string; minYen: bigint; now: Date; limit: number },
): Promise<UnopenedPerson[]> {
  const { rows } = await sql<UnopenedPerson>`
    select g.id as "grantId", g.number, b.yen as "residualYen", g.deadline_at as "deadlineAt", i.at as "invitedAt"
      from grants g
        cross join lateral (select coalesce(sum(p.yen), 0)::bigint as yen from postings p where p.grant_id = g.id and p.account = 'grant') b
        cross join lateral (select min(m.called_at) as at from messages m where m.grant_id = g.id and m.purpose = 'invitation') i
      where g.campaign_id = ${campaignId} and g.deadline_at > ${now} and b.yen >= ${minYen} and b.yen > 0 and i.at is not null
        and not ${isFrozenAt(now)}
        and not exists (select 1 from link_opens o where o.grant_id = g.id and (o.client <> 'bot' or o.acted_at is not null))
        and not exists (select 1 from redemptions r where r.grant_id = g.id)
      order by b.yen desc, g.number limit ${limit}`.execute(db);
  return rows;
}

/** How one receiver's domain, or all phones, took what was sent since an instant. */
export interface ChannelHealth {
  readonly channel: MessageChannel;
  /** Of the address; null for phones. */
  readonly domain: string | null;
  readonly sent: number;
  readonly bounced: number;
  readonly refused: number;
  /** The receiver called it spam. */
  readonly complained: number;
  readonly unknown: number;
  readonly waiting: number;
  /** Calls in the last hour. */
  readonly lastHour: number;
}

/** Counts by channel and domain, the busiest first. */
export async function listChannelHealth(
  db: Db,
  { campaigns, since, now, limit }: { campaigns: readonly string[]; since: Date; now: Date; limit: number },
): Promise<ChannelHealth[]> {
  const hour = new Date(now.getTime() - 3_600_000);
  const { rows } = await sql<ChannelHealth>`
    select m.channel, case m.channel when 'mail' then nullif(split_part(m.address_mask, '@', 2), '') end as domain,
        count(*) filter (where m.called_at is not null)::integer as sent,
        count(*) filter (where m.state = 'hard_failed' and m.reason in ('unknown_address', 'bad_address', 'mailbox_full', 'unreachable', 'gave_up'))::integer as bounced,
        count(*) filter (where m.state = 'hard_failed' and m.reason in ('blocked', 'rejected', 'sender_refused'))::integer as refused,
        count(*) filter (where m.state = 'complained')::integer as complained,
        count(*) filter (where m.state = 'unknown')::integer as unknown,
        count(*) filter (where m.state in ('queued', 'soft_failed'))::integer as waiting,
        count(*) filter (where m.called_at > ${hour})::integer as "lastHour"
      from messages m where m.campaign_id = any(${[...campaigns]}::text[]) and m.queued_at >= ${since}
      group by 1, 2 order by 3 desc, 1, 2 limit ${limit}`.execute(db);
  return rows;
}

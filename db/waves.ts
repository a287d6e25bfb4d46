import { type RawBuilder, sql } from 'kysely';
import type { ReminderStep, SendingGroup, WavePurpose } from '../app/domain/wave';
import type { Db, Trx } from './database';
import { isFrozenAt } from './frozen';
import type { Wave } from './tables/waves';

/** A wave by its number; locked for the rest of the transaction. */
export async function lockWave(trx: Trx, { campaignId, number }: { campaignId: string; number: number }): Promise<Wave | null> {
  const query = trx.selectFrom('waves').selectAll().where('campaign_id', '=', campaignId).where('number', '=', number);
  return (await query.forUpdate().executeTakeFirst()) ?? null;
}

/** The same for whoever feeds it; null as well while another does. */
export async function takeWave(trx: Trx, waveId: string): Promise<Wave | null> {
  return (await trx.selectFrom('waves').selectAll().where('id', '=', waveId).forUpdate().skipLocked().executeTakeFirst()) ?? null;
}

/** A wave by its id, as it stands. */
export async function findWave(db: Db | Trx, waveId: string): Promise<Wave | null> {
  return (await db.selectFrom('waves').selectAll().where('id', '=', waveId).executeTakeFirst()) ?? null;
}

/**
 * Waves that may have something to do: those that run, those that are held past their last day, and those that are
 * through, for addresses that bounce later and people who come later.
 */
export async function listFedWaves(db: Db, { now, today }: { now: Date; today: string }): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select w.id from waves w join campaigns c on c.id = w.campaign_id
      where w.state = 'running' or (w.state = 'paused' and w.until_on < ${today}::date)
        or (w.state in ('done', 'over') and w.purpose = 'invitation' and c.redeem_until + interval '120 days' > ${now})
      order by w.id`.execute(db);
  return rows.map(({ id }) => id);
}

/** Somebody to whom a message of a wave is due. */
export interface DuePerson {
  readonly grantId: string;
  readonly linkGeneration: number;
  readonly linkKeyId: string;
  readonly channel: 'mail' | 'sms';
  readonly deadlineAt: Date;
  readonly residualYen: bigint;
  readonly recipientId: string;
  readonly contactSealed: Buffer;
  readonly contactKeyId: string;
  /** Channels by which their present link surely did not arrive. */
  readonly failed: ('mail' | 'sms')[];
}

const PERSON = sql`g.id as "grantId", g.link_generation as "linkGeneration", g.link_key_id as "linkKeyId", g.channel,
  g.deadline_at as "deadlineAt", r.id as "recipientId", r.contact_sealed as "contactSealed", r.contact_key_id as "contactKeyId", b.yen as "residualYen"`;
const RESIDUAL = sql`cross join lateral (select coalesce(sum(p.yen), 0)::bigint as yen from postings p
  where p.grant_id = g.id and p.account = 'grant') b`;
const NOT_FROZEN = (now: Date) => sql`not ${isFrozenAt(now)}`;
/** Every failure but being taken out of the queue. */
export const SURELY_FAILED = sql`state = 'hard_failed' and reason <> 'outdated'`;

export interface DueQuery {
  readonly wave: { readonly id: string | null; readonly campaignId: string; readonly group: SendingGroup };
  readonly now: Date;
  readonly after: string | null;
  readonly limit: number;
}

/** Those who were never invited, can still choose and are not frozen, in the order of their ids. */
export async function listUninvited(db: Db | Trx, { wave, now, after, limit }: DueQuery): Promise<DuePerson[]> {
  const { rows } = await sql<DuePerson>`
    select ${PERSON}, '{}'::text[] as failed
      from grants g join recipients r on r.id = g.recipient_id ${RESIDUAL}
      where g.campaign_id = ${wave.campaignId} and g.sending_group = ${wave.group} and (${after}::uuid is null or g.id > ${after}::uuid)
        and g.deadline_at > ${now} and ${NOT_FROZEN(now)} and b.yen > 0
        and not exists (select 1 from messages m where m.grant_id = g.id and m.purpose = 'invitation'
          and not (m.state = 'hard_failed' and m.reason = 'outdated'))
        and not exists (select 1 from wave_misses x where x.wave_id = ${wave.id}::uuid and x.grant_id = g.id
          and x.link_generation = g.link_generation)
      order by g.id limit ${limit}`.execute(db);
  return rows;
}

/** A round of reminders: of whom it is by their deadline, and how its messages are told. */
export interface ReminderRound {
  readonly from: Date;
  readonly until: Date;
  readonly step: ReminderStep;
  readonly lastDay: string;
}

/** Whoever may still be reminded: nobody who asked not to be, or complained of a message. */
const IS_REMINDABLE = sql`not exists (select 1 from reminder_opt_outs o where o.grant_id = g.id)
  and not exists (select 1 from messages m where m.grant_id = g.id and m.state = 'complained')`;

/** Those who have something left on a day of a reminder and were not reminded of it, nor asked not to be. */
export async function listUnreminded(
  db: Db | Trx,
  { wave, now, after, limit, steps }: DueQuery & { steps: readonly ReminderRound[] },
): Promise<DuePerson[]> {
  const days = sql.join(
    steps.map(
      ({
        from,
        until,
        step,
        lastDay,
      }) => sql`(g.deadline_at > ${from} and g.deadline_at <= ${until} and not exists (select 1 from messages m
        where m.grant_id = g.id and m.purpose = 'reminder' and m.reminder_for = ${lastDay}::date and m.reminder_step = ${step}::smallint))`,
    ),
    sql` or `,
  );
  const { rows } = await sql<DuePerson>`
    select ${PERSON}, array(select distinct m.channel from messages m where m.grant_id = g.id and m.link_generation = g.link_generation
          and ${SURELY_FAILED}) as failed
      from grants g join recipients r on r.id = g.recipient_id ${RESIDUAL}
      where g.campaign_id = ${wave.campaignId} and g.sending_group = ${wave.group} and (${after}::uuid is null or g.id > ${after}::uuid)
        and g.deadline_at > ${now} and (${days}) and ${NOT_FROZEN(now)} and b.yen > 0
        and ${IS_REMINDABLE}
        and not exists (select 1 from wave_misses x where x.wave_id = ${wave.id}::uuid and x.grant_id = g.id
          and x.link_generation = g.link_generation)
      order by g.id limit ${limit}`.execute(db);
  return rows;
}

/** A message `m` that surely failed and that nothing followed, but for what was taken out of the queue again. */
const IS_UNFOLLOWED = sql`m.state = 'hard_failed' and m.reason <> 'outdated'
  and not exists (select 1 from fallovers f left join messages n on n.id = f.next_message_id
    where f.message_id = m.id and (n.id is null or not (n.state = 'hard_failed' and n.reason = 'outdated')))`;

/** A message that surely failed, with its person. */
export type FailedMessage = DuePerson & { readonly messageId: string };

interface FailedQuery {
  readonly wave: { readonly id: string; readonly campaignId: string; readonly group: SendingGroup };
  readonly now: Date;
  readonly limit: number;
}

/**
 * Invitations that surely failed and after which nothing was tried, while they are still good for something: the wave's
 * own, and those of stopped waves of its group.
 */
export async function listFailedInvitations(trx: Trx, query: FailedQuery): Promise<FailedMessage[]> {
  return listFailed(trx, query, 'invitation', sql`true`);
}

/** The same of the reminders of today's rounds; one of another day is not made up for. */
export async function listFailedReminders(
  trx: Trx,
  { steps, ...query }: FailedQuery & { readonly steps: readonly ReminderRound[] },
): Promise<FailedMessage[]> {
  const ofToday = steps.map(
    ({ from, until, step, lastDay }) =>
      sql`(g.deadline_at > ${from} and g.deadline_at <= ${until} and m.reminder_for = ${lastDay}::date and m.reminder_step = ${step}::smallint)`,
  );
  return listFailed(trx, query, 'reminder', sql`(${sql.join(ofToday, sql` or `)}) and ${IS_REMINDABLE}`);
}

async function listFailed(
  trx: Trx,
  { wave, now, limit }: FailedQuery,
  purpose: WavePurpose,
  isDue: RawBuilder<unknown>,
): Promise<FailedMessage[]> {
  const { rows } = await sql<FailedMessage>`
    select m.id as "messageId", ${PERSON},
        array(select distinct x.channel from messages x where x.grant_id = g.id and x.link_generation = g.link_generation
          and x.state = 'hard_failed' and x.reason <> 'outdated') as failed
      from messages m join grants g on g.id = m.grant_id join recipients r on r.id = g.recipient_id ${RESIDUAL}
      where m.wave_id = any(array(select w.id from waves w where w.id = ${wave.id} or (w.campaign_id = ${wave.campaignId}
          and w.sending_group = ${wave.group} and w.purpose = ${purpose} and w.state = 'stopped')))
        and m.purpose = ${sql.lit(purpose)} and ${IS_UNFOLLOWED} and ${isDue}
        and m.link_generation = g.link_generation and g.deadline_at > ${now} and ${NOT_FROZEN(now)} and b.yen > 0
      order by m.id limit ${limit}`.execute(trx);
  return rows;
}

/** Whether people of a wave's group wait in the queues of other waves. */
export async function areOthersOpen(
  trx: Trx,
  wave: { readonly id: string; readonly campaignId: string; readonly group: SendingGroup },
): Promise<boolean> {
  const { rows } = await sql<{ open: boolean }>`
    select exists (select 1 from waves w join messages m on m.wave_id = w.id where w.campaign_id = ${wave.campaignId}
      and w.sending_group = ${wave.group} and w.purpose = 'invitation' and w.id <> ${wave.id}
      and m.state in ('queued', 'sending', 'soft_failed')) as open`.execute(trx);
  return rows[0]?.open === true;
}

/** Takes back what waits in the queue of a wave that was stopped or is over. @returns how many messages */
export async function takeBackMessages(trx: Trx, { waveId, now }: { waveId: string; now: Date }): Promise<number> {
  const { rows } = await sql<{ taken: number }>`select take_back_messages(${waveId}::uuid, ${now}) as taken`.execute(trx);
  return rows[0]?.taken ?? 0;
}

/** How many messages of a wave wait or are under way; of more than so many it is only said that they are. */
export async function countOpen(db: Db | Trx, waveId: string, most: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::integer as n from (select from messages
    where wave_id = ${waveId} and state in ('queued', 'sending', 'soft_failed') limit ${most}) open`.execute(db);
  return rows[0]?.n ?? 0;
}

/** Codes that wait to be issued, by provider. */
export async function countWaitingCodes(db: Db | Trx): Promise<{ provider: string; codes: number }[]> {
  const { rows } = await sql<{ provider: string; codes: number }>`
    select r.provider, count(*)::integer as codes from redemptions r where r.state in ('requested', 'issuing') group by r.provider`.execute(
    db,
  );
  return rows;
}

/** When the next message of a wave may go, by domain ('': of the wave). */
export async function listPaces(trx: Trx, waveId: string): Promise<Map<string, Date>> {
  const rows = await trx.selectFrom('wave_paces').select(['domain', 'next_at']).where('wave_id', '=', waveId).execute();
  return new Map(rows.map((row) => [row.domain, row.next_at]));
}

/** Keeps it. */
export async function keepPaces(trx: Trx, waveId: string, paces: ReadonlyMap<string, Date>): Promise<void> {
  if (paces.size === 0) return;
  const rows = [...paces].map(([domain, next_at]) => ({ wave_id: waveId, domain, next_at }));
  await trx
    .insertInto('wave_paces')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['wave_id', 'domain']).doUpdateSet((eb) => ({ next_at: eb.ref('excluded.next_at') })))
    .execute();
}

/** Whether somebody asked to be reminded no more. */
export async function hasOptedOut(db: Db | Trx, grantId: string): Promise<boolean> {
  return (await db.selectFrom('reminder_opt_outs').select('grant_id').where('grant_id', '=', grantId).executeTakeFirst()) !== undefined;
}

/** The group and purpose of a wave, as its queries want them. */
export function dueOf(wave: Pick<Wave, 'id' | 'campaign_id' | 'sending_group' | 'purpose'>): {
  id: string;
  campaignId: string;
  group: SendingGroup;
  purpose: WavePurpose;
} {
  return { id: wave.id, campaignId: wave.campaign_id, group: wave.sending_group, purpose: wave.purpose };
}

/** Lets one at a time count up the waves of a campaign. */
export async function lockWaveNumbers(trx: Trx, campaignId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(7213031, hashtext(${campaignId}))`.execute(trx);
}

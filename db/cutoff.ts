import { sql } from 'kysely';
import { shareOut } from '../app/domain/cutoff';
import { accountYen } from './coupons';
import type { Db, Trx } from './database';
import { isListed } from './listed-grants';

/** What decides about the cut-off of one campaign. Instants are exclusive but `began`. */
export interface CutoffScope {
  readonly campaignId: string;
  readonly began: Date;
  readonly expiredAt: Date;
  readonly takenAt: Date;
  readonly minimumYen: bigint;
  readonly ceilingYen: bigint;
}

/** Covered coupons with what is left on them: rule A of the notice, or put back (B). */
function covered({ campaignId, began, expiredAt, takenAt, minimumYen }: CutoffScope) {
  return sql`
    select c.id as coupon_id, c.inquiry_number, r.remaining_yen as yen,
        case when c.in_app and (c.left_on is null or (c.left_on::timestamp at time zone 'Asia/Tokyo') >= ${takenAt})
          then 'app' else 'claim' end as way,
        c.phone_index, c.mail_index, c.index_key_id,
        (listed.number is not null) as granted_elsewhere
      from (
        select e.coupon_id, ${accountYen('remaining')} as remaining_yen, bool_or(e.kind = 'put_back') as put_back
          from coupon_entries e where e.campaign_id = ${campaignId} group by e.coupon_id
      ) r
      join coupons c on c.id = r.coupon_id
      -- Joined once and not asked for each coupon. A list may spell numbers otherwise than the register.
      left join (
        select distinct g.plain_inquiry as number from grants g
          where g.campaign_id = ${campaignId} and g.plain_inquiry is not null and ${isListed('g')}
      ) listed on listed.number = c.plain_number
      where r.remaining_yen >= ${minimumYen}
        and (r.put_back or (c.valid_until > ${began} and c.valid_until <= ${expiredAt}))
  `;
}

/**
 * Puts the covered coupons into a table of this transaction and finds out which of them one person holds: the same
 * telephone number or the same mail address is the same person, also by way of a third coupon. A person is named by
 * the smallest inquiry number of theirs.
 */
export async function draftCutoff(trx: Trx, scope: CutoffScope): Promise<void> {
  await sql`set local work_mem = '128MB'`.execute(trx);
  await sql`create temporary table cutoff_draft on commit drop as
    select d.*, d.inquiry_number collate "C" as person, case when d.granted_elsewhere then 'granted_elsewhere' end as held
      from (${covered(scope)}) d`.execute(trx);
  await sql`create unique index on cutoff_draft (coupon_id)`.execute(trx);
  await sql`analyze cutoff_draft`.execute(trx);
  for (;;) {
    const { numAffectedRows = 0n } = await sql`
      with phones as (select phone_index, min(person) as person from cutoff_draft
          where way = 'app' and phone_index is not null group by phone_index having count(*) > 1),
        mails as (select mail_index, min(person) as person from cutoff_draft
          where way = 'app' and mail_index is not null group by mail_index having count(*) > 1),
        smaller as (
          select d.coupon_id, least(p.person, m.person) as person from cutoff_draft d
            left join phones p on p.phone_index = d.phone_index left join mails m on m.mail_index = d.mail_index
            where d.way = 'app' and least(p.person, m.person) < d.person
        )
      update cutoff_draft d set person = s.person from smaller s where s.coupon_id = d.coupon_id
    `.execute(trx);
    if (numAffectedRows === 0n) break;
  }
  await sql`update cutoff_draft set held = 'above_ceiling' where held is null and yen > ${scope.ceilingYen}`.execute(trx);
  await shareOutAboveCeiling(trx, scope.ceilingYen);
}

/** Whoever holds more than one grant may hold gets several; each is named as a person is, by its smallest inquiry number. */
async function shareOutAboveCeiling(trx: Trx, ceilingYen: bigint): Promise<void> {
  const { rows } = await sql<{ coupon_id: string; person: string; number: string; yen: bigint }>`
    select coupon_id, person, inquiry_number as number, yen from cutoff_draft where held is null and way = 'app' and person in (
        select person from cutoff_draft where held is null and way = 'app' group by person having sum(yen) > ${ceilingYen})
      order by person, inquiry_number collate "C"`.execute(trx);
  for (const share of shareOut(rows, ceilingYen)) {
    const ids = share.map(({ coupon_id }) => coupon_id);
    await sql`update cutoff_draft set person = ${share[0]?.number} where coupon_id = any(${ids}::uuid[])`.execute(trx);
  }
}

/** Coupons, persons and yen that go the same way. */
export interface WayCount {
  readonly coupons: number;
  readonly persons: number;
  readonly yen: bigint;
}
export type CutoffWay = 'app' | 'claim' | 'granted_elsewhere' | 'above_ceiling';

/** What the draft holds, by way; held coupons are taken by nobody. */
export async function countDraft(trx: Trx): Promise<Map<CutoffWay, WayCount>> {
  const { rows } = await sql<{ way: CutoffWay } & WayCount>`
    select coalesce(held, way) as way, count(*)::int as coupons, count(distinct person)::int as persons, sum(yen)::bigint as yen
      from cutoff_draft group by 1
  `.execute(trx);
  return new Map(rows.map(({ way, ...count }) => [way, count]));
}

/** Whether some app contacts are indexed under another key than the current one: then equal ones would look different. */
export async function hasOldIndexes(trx: Trx, indexKeyId: string): Promise<boolean> {
  const { rows } = await sql`select 1 from cutoff_draft where way = 'app' and index_key_id <> ${indexKeyId} limit 1`.execute(trx);
  return rows.length > 0;
}

/** A covered coupon that no cut-off takes because a list granted it, and granted less than is left on it. */
export interface ShortCoupon {
  readonly couponId: string;
  readonly number: string;
  /** What is left on the coupon. */
  readonly leftYen: bigint;
  /** What the list granted for it, over all of its grants. */
  readonly grantedYen: bigint;
}

export interface ShortCoupons {
  readonly coupons: number;
  /** By how much the lists fall short, over all of them. */
  readonly yen: bigint;
  /** The first of them by number; all, where no limit was given. */
  readonly rows: readonly ShortCoupon[];
}

/**
 * Coupons of which a list grants less than is left on them. Goes from the lists to their coupons and not through the
 * register: it may be asked at any time, also once everything else was taken.
 */
export async function listShortCoupons(
  db: Db | Trx,
  { campaignId, began, expiredAt, minimumYen }: Pick<CutoffScope, 'campaignId' | 'began' | 'expiredAt' | 'minimumYen'>,
  limit: number | null = null,
): Promise<ShortCoupons> {
  const { rows } = await sql<ShortCoupon & { coupons: number; yen: bigint }>`
    select c.id as "couponId", c.inquiry_number as number, r.yen as "leftYen", listed.yen as "grantedYen",
        count(*) over ()::int as coupons, sum(r.yen - listed.yen) over ()::bigint as yen
      from (
        select g.plain_inquiry, sum(g.granted_yen)::bigint as yen from grants g
          where g.campaign_id = ${campaignId} and g.plain_inquiry is not null and ${isListed('g')} group by g.plain_inquiry
      ) listed
      join coupons c on c.campaign_id = ${campaignId} and c.plain_number = listed.plain_inquiry
      cross join lateral (
        select ${accountYen('remaining')} as yen, bool_or(e.kind = 'put_back') as put_back from coupon_entries e where e.coupon_id = c.id
      ) r
      where r.yen > listed.yen and r.yen >= ${minimumYen}
        and (r.put_back or (c.valid_until > ${began} and c.valid_until <= ${expiredAt}))
      order by c.inquiry_number collate "C" limit ${limit}::integer`.execute(db);
  const [first] = rows;
  return {
    coupons: first?.coupons ?? 0,
    yen: first?.yen ?? 0n,
    rows: rows.map(({ couponId, number, leftYen, grantedYen }) => ({ couponId, number, leftYen, grantedYen })),
  };
}

/** Begins the cut-off: what it takes is what the draft holds, for good. */
export async function beginCutoff(trx: Trx, of: { campaignId: string; takenAt: Date; at: Date; actor: string }): Promise<void> {
  await trx.insertInto('cutoffs').values({ campaign_id: of.campaignId, taken_at: of.takenAt, began_at: of.at, actor: of.actor }).execute();
  await sql`insert into cutoff_lines (campaign_id, person, coupon_id, yen, way)
    select ${of.campaignId}, person, coupon_id, yen, way from cutoff_draft where held is null order by person, coupon_id`.execute(trx);
  await sql`analyze cutoff_lines`.execute(trx);
}

export interface CutoffState {
  readonly takenAt: Date;
  readonly beganAt: Date;
  readonly donePerson: string | null;
  readonly finishedAt: Date | null;
}

/** A campaign's cut-off, or null when it has not begun. */
export async function findCutoff(db: Db | Trx, campaignId: string): Promise<CutoffState | null> {
  const row = await db.selectFrom('cutoffs').selectAll().where('campaign_id', '=', campaignId).executeTakeFirst();
  return row ? { takenAt: row.taken_at, beganAt: row.began_at, donePerson: row.done_person, finishedAt: row.finished_at } : null;
}

export interface CutoffLine {
  readonly person: string;
  readonly coupon_id: string;
  readonly yen: bigint;
  readonly way: 'app' | 'claim';
  readonly contact_sealed: Buffer | null;
  readonly contact_key_id: string | null;
}

/** The lines of the next persons after one, in the order of persons and inquiry numbers. */
export async function listNextLines(
  db: Db | Trx,
  of: { campaignId: string; after: string | null; persons: number },
): Promise<CutoffLine[]> {
  const after = of.after ?? '';
  const { rows } = await sql<CutoffLine>`
    select l.person, l.coupon_id, l.yen, l.way, c.contact_sealed, c.contact_key_id
      from cutoff_lines l join coupons c on c.id = l.coupon_id
      where l.campaign_id = ${of.campaignId} and l.person > ${after} and l.person <= (
        select max(person) from (
          select distinct person from cutoff_lines where campaign_id = ${of.campaignId} and person > ${after} order by person limit ${of.persons}
        ) p)
      order by l.person, c.inquiry_number collate "C"
  `.execute(db);
  return rows;
}

/** Notes how far the cut-off has come. */
export async function noteDone(trx: Trx, campaignId: string, done: { person: string } | { finishedAt: Date }): Promise<void> {
  await trx
    .updateTable('cutoffs')
    .set('person' in done ? { done_person: done.person } : { finished_at: done.finishedAt })
    .where('campaign_id', '=', campaignId)
    .execute();
}

/** What a cut-off that has begun takes and has taken, by way. */
export async function countLines(
  db: Db | Trx,
  campaignId: string,
): Promise<
  { way: 'app' | 'claim'; coupons: number; persons: number; yen: bigint; doneCoupons: number; donePersons: number; doneYen: bigint }[]
> {
  const { rows } = await sql<{
    way: 'app' | 'claim';
    coupons: number;
    persons: number;
    yen: bigint;
    done_coupons: number;
    done_persons: number;
    done_yen: bigint;
  }>`
    select l.way, count(*)::int as coupons, count(distinct l.person)::int as persons, sum(l.yen)::bigint as yen,
        count(*) filter (where l.person <= k.done_person)::int as done_coupons,
        count(distinct l.person) filter (where l.person <= k.done_person)::int as done_persons,
        coalesce(sum(l.yen) filter (where l.person <= k.done_person), 0)::bigint as done_yen
      from cutoff_lines l join cutoffs k on k.campaign_id = l.campaign_id
      where l.campaign_id = ${campaignId} group by l.way
  `.execute(db);
  return rows.map((row) => ({
    way: row.way,
    coupons: row.coupons,
    persons: row.persons,
    yen: row.yen,
    doneCoupons: row.done_coupons,
    donePersons: row.done_persons,
    doneYen: row.done_yen,
  }));
}

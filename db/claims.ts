import { sql } from 'kysely';
import type { ClaimSignal, ClaimState } from '../app/domain/claim';
import type { ClaimedCoupon } from '../app/domain/claim-match';
import { accountYen } from './coupons';
import type { Db, Trx } from './database';
import { isListed } from './listed-grants';

/** What an applicant said, sealed. */
interface Sealed {
  readonly detailsSealed: Buffer;
  readonly detailsKeyId: string;
}

/** A claim as lists show it. */
export interface ClaimRow {
  readonly id: string;
  readonly campaignId: string;
  readonly number: string;
  readonly state: ClaimState;
  readonly stateAt: Date;
  readonly reason: string | null;
  readonly receivedAt: Date;
  /** It stands in a proposal that nobody has decided, or that is being carried out. */
  readonly proposed: boolean;
  readonly grantId: string | null;
}

const ROW = sql`c.grant_id as "grantId", c.id, c.campaign_id as "campaignId", c.number, c.state, c.state_at as "stateAt", c.reason, c.received_at as "receivedAt",
  exists (select 1 from approval_claims i join approvals a on a.id = i.approval_id
    where i.claim_id = c.id and i.state = 'waiting' and a.state in ('proposed', 'approved')) as proposed`;

const SEALED = sql`c.details_sealed as "detailsSealed", c.details_key_id as "detailsKeyId"`;

/** Claims of a campaign in a state, in the order in which they came; after a key of the page before. */
export async function listClaims(
  db: Db,
  query: { campaignId: string; state: ClaimState; after: { at: Date; id: string } | null; limit: number },
): Promise<(ClaimRow & Sealed)[]> {
  const { campaignId, state, after, limit } = query;
  const { rows } = await sql<ClaimRow & Sealed>`
    select ${ROW}, ${SEALED} from claims c where c.campaign_id = ${campaignId} and c.state = ${state}
        and (${after === null} or (c.received_at, c.id) > (${after?.at ?? null}::timestamptz, ${after?.id ?? null}::uuid))
      order by c.received_at, c.id limit ${limit}`.execute(db);
  return rows;
}

/** How many claims of a campaign stand where. */
export async function countClaims(db: Db, campaignId: string): Promise<ReadonlyMap<ClaimState, number>> {
  const { rows } = await sql<{ state: ClaimState; count: number }>`
    select state, count(*)::int as count from claims where campaign_id = ${campaignId} group by state`.execute(db);
  return new Map(rows.map(({ state, count }) => [state, count]));
}

export interface ClaimSheet extends ClaimRow, Sealed {
  readonly language: 'ja' | 'en';
  readonly mailProvenAt: Date | null;
  /** Other claims of the campaign with the same: what a reviewer should know, never a no by itself. */
  readonly same: Readonly<Record<ClaimSignal, number>>;
}

/** Nobody counts further. */
const SAME_MOST = 1_000;

/** One claim with its signals; null when there is none. */
export async function findClaimSheet(db: Db | Trx, claimId: string): Promise<ClaimSheet | null> {
  const same = (column: string) =>
    sql`(select count(*)::int from (select 1 from claims o where o.campaign_id = c.campaign_id and o.${sql.ref(column)} = c.${sql.ref(column)}
      and o.id <> c.id limit ${SAME_MOST}) s)`;
  const { rows } = await sql<Omit<ClaimSheet, 'same'> & Record<ClaimSignal, number>>`
    select ${ROW}, ${SEALED}, c.language, c.mail_proven_at as "mailProvenAt",
        ${same('origin_tag')} as origin, ${same('device_tag')} as device, ${same('address_index')} as address,
        ${same('phone_index')} as phone, ${same('mail_index')} as mail, ${same('name_index')} as name
      from claims c where c.id = ${claimId}`.execute(db);
  const [row] = rows;
  if (!row) return null;
  const { origin, device, address, phone, mail, name, ...claim } = row;
  return { ...claim, same: { origin, device, address, phone, mail, name } };
}

/** A coupon of a claim with what the register says beside it. */
export interface ClaimCouponRow extends ClaimedCoupon {
  readonly claimId: string;
  readonly position: number;
  /** As the register shows it; null: it has none. */
  readonly shown: { readonly number: string; readonly issuer: string; readonly faceYen: bigint; readonly validUntil: Date } | null;
}

/** The coupons that claims name, in order, each beside the register: who has it, what was taken, who named it first. */
export async function listClaimCoupons(db: Db | Trx, claimIds: readonly string[]): Promise<ClaimCouponRow[]> {
  if (claimIds.length === 0) return [];
  const { rows } = await sql<{
    claim_id: string;
    position: number;
    inquiry_number: string;
    coupon_id: string | null;
    number: string | null;
    issuer: string | null;
    face_yen: bigint | null;
    valid_until: Date | null;
    in_app: boolean | null;
    way: 'app' | 'claim' | null;
    taken_yen: bigint;
    remaining_yen: bigint;
    granted: boolean;
    elsewhere: boolean;
    first_by: string | null;
    cut_off: boolean;
  }>`
    select n.claim_id, n.position, n.inquiry_number, p.id as coupon_id, p.inquiry_number as number, p.issuer, p.face_yen, p.valid_until,
        (p.in_app and p.left_on is null) as in_app, l.way, coalesce(a.taken_yen, 0)::bigint as taken_yen,
        coalesce(a.remaining_yen, 0)::bigint as remaining_yen,
        exists (select 1 from grant_coupons g where g.coupon_id = p.id)
          or exists (select 1 from grants g where g.campaign_id = n.campaign_id and g.plain_inquiry = p.plain_number
            and ${isListed('g')}) as granted,
        p.id is null and exists (select 1 from coupons e where e.plain_number = n.inquiry_number
          and e.campaign_id <> n.campaign_id) as elsewhere,
        (select o.number from claim_coupons x join claims o on o.id = x.claim_id
          where x.campaign_id = n.campaign_id and x.inquiry_number = n.inquiry_number and o.id <> c.id and o.state <> 'refused' and o.mail_proven_at is not null
            and (o.received_at, o.id) < (c.received_at, c.id) order by o.received_at, o.id limit 1) as first_by,
        exists (select 1 from cutoffs k where k.campaign_id = n.campaign_id and k.finished_at is not null) as cut_off
      from claim_coupons n join claims c on c.id = n.claim_id
        left join coupons p on p.campaign_id = n.campaign_id and p.plain_number = n.inquiry_number
        left join cutoff_lines l on l.coupon_id = p.id
        -- What the cut-off took; what a case granted of the same coupon is its caller's.
        left join lateral (select sum(e.yen) filter (where e.kind = 'taken') as taken_yen, ${accountYen('remaining')} as remaining_yen
          from coupon_entries e where e.coupon_id = p.id) a on true
      where n.claim_id = any(${[...claimIds]}::uuid[]) order by n.claim_id, n.position`.execute(db);
  return rows.map((row) => ({
    claimId: row.claim_id,
    position: row.position,
    inquiryNumber: row.inquiry_number,
    register:
      (row.coupon_id && {
        couponId: row.coupon_id,
        way: row.way,
        takenYen: row.taken_yen,
        granted: row.granted,
        inApp: row.in_app === true,
        remainingYen: row.remaining_yen,
      }) ||
      null,
    elsewhere: row.elsewhere,
    claimedFirstBy: row.first_by,
    cutOff: row.cut_off,
    shown:
      row.number !== null && row.issuer !== null && row.face_yen !== null && row.valid_until !== null
        ? { number: row.number, issuer: row.issuer, faceYen: row.face_yen, validUntil: row.valid_until }
        : null,
  }));
}

/** Locks a claim for the rest of the transaction; null when there is none. */
export async function lockClaim(
  trx: Trx,
  claimId: string,
): Promise<{ id: string; campaignId: string; state: ClaimState; number: string; proven: boolean } | null> {
  const row = await trx
    .selectFrom('claims')
    .select(['id', 'campaign_id as campaignId', 'state', 'number', 'mail_proven_at'])
    .where('id', '=', claimId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!row) return null;
  const { mail_proven_at, ...claim } = row;
  return { ...claim, proven: mail_proven_at !== null };
}

/** Whether a proposal to approve the claim is open, or being carried out. */
export async function isClaimProposed(trx: Trx, claimId: string): Promise<boolean> {
  const waiting = await trx
    .selectFrom('approval_claims as i')
    .innerJoin('approvals as a', 'a.id', 'i.approval_id')
    .select('i.claim_id')
    .where('i.claim_id', '=', claimId)
    .where('i.state', '=', 'waiting')
    .where('a.state', 'in', ['proposed', 'approved'])
    .executeTakeFirst();
  return waiting !== undefined;
}

/** What staff put right in a claim, the newest first. */
export async function listClaimCorrections(db: Db, claimId: string) {
  const rows = await db
    .selectFrom('claim_corrections as k')
    .innerJoin('staff as s', 's.id', 'k.staff_id')
    .select(['k.what', 'k.was', 'k.became', 'k.reason', 'k.at', 's.name as by'])
    .where('k.claim_id', '=', claimId)
    .orderBy('k.at', 'desc')
    .orderBy('k.id', 'desc')
    .execute();
  return rows;
}

/** Why the last approval of a claim granted nothing; null when none was skipped. */
export async function findSkipped(db: Db, claimId: string): Promise<{ readonly outcome: string | null; readonly at: Date | null } | null> {
  const row = await db
    .selectFrom('approval_claims')
    .select(['state', 'outcome', 'at'])
    .where('claim_id', '=', claimId)
    .where('state', '<>', 'waiting')
    .orderBy('at', 'desc')
    .executeTakeFirst();
  return row?.state === 'skipped' ? { outcome: row.outcome, at: row.at } : null;
}

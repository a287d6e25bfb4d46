import { type RawBuilder, sql } from 'kysely';
import type { CampaignScope } from '../app/domain/access';
import type { CaseState } from '../app/domain/case';
import type { Db, Trx } from './database';
import type { Case } from './tables/cases';

/** Which cases a queue shows; null: no matter. */
export interface CaseFilter {
  readonly scope: CampaignScope;
  readonly campaign: string | null;
  /** A state; `open`: all that are not done. */
  readonly state: CaseState | 'open' | null;
  /** Whose: a member of staff, nobody's, or anybody's. */
  readonly owner: string | 'nobody' | null;
  /** Past their due date at this instant. */
  readonly overdueAt: Date | null;
  /** A reference number or inquiry number as it is compared, or blind indexes of whoever called. */
  readonly find: { readonly number: string | null; readonly phone: readonly Buffer[]; readonly name: readonly Buffer[] } | null;
}

/** Where a page of the queue ended. */
export interface CaseKey {
  /** In milliseconds; null behind the last that is due. */
  readonly due: number | null;
  readonly id: string;
}

export interface CaseRow
  extends Pick<
    Case,
    | 'id'
    | 'campaign_id'
    | 'number'
    | 'state'
    | 'state_at'
    | 'reason'
    | 'kind'
    | 'inquiry_number'
    | 'shop'
    | 'owner_id'
    | 'due_at'
    | 'opened_at'
  > {
  readonly owner_name: string | null;
  readonly contact_sealed: Buffer;
  readonly contact_key_id: string;
}

/** A page of the queue: what is due first stands first, what is done comes last. */
export async function listCaseRows(db: Db, filter: CaseFilter, page: { after: CaseKey | null; limit: number }): Promise<CaseRow[]> {
  const { after, limit } = page;
  const far = sql`'infinity'::timestamptz`;
  const due = sql`coalesce(c.due_at, ${far})`;
  const past = after
    ? sql`and (${due}, c.id) > (${after.due === null ? far : sql`${new Date(after.due)}::timestamptz`}, ${after.id}::uuid)`
    : sql``;
  const { rows } = await sql<CaseRow>`
    select c.id, c.campaign_id, c.number, c.state, c.state_at, c.reason, c.kind, c.inquiry_number, c.shop, c.owner_id, c.due_at, c.opened_at,
        c.contact_sealed, c.contact_key_id, s.name as owner_name
      from cases c left join staff s on s.id = c.owner_id
      where ${conditionOf(filter)} ${past}
      order by ${due}, c.id limit ${limit}
  `.execute(db);
  return rows;
}

/** How many cases fit, in each state; and how many of them are past due. */
export async function countCases(db: Db, filter: CaseFilter, now: Date): Promise<{ state: CaseState; n: number; overdue: number }[]> {
  const { rows } = await sql<{ state: CaseState; n: number; overdue: number }>`
    select c.state, count(*)::int as n, count(*) filter (where c.due_at <= ${now})::int as overdue
      from cases c where ${conditionOf(filter)} group by c.state
  `.execute(db);
  return rows;
}

function conditionOf({ scope, campaign, state, owner, overdueAt, find }: CaseFilter): RawBuilder<unknown> {
  const parts: RawBuilder<unknown>[] = [sql`true`];
  if (scope !== 'all') parts.push(sql`c.campaign_id = any(${[...scope]}::text[])`);
  if (campaign !== null) parts.push(sql`c.campaign_id = ${campaign}`);
  if (state === 'open') parts.push(sql`c.state <> 'done'`);
  else if (state !== null) parts.push(sql`c.state = ${state}`);
  if (owner === 'nobody') parts.push(sql`c.owner_id is null`);
  else if (owner !== null) parts.push(sql`c.owner_id = ${owner}::uuid`);
  if (overdueAt !== null) parts.push(sql`c.due_at <= ${overdueAt}`);
  if (find) {
    parts.push(sql`(c.number = ${find.number} or c.inquiry_number = ${find.number}
      or c.phone_index = any(${[...find.phone]}::bytea[]) or c.name_index = any(${[...find.name]}::bytea[]))`);
  }
  return sql.join(parts, sql` and `);
}

/** A case, or null. */
export async function findCase(db: Db | Trx, id: string): Promise<Case | null> {
  return (await db.selectFrom('cases').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

/** Locks a case for the rest of the transaction. */
export async function lockCase(trx: Trx, id: string): Promise<Case | null> {
  return (await trx.selectFrom('cases').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()) ?? null;
}

/** What was said and done about a case, in order, with the names of staff. */
export async function listCaseNotes(db: Db, caseId: string) {
  const { rows } = await sql<{
    id: string;
    kind: 'opened' | 'note' | 'moved' | 'identified' | 'shop' | 'payments';
    state: CaseState;
    reason: string | null;
    body_sealed: Buffer | null;
    body_key_id: string | null;
    actor: string;
    at: Date;
    staff_name: string | null;
  }>`
    select n.id, n.kind, n.state, n.reason, n.body_sealed, n.body_key_id, n.actor, n.at, s.name as staff_name
      from case_notes n left join staff s on n.actor = 'staff:' || s.id::text
      where n.case_id = ${caseId} order by n.at, n.id
  `.execute(db);
  return rows;
}

/** The payments that a case is about. */
export async function listCasePaymentNumbers(db: Db | Trx, caseId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('case_payments')
    .select('payment_number')
    .where('case_id', '=', caseId)
    .orderBy('payment_number')
    .execute();
  return rows.map((row) => row.payment_number);
}

/** Chooses the payments of a case anew. */
export async function replaceCasePayments(trx: Trx, of: Pick<Case, 'id' | 'campaign_id'>, numbers: readonly string[]): Promise<void> {
  await trx.deleteFrom('case_payments').where('case_id', '=', of.id).execute();
  if (numbers.length === 0) return;
  await trx
    .insertInto('case_payments')
    .values(numbers.map((payment_number) => ({ case_id: of.id, campaign_id: of.campaign_id, payment_number })))
    .execute();
}

/** Cases of one coupon, or that name its number; newest first. */
export async function listCasesOfCoupon(db: Db, of: { campaignId: string; couponId: string | null; number: string }) {
  return db
    .selectFrom('cases')
    .select(['id', 'number', 'state', 'kind', 'opened_at'])
    .where('campaign_id', '=', of.campaignId)
    .where((eb) => eb.or([eb('inquiry_number', '=', of.number), ...(of.couponId === null ? [] : [eb('coupon_id', '=', of.couponId)])]))
    .orderBy('opened_at', 'desc')
    .limit(20)
    .execute();
}

/** The coupon whose inquiry number is this one, as it is compared: capitals without hyphens. */
export async function findCouponByPlainNumber(
  db: Db | Trx,
  { campaignId, number }: { campaignId: string; number: string },
): Promise<{ id: string; inquiryNumber: string } | null> {
  const { rows } = await sql<{ id: string; inquiryNumber: string }>`
    select id, inquiry_number as "inquiryNumber" from coupons
      where campaign_id = ${campaignId} and plain_number = ${number}
  `.execute(db);
  return rows[0] ?? null;
}

export interface CaseCouponRow {
  readonly id: string;
  readonly campaign_id: string;
  readonly inquiry_number: string;
  readonly prefecture: string;
  readonly issuer: string;
  readonly face_yen: bigint;
  readonly valid_until: Date;
  readonly in_app: boolean;
  readonly contact_sealed: Buffer | null;
  readonly contact_key_id: string | null;
}

/** What the register holds of a coupon. */
export async function findCaseCoupon(db: Db | Trx, couponId: string): Promise<CaseCouponRow | null> {
  const row = await db
    .selectFrom('coupons')
    .select([
      'id',
      'campaign_id',
      'inquiry_number',
      'prefecture',
      'issuer',
      'face_yen',
      'valid_until',
      'in_app',
      'contact_sealed',
      'contact_key_id',
    ])
    .where('id', '=', couponId)
    .executeTakeFirst();
  return row ?? null;
}

export interface CasePaymentRow {
  readonly number: string;
  readonly shop: string;
  readonly yen: bigint;
  readonly paid_at: Date;
  readonly outcome: 'paid' | 'timed_out' | 'unanswered';
  readonly booking: 'entered' | 'nothing' | 'late';
  readonly given_back: boolean;
}

/** A coupon's payments in the order of time, and whether each was given back, in whichever way. */
export async function listCouponPaymentsForCase(db: Db | Trx, couponId: string): Promise<CasePaymentRow[]> {
  const { rows } = await sql<CasePaymentRow>`
    select p.number, p.shop, p.yen, p.paid_at, p.outcome, p.booking,
        exists (select 1 from coupon_entries e where e.campaign_id = p.campaign_id and e.payment_number = p.number
          and e.kind <> 'spent') as given_back
      from payments p where p.coupon_id = ${couponId} order by p.paid_at, p.number
  `.execute(db);
  return rows;
}

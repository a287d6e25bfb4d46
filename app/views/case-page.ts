import { findCampaign } from '#db/campaigns';
import { findCase, findCaseCoupon, listCaseNotes, listCasePaymentNumbers } from '#db/cases';
import type { Bilingual } from '../domain/campaign';
import {
  type CallerWay,
  type CaseKind,
  type CaseOutcome,
  type CaseScript,
  type CaseState,
  caseSettingsOf,
  type ShopAnswer,
} from '../domain/case';
import { CASE_NOTE_PLACE, type Caller, heldFacts, maskedCaller, openCaller } from '../domain/case-contact';
import { type CasePayment, type CaseProposal, compareSaid, proposeDecision } from '../domain/case-decision';
import type { MaskedContact } from '../domain/contact';
import { couponTermsOf } from '../domain/cutoff';
import type { Yen } from '../domain/yen';
import type { Portal } from '../portal';
import { type BesideCoupon, findBesideCoupon, listOtherCases, type OtherCase } from './case-coupon';

export interface CaseLine {
  readonly id: string;
  readonly kind: 'opened' | 'note' | 'moved' | 'identified' | 'shop' | 'payments';
  readonly state: CaseState;
  readonly reason: string | null;
  /** Null: there are no words; `unreadable`: they cannot be opened. */
  readonly body: string | null;
  readonly who: string | null;
  readonly at: Date;
}

export interface CasePage {
  readonly id: string;
  readonly campaignId: string;
  readonly campaign: Bilingual;
  readonly script: CaseScript;
  readonly number: string;
  readonly state: CaseState;
  readonly stateAt: Date;
  readonly reason: string | null;
  readonly kind: CaseKind;
  readonly caller: MaskedContact | null;
  readonly callerWay: CallerWay;
  readonly identifiedAt: Date | null;
  readonly said: { readonly number: string; readonly validOn: string; readonly prefecture: string; readonly shop: string };
  readonly owner: { readonly id: string; readonly name: string } | null;
  readonly dueAt: Date | null;
  readonly overdue: boolean;
  readonly shopAnswer: ShopAnswer | null;
  readonly shopAnsweredAt: Date | null;
  readonly approvalId: string | null;
  readonly outcome: CaseOutcome | null;
  readonly grant: { readonly id: string; readonly number: string; readonly yen: Yen } | null;
  readonly openedAt: Date;
  readonly coupon: BesideCoupon | null;
  /** Numbers of the payments that it is about. */
  readonly chosen: readonly string[];
  readonly proposal: CaseProposal;
  readonly others: readonly OtherCase[];
  readonly lines: readonly CaseLine[];
  /** What was approved. */
  readonly decidedYen: Yen;
  /** Until when coupons are extended; exclusive. */
  readonly extendedUntil: Date | null;
  /** A proposal about it that waits for a second person. */
  readonly waiting: { readonly id: string; readonly yen: Yen } | null;
}

/** Everything about one case; null when there is none. */
export async function findCasePage(
  portal: Pick<Portal, 'db' | 'crypto'>,
  { caseId, now }: { caseId: string; now: Date },
): Promise<CasePage | null> {
  const { db, crypto } = portal;
  const row = await findCase(db, caseId);
  const campaign = row && (await findCampaign(db, row.campaign_id));
  if (!row || !campaign) return null;
  const said = { number: row.inquiry_number, validOn: row.valid_on, prefecture: row.prefecture, shop: row.shop };
  const { campaign_id: campaignId } = row;
  const coupon = row.coupon_id === null ? null : await findBesideCoupon(portal, { campaignId, coupon: { id: row.coupon_id }, said });
  const chosen = await listCasePaymentNumbers(db, row.id);
  const owner =
    row.owner_id === null ? null : await db.selectFrom('staff').select(['id', 'name']).where('id', '=', row.owner_id).executeTakeFirst();
  const grant =
    row.grant_id === null
      ? null
      : await db.selectFrom('grants').select(['id', 'number', 'granted_yen as yen']).where('id', '=', row.grant_id).executeTakeFirst();
  const waiting = await db
    .selectFrom('approvals')
    .select(['id', 'yen'])
    .where('subject_kind', '=', 'case')
    .where('subject_id', '=', row.id)
    .where('state', '=', 'proposed')
    .executeTakeFirst();
  return {
    id: row.id,
    campaignId,
    campaign: campaign.settings.name,
    script: caseSettingsOf(campaign.settings).script,
    number: row.number,
    state: row.state,
    stateAt: row.state_at,
    reason: row.reason,
    kind: row.kind,
    caller: maskedCaller(crypto, row),
    callerWay: row.caller_way,
    identifiedAt: row.identified_at,
    said,
    owner: owner ?? null,
    dueAt: row.due_at,
    overdue: row.due_at !== null && row.due_at <= now,
    shopAnswer: row.shop_answer,
    shopAnsweredAt: row.shop_answered_at,
    approvalId: row.approval_id,
    outcome: row.outcome,
    grant: grant ?? null,
    openedAt: row.opened_at,
    coupon,
    chosen,
    proposal: proposeDecision({
      kind: row.kind,
      identified: row.identified_at !== null,
      agrees: coupon?.agrees ?? compareSaid(said, null),
      payments: chosenPayments(coupon, chosen),
      suspicious: (coupon?.candidates.length ?? 0) > 0,
      shopAnswer: row.shop_answer,
      cutOff: coupon?.cutOff ?? false,
    }),
    others: await listOtherCases(portal, { campaignId, couponId: row.coupon_id, number: row.inquiry_number, except: row.id }),
    lines: (await listCaseNotes(db, row.id)).map(({ id, kind, state, reason, body_sealed, body_key_id, staff_name, at }) => ({
      id,
      kind,
      state,
      reason,
      body: body_sealed && body_key_id ? tryOpen(crypto, id, body_sealed, body_key_id) : null,
      who: staff_name,
      at,
    })),
    waiting: waiting ?? null,
    decidedYen: await decidedYen(db, row.approval_id),
    extendedUntil: couponTermsOf(campaign.settings)?.extendedUntil ?? null,
  };
}

async function decidedYen(db: Portal['db'], approvalId: string | null): Promise<Yen> {
  if (approvalId === null) return 0n;
  const row = await db.selectFrom('approvals').select('yen').where('id', '=', approvalId).executeTakeFirst();
  return row?.yen ?? 0n;
}

function chosenPayments(coupon: BesideCoupon | null, chosen: readonly string[]): CasePayment[] {
  return coupon?.payments.filter(({ number }) => chosen.includes(number)) ?? [];
}

function tryOpen(crypto: Portal['crypto'], id: string, sealed: Buffer, keyId: string): string {
  try {
    return crypto.open(CASE_NOTE_PLACE, id, sealed, keyId);
  } catch {
    return '―';
  }
}

/** The whole contact of who called, and the number that the register holds, for who has said why they need it. */
export async function findCallerContact(
  { db, crypto }: Pick<Portal, 'db' | 'crypto'>,
  caseId: string,
): Promise<{ readonly caller: Caller; readonly heldPhone: string | null } | null> {
  const row = await findCase(db, caseId);
  if (!row) return null;
  const coupon = row.coupon_id === null ? null : await findCaseCoupon(db, row.coupon_id);
  try {
    return { caller: openCaller(crypto, row), heldPhone: coupon && heldFacts(crypto, coupon).phone };
  } catch {
    return null;
  }
}

/** Which campaign a case belongs to; null when there is none. */
export async function findCaseCampaign({ db }: Pick<Portal, 'db'>, caseId: string): Promise<string | null> {
  return (await findCase(db, caseId))?.campaign_id ?? null;
}

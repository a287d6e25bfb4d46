import { findCampaign } from '#db/campaigns';
import { findCaseCoupon, findCouponByPlainNumber, listCasesOfCoupon, listCouponPaymentsForCase } from '#db/cases';
import { hasCutoff } from '#db/coupons';
import type { CaseKind, CaseState } from '../domain/case';
import type { SaidCoupon } from '../domain/case-decision';
import { compareSaid, type SaidThing } from '../domain/case-decision';
import { type MaskedContact, maskedAppContact } from '../domain/contact';
import { couponTermsOf } from '../domain/cutoff';
import { type Candidate, findCandidates } from '../domain/incident';
import type { Yen } from '../domain/yen';
import type { Portal } from '../portal';

/** A payment as it stands beside a case. */
export interface BesidePayment {
  readonly number: string;
  readonly shop: string;
  readonly yen: Yen;
  readonly paidAt: Date;
  readonly outcome: 'paid' | 'timed_out' | 'unanswered';
  readonly entered: boolean;
  readonly givenBack: boolean;
  /** In the failure, and probably too much. */
  readonly suspicious: boolean;
  /** In the failure. */
  readonly inFailure: boolean;
}

/** What the register says about a coupon, for whoever has its holder on the line. */
export interface BesideCoupon {
  readonly id: string;
  readonly campaignId: string;
  readonly inquiryNumber: string;
  readonly prefecture: string;
  readonly issuer: string;
  readonly faceYen: Yen;
  readonly validUntil: Date;
  readonly inApp: boolean;
  /** Masked; null: the register holds none. */
  readonly held: MaskedContact | null;
  readonly payments: readonly BesidePayment[];
  readonly candidates: readonly Candidate[];
  readonly cutOff: boolean;
  readonly agrees: Readonly<Record<SaidThing, boolean | null>>;
}

export interface OtherCase {
  readonly id: string;
  readonly number: string;
  readonly state: CaseState;
  readonly kind: CaseKind;
  readonly openedAt: Date;
}

/** The coupon a caller names, its payments with the suspicious ones marked, and how far what they said agrees. */
export async function findBesideCoupon(
  { db, crypto }: Pick<Portal, 'db' | 'crypto'>,
  of: { readonly campaignId: string; readonly coupon: { readonly id: string } | { readonly number: string }; readonly said: SaidCoupon },
): Promise<BesideCoupon | null> {
  const { campaignId, coupon, said } = of;
  const id = 'id' in coupon ? coupon.id : (await findCouponByPlainNumber(db, { campaignId, number: coupon.number }))?.id;
  const row = id === undefined ? null : await findCaseCoupon(db, id);
  const campaign = await findCampaign(db, campaignId);
  const terms = campaign && couponTermsOf(campaign.settings);
  if (!row || row.campaign_id !== campaignId || !terms) return null;
  const rows = await listCouponPaymentsForCase(db, row.id);
  const inFailure = (at: Date) => at >= terms.began && at < terms.expiredAt;
  const candidates = findCandidates(
    rows
      .filter(({ paid_at }) => inFailure(paid_at))
      .map(({ number, shop, yen, paid_at, outcome }) => ({ number, shop, yen, paidAt: paid_at, outcome })),
    terms.repeatMs,
  );
  const excess = new Set(candidates.flatMap((candidate) => candidate.excess.map(({ number }) => number)));
  const payments = rows.map(
    (each): BesidePayment => ({
      number: each.number,
      shop: each.shop,
      yen: each.yen,
      paidAt: each.paid_at,
      outcome: each.outcome,
      entered: each.booking === 'entered',
      givenBack: each.given_back,
      suspicious: excess.has(each.number),
      inFailure: inFailure(each.paid_at),
    }),
  );
  const { contact_sealed, contact_key_id } = row;
  const known = { validUntil: row.valid_until, prefecture: row.prefecture, shops: payments.map(({ shop }) => shop) };
  return {
    id: row.id,
    campaignId,
    inquiryNumber: row.inquiry_number,
    prefecture: row.prefecture,
    issuer: row.issuer,
    faceYen: row.face_yen,
    validUntil: row.valid_until,
    inApp: row.in_app,
    held: contact_sealed && contact_key_id ? maskedAppContact(crypto, { id: row.id, contact_sealed, contact_key_id }) : null,
    payments,
    candidates,
    cutOff: await hasCutoff(db, campaignId),
    agrees: compareSaid(said, known),
  };
}

/** Other cases about the same coupon. */
export async function listOtherCases(
  { db }: Pick<Portal, 'db'>,
  of: { readonly campaignId: string; readonly couponId: string | null; readonly number: string; readonly except?: string },
): Promise<OtherCase[]> {
  const rows = await listCasesOfCoupon(db, of);
  return rows.filter(({ id }) => id !== of.except).map(({ opened_at, ...row }) => ({ ...row, openedAt: opened_at }));
}

/** The number of a coupon of the address, with its campaign: where a case starts from a candidate. Null when there is none. */
export async function findStartingCoupon(
  { db }: Pick<Portal, 'db'>,
  couponId: string,
): Promise<{ readonly campaignId: string; readonly inquiryNumber: string } | null> {
  const row = await findCaseCoupon(db, couponId);
  return row && { campaignId: row.campaign_id, inquiryNumber: row.inquiry_number };
}

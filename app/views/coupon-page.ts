import { findLiveApproval } from '#db/approval-list';
import { findCampaign, listProgrammes } from '#db/campaigns';
import { type CouponSheet, findCouponSheet } from '#db/coupon-acts';
import {
  type CouponPaymentRow,
  findCouponCampaign,
  findCouponRest,
  listCouponCases,
  listCouponClaims,
  listCouponEntries,
  listCouponExtensions,
  listCouponGrants,
  listCouponPayments,
  listCouponsOfNumber,
} from '#db/coupon-pages';
import { hasCutoff } from '#db/coupons';
import { type CampaignScope, isInScope } from '../domain/access';
import type { Bilingual } from '../domain/campaign';
import type { CaseState } from '../domain/case';
import type { ClaimState } from '../domain/claim';
import { type MaskedContact, maskContact, maskedAppContact, tryOpenContact } from '../domain/contact';
import { couponTermsOf, isCoveredByValidity } from '../domain/cutoff';
import { type Candidate, findCandidates } from '../domain/incident';
import { INQUIRY_NUMBER, identifier } from '../domain/row-file';
import { isUuid } from '../domain/uuid';
import type { Yen } from '../domain/yen';
import type { Portal } from '../portal';

export interface CouponHit {
  readonly id: string;
  readonly campaignId: string;
  readonly campaign: Bilingual;
  readonly inquiryNumber: string;
  readonly issuer: string;
  readonly faceYen: Yen;
}

/** Coupons with a number as it was said or typed, in the campaigns that this person may see; null for what is no number. */
export async function findCouponsByNumber(
  { db }: Pick<Portal, 'db'>,
  { text, scope }: { text: string; scope: CampaignScope },
): Promise<readonly CouponHit[] | null> {
  const typed = identifier(text);
  if (!INQUIRY_NUMBER.test(typed)) return null;
  const own = (await listProgrammes(db)).filter(({ id }) => isInScope(scope, id));
  const names = new Map(own.map(({ id, settings }) => [id, settings.name]));
  const plain = typed.replaceAll('-', '');
  for (const inquiryNumber of new Set([typed, plain])) {
    const rows = await listCouponsOfNumber(db, { campaigns: [...names.keys()], inquiryNumber });
    if (rows.length > 0) return rows.map((row) => ({ ...row, campaign: names.get(row.campaignId) ?? { ja: '', en: '' } }));
  }
  return [];
}

/** The campaign of a coupon of an address; null for what is no id, or of no coupon. */
async function findCampaignOfCoupon({ db }: Pick<Portal, 'db'>, couponId: string | undefined): Promise<string | null> {
  return isUuid(couponId) ? findCouponCampaign(db, couponId) : null;
}

export interface CouponPayment {
  readonly number: string;
  readonly shop: string;
  readonly yen: Yen;
  readonly paidAt: Date;
  readonly outcome: CouponPaymentRow['outcome'];
  readonly booking: CouponPaymentRow['booking'];
  readonly putBackAt: Date | null;
  /** It was probably too much (B): a candidate names it so. */
  readonly suspicious: boolean;
}

/** One coupon with everything that the register knows about it. */
export interface CouponPage {
  readonly sheet: CouponSheet;
  readonly campaign: Bilingual;
  readonly listedAt: Date;
  /** Rule A of the notice. */
  readonly covered: boolean;
  /** Exclusive instant: the latest of all. */
  readonly validUntil: Date;
  readonly cutOff: boolean;
  /** The app's, masked; null when the coupon is in nobody's app, or when it cannot be read. */
  readonly contact: MaskedContact | null;
  readonly payments: readonly CouponPayment[];
  readonly entries: Awaited<ReturnType<typeof listCouponEntries>>;
  readonly extensions: Awaited<ReturnType<typeof listCouponExtensions>>;
  readonly candidates: readonly Candidate[];
  readonly grants: readonly { readonly id: string; readonly number: string; readonly yen: Yen; readonly name: string | null }[];
  readonly claims: readonly { readonly id: string; readonly number: string; readonly state: ClaimState; readonly receivedAt: Date }[];
  readonly cases: readonly { readonly id: string; readonly number: string; readonly state: CaseState; readonly receivedAt: Date }[];
  readonly live: { readonly id: string; readonly act: string; readonly state: 'proposed' | 'approved' } | null;
}

/** One coupon's page; null when there is none of this id. */
export async function findCouponPage(portal: Pick<Portal, 'db' | 'crypto'>, couponId: string): Promise<CouponPage | null> {
  const { db, crypto } = portal;
  const campaignId = await findCampaignOfCoupon(portal, couponId);
  const campaign = campaignId && (await findCampaign(db, campaignId));
  const sheet = campaignId && (await findCouponSheet(db, { campaignId, id: couponId }));
  if (!campaign || !sheet) return null;
  const of = { couponId, campaignId, inquiryNumber: sheet.inquiryNumber };
  const [rest, payments, entries, extensions, grants, claims, cases, cutOff, live] = await Promise.all([
    findCouponRest(db, couponId),
    listCouponPayments(db, couponId),
    listCouponEntries(db, couponId),
    listCouponExtensions(db, of),
    listCouponGrants(db, of),
    listCouponClaims(db, of),
    listCouponCases(db, couponId),
    hasCutoff(db, campaignId),
    findLiveApproval(db, { kind: 'coupon', id: couponId }),
  ]);
  const terms = couponTermsOf(campaign.settings);
  const covered = terms !== null && isCoveredByValidity(terms, sheet.validUntil);
  const counting = extensions.filter((extension) => extension.couponId !== null || covered);
  const candidates = terms ? candidatesIn(payments, terms) : [];
  const suspicious = new Set(candidates.flatMap(({ excess }) => excess.map(({ number }) => number)));
  const { contact_sealed, contact_key_id } = rest;
  return {
    sheet,
    campaign: campaign.settings.name,
    listedAt: rest.listedAt,
    covered,
    validUntil: new Date(Math.max(sheet.validUntil.getTime(), ...counting.map(({ until }) => until.getTime()))),
    cutOff,
    contact: contact_sealed && contact_key_id ? maskedAppContact(crypto, { id: rest.id, contact_sealed, contact_key_id }) : null,
    payments: payments.map(({ paid_at, put_back_at, ...payment }) => ({
      ...payment,
      paidAt: paid_at,
      putBackAt: put_back_at,
      suspicious: suspicious.has(payment.number),
    })),
    entries,
    extensions: counting,
    candidates,
    grants: grants.map(({ id, number, yen, recipient_id, ...row }) => {
      const contact = tryOpenContact(crypto, { ...row, id: recipient_id });
      return { id, number, yen, name: contact && maskContact(contact).name };
    }),
    claims,
    cases,
    live,
  };
}

/** What is still to be looked at: of those that came back there is nothing left to give. */
function candidatesIn(rows: readonly CouponPaymentRow[], terms: { began: Date; expiredAt: Date; repeatMs: number }): Candidate[] {
  const back = new Set(rows.flatMap(({ number, put_back_at }) => (put_back_at ? [number] : [])));
  const inFailure = rows.filter(({ paid_at }) => paid_at >= terms.began && paid_at < terms.expiredAt);
  return findCandidates(
    inFailure.map(({ paid_at, ...payment }) => ({ ...payment, paidAt: paid_at })),
    terms.repeatMs,
  ).filter(({ excess }) => excess.some(({ number }) => !back.has(number)));
}

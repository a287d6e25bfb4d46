import type { Db } from '#db/database';
import { findGrantOffersSheet } from '#db/grants';
import type { OfferRow } from '#db/offers';
import { listRedemptions } from '#db/redemptions';
import type { Bilingual, CampaignSettings, OfferAmount } from '../domain/campaign';
import { daysLeft, isBeforeDeadline, isFrozen } from '../domain/deadline';
import { canEmpty, type FreeStock, mostOf, type OfferFacts, planCodes } from '../domain/offer';
import type { CodeSituation, RedemptionState } from '../domain/redemption';
import type { Yen } from '../domain/yen';

/** A choice as the recipient sees it. */
export interface OfferView {
  readonly provider: string;
  readonly label: Bilingual;
  readonly amount: OfferAmount;
  readonly source: 'api' | 'stock';
  /** Face values that can be had now, ascending; null for ranges by API. */
  readonly faceValuesYen: readonly number[] | null;
  readonly paused: boolean;
  readonly pauseNote: Bilingual | null;
  /** The provider answers badly at the moment: choosing is safe, the code takes longer. */
  readonly troubled: boolean;
  /** The most of the residual that this offer can make; equal to the residual when it can take all, 0 when nothing. */
  readonly mostYen: Yen;
  /** How many codes the most would be. */
  readonly mostCodes: number;
  /** The same for the rules, so that pages can foresee what the service will decide. */
  readonly facts: OfferFacts;
}

export interface CodeView {
  readonly id: string;
  readonly position: number;
  readonly yen: Yen;
  readonly situation: CodeSituation;
  /** The attempt that is shown when the code is revealed; null until issued. */
  readonly issuanceId: string | null;
  readonly managementNo: string | null;
  readonly expiresOn: string | null;
  readonly issuedAt: Date | null;
}

export interface RedemptionView {
  readonly id: string;
  readonly provider: string;
  readonly label: Bilingual;
  readonly yen: Yen;
  readonly state: RedemptionState;
  readonly acceptedAt: Date;
  readonly replacesId: string | null;
  /** What of a failed redemption can be chosen anew. */
  readonly failedYen: Yen;
  readonly codes: readonly CodeView[];
}

export interface RecipientPage {
  readonly campaign: { readonly id: string } & CampaignSettings;
  readonly grant: {
    readonly id: string;
    readonly linkGeneration: number;
    readonly linkKeyId: string;
    readonly number: string;
    readonly grantedYen: Yen;
    readonly residualYen: Yen;
    readonly pendingYen: Yen;
    readonly issuedYen: Yen;
    readonly lapsedYen: Yen;
    /** Exclusive instant. */
    readonly deadlineAt: Date;
    readonly daysLeft: number;
    readonly open: boolean;
    readonly frozen: boolean;
    readonly frozenUntil: Date | null;
  };
  readonly offers: readonly OfferView[];
  /** Newest first; cancelled ones are left out. */
  readonly redemptions: readonly RedemptionView[];
}

/**
 * Everything a recipient's page shows, in one indexed read, and a few more once something was chosen, that do not grow with the programme.
 * @returns null when there is no such grant
 */
export async function findRecipientPage(db: Db, { grantId, now }: { grantId: string; now: Date }): Promise<RecipientPage | null> {
  const sheet = await findGrantOffersSheet(db, { grantId, now });
  if (!sheet) return null;
  const { grant, offers: offerRows } = sheet;
  const redemptionRows = sheet.hasRedemptions ? await listRedemptions(db, grantId) : [];
  const labels = new Map(offerRows.map((offer) => [offer.provider, offer.label]));
  return {
    campaign: { id: grant.campaign_id, ...sheet.settings },
    grant: {
      id: grant.id,
      linkGeneration: grant.link_generation,
      linkKeyId: grant.link_key_id,
      number: grant.number,
      grantedYen: grant.granted_yen,
      residualYen: sheet.residualYen,
      pendingYen: sheet.pendingYen,
      issuedYen: sheet.issuedYen,
      lapsedYen: sheet.lapsedYen,
      deadlineAt: grant.deadline_at,
      daysLeft: daysLeft(now, grant.deadline_at),
      open: isBeforeDeadline(now, grant.deadline_at),
      frozen: isFrozen(now, grant.frozen_at, grant.frozen_until),
      frozenUntil: grant.frozen_until,
    },
    offers: viewOffers(offerRows, sheet.residualYen),
    redemptions: redemptionRows.map((row) => ({ ...row, label: labels.get(row.provider) ?? { ja: row.provider, en: row.provider } })),
  };
}

/** A campaign's offers as somebody with this residual sees them. */
export function viewOffers(offers: readonly OfferRow[], residualYen: Yen): OfferView[] {
  const facts = offers.map(offerFacts);
  return offers.map((offer) => offerView(offer, offerFacts(offer), residualYen, facts));
}

/** Whether this is a redemption of the grant that was replaced by another choice, which its page leaves out. */
export async function wasReplaced(db: Db, { grantId, redemptionId }: { grantId: string; redemptionId: string }): Promise<boolean> {
  const row = await db
    .selectFrom('redemptions')
    .select('id')
    .where('id', '=', redemptionId)
    .where('grant_id', '=', grantId)
    .where('state', '=', 'cancelled')
    .executeTakeFirst();
  return row !== undefined;
}

/** An offer row as the rules need it. */
function offerFacts(offer: OfferRow): OfferFacts {
  return { provider: offer.provider, amount: offer.amount, paused: offer.paused, stock: offer.stock };
}

function offerView(offer: OfferRow, own: OfferFacts, residual: Yen, all: readonly OfferFacts[]): OfferView {
  let most = own.paused ? 0n : mostOf(own, residual);
  // A part whose rest could be received nowhere is not offered as "the most".
  if (most > 0n && most < residual && !canEmpty(residual - most, all) && canEmpty(residual, all)) most = 0n;
  return {
    provider: offer.provider,
    label: offer.label,
    amount: offer.amount,
    source: offer.source,
    faceValuesYen: faceValues(offer.amount, offer.stock),
    paused: offer.paused,
    pauseNote: offer.pauseNote,
    troubled: offer.troubled,
    mostYen: most,
    mostCodes: most > 0n ? (planCodes(own, most)?.length ?? 0) : 0,
    facts: own,
  };
}

function faceValues(amount: OfferAmount, stock: FreeStock | null): number[] | null {
  if (amount.kind === 'fixed')
    return amount.faceValuesYen.filter((face) => stock === null || (stock.get(face) ?? 0) > 0).sort((a, b) => a - b);
  return stock
    ? [...stock]
        .filter(([, count]) => count > 0)
        .map(([face]) => face)
        .sort((a, b) => a - b)
    : null;
}

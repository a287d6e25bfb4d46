import { findCampaign } from '#db/campaigns';
import { listOffers } from '#db/offers';
import { claimTermsOf } from '../domain/claim';
import { daysLeft, isBeforeDeadline } from '../domain/deadline';
import type { Yen } from '../domain/yen';
import type { Portal } from '../portal';
import type { ClaimSite } from './claim-site';
import { type CodeView, type OfferView, type RecipientPage, viewOffers } from './recipient-page';

/** Nobody: no grant has this id, and no link leads to it. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** A programme's public pages as a sample person would see them at a moment; null when there is no such programme. */
export interface Preview {
  readonly recipient: RecipientPage;
  /** Null: the programme takes no claims. */
  readonly claims: ClaimSite | null;
}

/** Reads only: the sample person exists nowhere. */
export async function findPreview(
  { db }: Pick<Portal, 'db'>,
  { campaignId, yen, at }: { campaignId: string; yen: Yen; at: Date },
): Promise<Preview | null> {
  const campaign = await findCampaign(db, campaignId);
  if (!campaign) return null;
  const { settings } = campaign;
  const deadlineAt = campaign.redeemUntil;
  const terms = claimTermsOf(settings);
  return {
    recipient: {
      campaign: { ...settings, id: campaignId },
      grant: {
        id: NOBODY,
        linkGeneration: 1,
        linkKeyId: '',
        number: 'SAMPLE-0001',
        grantedYen: yen,
        residualYen: yen,
        pendingYen: 0n,
        issuedYen: 0n,
        lapsedYen: 0n,
        deadlineAt,
        daysLeft: daysLeft(at, deadlineAt),
        open: isBeforeDeadline(at, deadlineAt),
        frozen: false,
        frozenUntil: null,
      },
      offers: viewOffers(await listOffers(db, { campaignId, now: at }), yen),
      redemptions: [],
    },
    claims: terms && { id: campaignId, settings, terms, sending: settings.sending?.claim ?? null, deadlineAt },
  };
}

/** The same page once everything was chosen, as one code of the first offer that can make it: on its way, or here. */
export function sampleRedemption(page: RecipientPage, state: 'issuing' | 'issued', at: Date): RecipientPage {
  const { grant, offers } = page;
  const yen = grant.residualYen;
  const offer = offerOfMost(offers);
  if (!offer) return page;
  const isHere = state === 'issued';
  const code: CodeView = {
    id: NOBODY,
    position: 1,
    yen,
    situation: isHere ? 'issued' : 'waiting',
    issuanceId: null,
    managementNo: isHere ? 'SAMPLE-0001' : null,
    expiresOn: null,
    issuedAt: isHere ? at : null,
  };
  const { provider, label } = offer;
  const own = { id: NOBODY, provider, label, yen, state, acceptedAt: at, replacesId: null, failedYen: 0n, codes: [code] };
  const moved = { residualYen: 0n, pendingYen: isHere ? 0n : yen, issuedYen: isHere ? yen : 0n };
  return { ...page, grant: { ...grant, ...moved }, redemptions: [own] };
}

/** The first offer that makes the most of it; null when none makes anything. */
export function offerOfMost(offers: readonly OfferView[]): OfferView | null {
  return offers.reduce<OfferView | null>((best, each) => (each.mostYen > (best?.mostYen ?? 0n) ? each : best), null);
}

import { findCampaign } from '#db/campaigns';
import { listOffers } from '#db/offers';
import type { CampaignSettings } from '../domain/campaign';
import { claimTermsOf } from '../domain/claim';
import { daysLeft, isBeforeDeadline } from '../domain/deadline';
import type { Yen } from '../domain/yen';
import type { Portal } from '../portal';
import type { ClaimSite } from './claim-site';
import { type RecipientPage, viewOffers } from './recipient-page';

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
  // Checked by the campaign schema when it was stored.
  const settings = campaign.settings as CampaignSettings;
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
    claims: terms && { id: campaignId, settings, terms, sending: settings.sending?.claim ?? null },
  };
}

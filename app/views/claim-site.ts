import { listProgrammes } from '#db/campaigns';
import { hasBegun } from '../domain/calendar';
import type { CampaignSettings } from '../domain/campaign';
import { type ClaimTerms, claimTermsOf } from '../domain/claim';
import type { Portal } from '../portal';

/** A programme that takes claims, as its public pages show it. */
export interface ClaimSite {
  readonly id: string;
  readonly settings: CampaignSettings;
  readonly terms: ClaimTerms;
  /** When links go to applicants. */
  readonly sending: { readonly from: string; readonly until: string } | null;
  /** Exclusive instant. */
  readonly deadlineAt: Date;
}

/** Every programme with claims that has begun, the newest first. One that is set up for later is nobody's to claim from. */
export async function listClaimSites({ db, clock }: Pick<Portal, 'db' | 'clock'>): Promise<ClaimSite[]> {
  const programmes = await listProgrammes(db, 'newest');
  return programmes.flatMap(({ id, settings, redeemUntil }) => {
    const terms = claimTermsOf(settings);
    return terms && hasBegun({ settings, redeemUntil }, clock.now())
      ? [{ id, settings, terms, sending: settings.sending?.claim ?? null, deadlineAt: redeemUntil }]
      : [];
  });
}

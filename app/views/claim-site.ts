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
}

/** Every programme with claims, the newest first. */
export async function listClaimSites(portal: Pick<Portal, 'db'>): Promise<ClaimSite[]> {
  const rows = await portal.db.selectFrom('campaigns').select(['id', 'settings']).orderBy('created_at', 'desc').orderBy('id').execute();
  return rows.flatMap(({ id, settings: stored }) => {
    // Checked by the campaign schema when it was loaded.
    const settings = stored as CampaignSettings;
    const terms = claimTermsOf(settings);
    return terms ? [{ id, settings, terms, sending: settings.sending?.claim ?? null }] : [];
  });
}

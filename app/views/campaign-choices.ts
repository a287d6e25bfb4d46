import { listProgrammes, type Programme } from '#db/campaigns';
import { type CampaignScope, isInScope } from '../domain/access';
import { begunFirst } from '../domain/calendar';
import type { Bilingual } from '../domain/campaign';
import { type CaseSettings, caseSettingsOf } from '../domain/case';
import { claimTermsOf } from '../domain/claim';
import { type CouponTerms, couponTermsOf } from '../domain/cutoff';
import type { Portal } from '../portal';

/** A programme that a page can show. */
export interface CampaignChoice {
  readonly id: string;
  readonly name: Bilingual;
}

type Source = Pick<Portal, 'db' | 'clock'>;

/** The programmes within a scope: those that have begun first, of them the one that ends last. */
export async function listCampaignChoices(portal: Source, scope: CampaignScope): Promise<CampaignChoice[]> {
  return (await listOwn(portal, scope, 'ends_last')).map(choiceOf);
}

/** Of these choices those whose programme takes claims. */
export async function listClaimCampaigns(portal: Source, scope: CampaignScope): Promise<CampaignChoice[]> {
  const own = await listOwn(portal, scope, 'ends_last');
  return own.filter(({ settings }) => claimTermsOf(settings)).map(choiceOf);
}

/** Of these choices those whose programme has coupons, with their terms. */
export async function listRegisterCampaigns(
  portal: Source,
  scope: CampaignScope,
): Promise<(CampaignChoice & { readonly terms: CouponTerms })[]> {
  return (await listOwn(portal, scope, 'ends_last')).flatMap((programme) => {
    const terms = couponTermsOf(programme.settings);
    return terms ? [{ ...choiceOf(programme), terms }] : [];
  });
}

/** The programmes with coupons within a scope, of which calls can be taken: those that have begun first, of them the newest. */
export async function listCaseCampaigns(
  portal: Source,
  scope: CampaignScope,
): Promise<(CampaignChoice & { readonly script: CaseSettings['script'] })[]> {
  const own = await listOwn(portal, scope, 'newest');
  return own
    .filter(({ settings }) => couponTermsOf(settings))
    .map((programme) => ({ ...choiceOf(programme), script: caseSettingsOf(programme.settings).script }));
}

async function listOwn({ db, clock }: Source, scope: CampaignScope, order: 'newest' | 'ends_last'): Promise<Programme[]> {
  const programmes = await listProgrammes(db, order);
  return begunFirst(
    programmes.filter(({ id }) => isInScope(scope, id)),
    clock.now(),
  );
}

function choiceOf({ id, settings }: Programme): CampaignChoice {
  return { id, name: settings.name };
}

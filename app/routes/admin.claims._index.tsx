import { chosenOf } from '../auth/choose-campaign';
import { notFound, type StaffVisit, showConsole, staffPage } from '../auth/staff-visit';
import { ClaimsPage } from '../components/console/claims-page';
import { isPermitted } from '../domain/access';
import { CLAIM_STATES } from '../domain/claim';
import { isUuid } from '../domain/uuid';
import { listClaimCampaigns } from '../views/campaign-choices';
import { findClaimQueue } from '../views/claims';

/** The queue of claims: by state, in the order in which they came. */
export const loader = staffPage('admin.claims._index', async (visit) => {
  const { t, portal, staff, query } = visit;
  const campaigns = await listClaimCampaigns(portal, staff.scope);
  const chosen = chosenOf(campaigns, query.one('campaign'));
  if (chosen === 'unknown') return notFound(visit);
  const state = CLAIM_STATES.find((each) => each === query.one('state')) ?? 'checking';
  const queue = chosen ? await findClaimQueue(portal, { campaignId: chosen.id, state, after: readKey(visit) }) : null;
  return showConsole(
    visit,
    t('claims.title'),
    <ClaimsPage
      t={t}
      campaigns={campaigns}
      chosen={chosen?.id ?? null}
      state={state}
      queue={queue}
      mayPropose={isPermitted(staff.role, 'propose_claims')}
    />,
  );
});

function readKey({ query }: StaffVisit): { at: Date; id: string } | null {
  const [, ms, id] = /^(\d{1,15})\.(.+)$/.exec(query.one('after') ?? '') ?? [];
  const at = new Date(Number(ms));
  return isUuid(id) && !Number.isNaN(at.getTime()) && at.getFullYear() < 10_000 ? { at, id } : null;
}

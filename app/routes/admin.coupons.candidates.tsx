import { chosenOf } from '../auth/choose-campaign';
import { notFound, showConsole, staffPage } from '../auth/staff-visit';
import { CandidatesPage } from '../components/console/candidates-page';
import { isPermitted } from '../domain/access';
import { listRegisterCampaigns } from '../views/campaign-choices';
import { listCandidates } from '../views/coupon-candidates';

/** Coupons looked at for one page; how many of them are candidates differs. */
const COUPONS = 100;
const INQUIRY = /^[0-9A-Za-z-]{1,40}$/;

/** What happened in the failure: payments that were probably too much, each with what shows it. */
export const loader = staffPage('admin.coupons.candidates', async (visit) => {
  const { t, portal, staff, query } = visit;
  const campaigns = await listRegisterCampaigns(portal, staff.scope);
  const chosen = chosenOf(campaigns, query.one('campaign'));
  if (chosen === 'unknown') return notFound(visit);
  const after = query.one('after') ?? '';
  const from = INQUIRY.test(after) ? after : '';
  const page = chosen ? await listCandidates(portal.db, { campaignId: chosen.id, after: from, coupons: COUPONS }) : null;
  const next = page?.next && chosen ? `/admin/coupons/candidates?${new URLSearchParams({ campaign: chosen.id, after: page.next })}` : null;
  const shown = { campaigns, chosen: chosen?.id ?? null, candidates: page?.candidates ?? [], next };
  const may = { startsCase: isPermitted(staff.role, 'work_case'), putsBack: isPermitted(staff.role, 'put_back') };
  return showConsole(visit, t('candidates.title'), <CandidatesPage t={t} {...shown} {...may} />);
});

import { chooseCampaign } from '../auth/choose-campaign';
import { type OfficeActQuestion, officeActAnswer, officeActPage, type ShownOfficeAct } from '../auth/office-act';
import { notFound, type StaffVisit, showConsole, staffForms, staffPage } from '../auth/staff-visit';
import { CouponsExtendPage } from '../components/console/coupons-extend-page';
import { listRegisterCampaigns } from '../views/campaign-choices';

const ROUTE = 'admin.coupons.extend';
type Campaign = Awaited<ReturnType<typeof listRegisterCampaigns>>[number];

/** Extends all coupons that lost their use in the failure, as one act. */
export const loader = staffPage(ROUTE, async (visit) => {
  if (visit.query.one('campaign') === null) return chooseCampaign(visit, visit.t('extend.title'));
  const campaign = await findOwn(visit);
  return campaign ? page(visit, campaign, await officeActPage(visit, questionOf(campaign))) : notFound(visit);
});

export const action = staffForms(ROUTE, {
  async extend_coupons(visit, form) {
    const campaign = await findOwn(visit);
    if (!campaign) return notFound(visit);
    const answer = await officeActAnswer(visit, form, questionOf(campaign));
    return answer instanceof Response ? answer : page(visit, campaign, answer, 422);
  },
});

function questionOf({ id }: Campaign): OfficeActQuestion {
  return { act: 'extend_coupons', campaignId: id, subject: id, fields: {} };
}

async function findOwn(visit: StaffVisit): Promise<Campaign | null> {
  const campaigns = await listRegisterCampaigns(visit.portal, visit.staff.scope);
  return campaigns.find(({ id }) => id === visit.query.one('campaign')) ?? null;
}

function page(visit: StaffVisit, campaign: Campaign, shown: ShownOfficeAct, status = 200): Promise<Response> {
  const { t, token } = visit;
  return showConsole(visit, t('extend.title'), <CouponsExtendPage t={t} token={token} campaign={campaign} shown={shown} />, { status });
}

import { chosenOf } from '../auth/choose-campaign';
import type { Form } from '../auth/form';
import { notFound, type StaffVisit, showConsole, staffForms, staffPage } from '../auth/staff-visit';
import { CutoffPage, type CutoffPageProps } from '../components/console/cutoff-page';
import { planCutoff } from '../services/run-cutoff';
import { listRegisterCampaigns } from '../views/campaign-choices';
import { findCutoffReport } from '../views/cutoff-report';

/** Of what lists fall short by; all of it is for scripts. */
const SHORT_SHOWN = 200;

/** The cut-off: what it would take, how far it has come, and what it took. It is begun on the command line. */
export const loader = staffPage('admin.coupons.cutoff', (visit) => page(visit, visit.query, {}));

export const action = staffForms('admin.coupons.cutoff', {
  /** Counts through the whole register, and writes nothing. */
  async count_cutoff(visit, form) {
    const campaign = form.one('campaign') ?? '';
    const own = (await listRegisterCampaigns(visit.portal, visit.staff.scope)).some(({ id }) => id === campaign);
    if (!own) return notFound(visit);
    const plan = await planCutoff(visit.portal, { campaignId: campaign, shortMost: SHORT_SHOWN });
    return page(visit, form, { plan: plan.kind === 'planned' ? plan : null });
  },
});

async function page(visit: StaffVisit, asked: Form, more: Pick<CutoffPageProps, 'plan'>): Promise<Response> {
  const { t, token, portal, staff, now } = visit;
  const campaigns = await listRegisterCampaigns(portal, staff.scope);
  const chosen = chosenOf(campaigns, asked.one('campaign'));
  if (chosen === 'unknown') return notFound(visit);
  const report = chosen ? await findCutoffReport(portal.db, { campaignId: chosen.id, shortMost: SHORT_SHOWN }) : null;
  const shown = { campaigns, chosen, report, now, ...more };
  return showConsole(visit, t('cutoff.title'), <CutoffPage t={t} token={token} {...shown} />);
}

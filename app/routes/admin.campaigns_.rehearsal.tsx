import { maySee, notFound, type StaffVisit, showConsole, staffForms, staffPage } from '../auth/staff-visit';
import { goTo } from '../auth/visit';
import { RehearsalPage } from '../components/console/rehearsal-page';
import { isPermitted } from '../domain/access';
import { requestRehearsal } from '../services/request-rehearsal';
import { findCampaignFile } from '../views/campaign-file';
import { listRehearsals } from '../views/rehearsals';

/** How often the page looks again while a rehearsal is being played. */
const REFRESH_SECONDS = 3;

/** A programme's whole calendar, played on a copy with people who do not exist. */
export const loader = staffPage('admin.campaigns_.rehearsal', (visit) => page(visit, visit.query.one('campaign')));

export const action = staffForms('admin.campaigns_.rehearsal', {
  play: async (visit, form) => {
    const id = form.one('campaign') ?? '';
    const campaign = maySee(visit, id) ? await findCampaignFile(visit.portal.db, id) : null;
    if (!campaign) return notFound(visit);
    // Somebody else's is as good as one's own: the page shows it.
    await requestRehearsal(visit.portal, { staff: visit.staff, campaign });
    return goTo(`/admin/campaigns/rehearsal?${new URLSearchParams({ campaign: id })}`);
  },
});

async function page(visit: StaffVisit, id: string | null) {
  const { t, portal, staff, query } = visit;
  const campaign = id !== null && maySee(visit, id) ? await findCampaignFile(portal.db, id) : null;
  if (!campaign) return notFound(visit);
  const rehearsals = await listRehearsals(portal, campaign.id);
  const asked = query.one('id');
  const shown = asked === null ? rehearsals[0] : rehearsals.find((each) => each.id === asked);
  if (asked !== null && !shown) return notFound(visit);
  const playing = rehearsals.some(({ endedAt }) => endedAt === null);
  return showConsole(
    visit,
    t('rehearsal.title'),
    <RehearsalPage
      t={t}
      token={visit.token}
      campaign={campaign}
      rehearsals={rehearsals}
      shown={shown ?? null}
      mayPlay={isPermitted(staff.role, 'edit_campaign')}
      playing={playing}
    />,
    { refreshSeconds: shown?.endedAt === null ? REFRESH_SECONDS : undefined },
  );
}

import { chosenOf } from '../auth/choose-campaign';
import { fitOfMessages } from '../auth/message-fit';
import { notFound, showConsole, staffPage } from '../auth/staff-visit';
import { CampaignSettingsPage } from '../components/console/campaign-settings-page';
import { isPermitted } from '../domain/access';
import { listCampaignChoices } from '../views/campaign-choices';
import { listVersions } from '../views/campaign-file';
import { findCampaignPage } from '../views/campaign-page';

/** How a programme is set up: its calendar, offers and senders, and what is wrong with them as a whole. */
export const loader = staffPage('admin.campaigns', async (visit) => {
  const { t, portal, staff, query, now } = visit;
  const campaigns = await listCampaignChoices(portal, staff.scope);
  const chosen = chosenOf(campaigns, query.one('campaign'));
  if (chosen === 'unknown') return notFound(visit);
  const page = chosen ? await findCampaignPage(portal, chosen.id, (campaign) => fitOfMessages(visit, campaign)) : null;
  const mayEdit = isPermitted(staff.role, 'edit_campaign');
  const more = {
    versions: chosen ? await listVersions(portal, chosen.id) : [],
    mayEdit,
    mayMake: mayEdit && staff.scope === 'all',
    did: query.one('did') === 'stored',
  };
  return showConsole(visit, t('campaigns.title'), <CampaignSettingsPage t={t} now={now} campaigns={campaigns} page={page} {...more} />);
});

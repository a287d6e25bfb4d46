import { chosenOf } from '../auth/choose-campaign';
import { notFound, showConsole, staffPage } from '../auth/staff-visit';
import { TextsPage } from '../components/console/texts-page';
import { listCampaignChoices } from '../views/campaign-choices';
import { listTexts } from '../views/message-texts';

/** All texts of a programme. */
export const loader = staffPage('admin.texts._index', async (visit) => {
  const { t, portal, staff, query } = visit;
  const campaigns = await listCampaignChoices(portal, staff.scope);
  const chosen = chosenOf(campaigns, query.one('campaign'));
  if (chosen === 'unknown') return notFound(visit);
  const overview = chosen ? await listTexts(portal, chosen.id) : [];
  return showConsole(visit, t('texts.title'), <TextsPage t={t} campaigns={campaigns} chosen={chosen?.id ?? null} overview={overview} />);
});

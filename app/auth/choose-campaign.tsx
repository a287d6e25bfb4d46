import { ChooseCampaignPage } from '../components/console/choose-campaign-page';
import { listCampaignChoices } from '../views/campaign-choices';
import { notFound, type StaffVisit, showConsole } from './staff-visit';
import { goTo } from './visit';

/** Which of these programmes a page shows: the asked one, or the first where none is asked for; null where there is none. */
export function chosenOf<C extends { readonly id: string }>(campaigns: readonly C[], asked: string | null): C | null | 'unknown' {
  if (asked === null) return campaigns[0] ?? null;
  return campaigns.find(({ id }) => id === asked) ?? 'unknown';
}

/** A page about one programme that was opened without saying which: the only one in scope, or a choice of them. */
export async function chooseCampaign(visit: StaffVisit, title: string): Promise<Response> {
  const { t, portal, staff, url } = visit;
  const campaigns = await listCampaignChoices(portal, staff.scope);
  const [only] = campaigns;
  if (!only) return notFound(visit);
  const hrefOf = (id: string) => {
    const query = new URLSearchParams(url.search);
    query.set('campaign', id);
    return `${url.pathname}?${query}`;
  };
  if (campaigns.length === 1) return goTo(hrefOf(only.id));
  const choices = campaigns.map(({ id, name }) => ({ href: hrefOf(id), name: t.own(name) }));
  return showConsole(visit, title, <ChooseCampaignPage t={t} title={title} choices={choices} />);
}

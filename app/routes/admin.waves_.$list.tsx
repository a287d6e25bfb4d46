import { chosenOf } from '../auth/choose-campaign';
import { notFound, showConsole, staffPage } from '../auth/staff-visit';
import { WaveListPage } from '../components/console/wave-list-page';
import { readExactYen } from '../domain/yen';
import { listCampaignChoices } from '../views/campaign-choices';
import { countDueLetters, findUnopened, findUnreached } from '../views/unreached';

/** As many as somebody reads; the command line has them all. */
const ROWS_MOST = 200;
const MIN_YEN = 5_000n;

/** Whom no message reached, for a letter; and who has much to receive and never opened the link, for a call. */
export const loader = staffPage('admin.waves_.$list', async (visit) => {
  const { t, portal, staff, query, params } = visit;
  const list = (['unreached', 'unopened'] as const).find((each) => each === params.list);
  const campaigns = await listCampaignChoices(portal, staff.scope);
  const chosen = chosenOf(campaigns, query.one('campaign'));
  if (!list || !chosen || chosen === 'unknown') return notFound(visit);
  const of = { campaignId: chosen.id, limit: ROWS_MOST };
  const common = { t, campaigns, chosen: chosen.id, most: ROWS_MOST };
  if (list === 'unreached') {
    const [found, due] = [await findUnreached(portal, of), await countDueLetters(portal, chosen.id)];
    return showConsole(visit, t('waves.unreached'), <WaveListPage {...common} unreached={{ ...found, due }} />);
  }
  const typed = query.one('min');
  const minYen = typed === null ? MIN_YEN : readExactYen(typed.normalize('NFKC').replaceAll(',', ''));
  const found = await findUnopened(portal, { ...of, minYen: minYen ?? MIN_YEN });
  const unopened = { ...found, min: typed ?? String(MIN_YEN), bad: minYen === null };
  return showConsole(visit, t('waves.unopened'), <WaveListPage {...common} unopened={unopened} />, { status: unopened.bad ? 422 : 200 });
});

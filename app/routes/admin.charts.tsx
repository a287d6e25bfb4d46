import { showConsole, staffPage } from '../auth/staff-visit';
import { ChartsPage } from '../components/console/charts-page';
import { japanDay } from '../domain/japan-time';
import { findCharts } from '../views/charts';
import { findFilterChoices } from '../views/redemptions';

const DAY_MS = 86_400_000;
/** As many days as a chart can show and a page can wait for. */
const DAYS_MOST = 200;
const DAYS_USUAL = 35;

/** The charts, for the filter in the address. */
export const loader = staffPage('admin.charts', async (visit) => {
  const { portal, query, staff, now, t } = visit;
  const choices = await findFilterChoices(portal, staff.scope);
  const oneOf = (name: string, all: ReadonlyMap<string, unknown>) => [...all.keys()].find((each) => each === query.one(name)) ?? null;
  const [campaign, provider] = [oneOf('campaign', choices.campaigns), oneOf('provider', choices.providers)];
  const asked = { from: query.one('from') ?? '', until: query.one('until') ?? '' };
  const today = startOf(japanDay(now)) ?? now;
  const last = asked.until ? startOf(asked.until) : today;
  const first = asked.from ? startOf(asked.from) : new Date((last ?? today).getTime() - (DAYS_USUAL - 1) * DAY_MS);
  const days = last && first ? (last.getTime() - first.getTime()) / DAY_MS + 1 : 0;
  const error = days < 1 || days > DAYS_MOST;
  const from = !error && first ? first : new Date(today.getTime() - (DAYS_USUAL - 1) * DAY_MS);
  const until = new Date((!error && last ? last : today).getTime() + DAY_MS);
  const data = await findCharts(portal, { scope: staff.scope, campaign, provider, from, until, now });
  const shown = error ? asked : { from: japanDay(from), until: japanDay(new Date(until.getTime() - DAY_MS)) };
  return showConsole(
    visit,
    t('charts.title'),
    <ChartsPage t={t} data={data} {...choices} filter={{ campaign, provider, ...shown }} error={error} />,
    { status: error ? 422 : 200 },
  );
});

/** Midnight in Japan at the start of a day that the calendar has; null for anything else. */
function startOf(text: string): Date | null {
  if (!/^20\d\d-\d\d-\d\d$/.test(text)) return null;
  const at = new Date(`${text}T00:00:00+09:00`);
  return !Number.isNaN(at.getTime()) && japanDay(at) === text ? at : null;
}

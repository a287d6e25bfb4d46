import { type ChartFilter, countByDay, countFailures, countFunnel, countSending, listResidual } from '#db/charts';
import { type CampaignScope, isInScope } from '../domain/access';
import { japanDay } from '../domain/japan-time';
import type { Portal } from '../portal';

export interface ChartsData {
  /** Every day of the span, in order. */
  readonly days: readonly string[];
  readonly byDay: Awaited<ReturnType<typeof countByDay>>;
  readonly funnel: Awaited<ReturnType<typeof countFunnel>>;
  /** The residual at the end of each day of the span that is not in the future. */
  readonly residual: readonly { readonly day: string; readonly yen: bigint; readonly daysLeft: number }[];
  readonly sending: Awaited<ReturnType<typeof countSending>>;
  readonly failures: Awaited<ReturnType<typeof countFailures>>;
  readonly deadline: Date | null;
}

const DAY_MS = 86_400_000;

/** What the charts show: one campaign or all within the scope, one provider or all, some days. */
export async function findCharts(
  { db }: Pick<Portal, 'db'>,
  options: { scope: CampaignScope; campaign: string | null; provider: string | null; from: Date; until: Date; now: Date },
): Promise<ChartsData> {
  const { scope, campaign, provider, from, until, now } = options;
  const all = await db.selectFrom('campaigns').select(['id', 'redeem_until']).orderBy('redeem_until').execute();
  const own = all.filter(({ id }) => isInScope(scope, id) && (campaign === null || id === campaign));
  const filter: ChartFilter = { campaigns: own.map(({ id }) => id), provider, from, until };
  const [byDay, funnel, moved, sending, failures] = await Promise.all([
    countByDay(db, filter),
    countFunnel(db, filter),
    listResidual(db, filter),
    countSending(db, filter),
    countFailures(db, filter),
  ]);
  const days: string[] = [];
  for (let at = from.getTime(); at < until.getTime(); at += DAY_MS) days.push(japanDay(new Date(at)));
  const deadline = own.at(-1)?.redeem_until ?? null;
  const today = japanDay(now);
  let next = 0;
  let yen = 0n;
  const residual = days
    .filter((day) => day <= today)
    .map((day) => {
      for (; moved[next] && (moved[next]?.day ?? '') <= day; next += 1) yen = moved[next]?.yen ?? yen;
      const midnight = new Date(`${day}T00:00:00+09:00`).getTime();
      return { day, yen, daysLeft: deadline ? Math.max(0, Math.round((deadline.getTime() - midnight) / DAY_MS) - 1) : 0 };
    });
  return { days, byDay, funnel, residual, sending, failures, deadline };
}

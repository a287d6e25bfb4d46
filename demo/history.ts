import type { StandInServer } from '#adapters/providers/stand-in-server';
import type { StandingClock } from '~/clock';
import type { Portal } from '~/portal';
import { redeemAll } from './redeem';

/**
 * What happened before the demo begins: five weeks of redemptions of the sample grants, through the real services at
 * their own moments, so that lists, charts and reports have something to show. The same every time.
 */
const CAMPAIGN = 'kumamoto-2023';
const FIRST_DAY = new Date('2023-04-11T09:00:00+09:00');
const DAY_MS = 86_400_000;
const GRANTS = 90;
/** The shares of the providers, in turns. */
const TURNS = ['paypay', 'amazon', 'paypay', 'nanaco', 'amazon', 'paypay', 'amazon', 'nanaco'] as const;
/** Which of them surely came to nothing, and why: by their place among the grants. */
const FAILURES: Readonly<Record<number, 'rejected' | 'out_of_stock' | 'insufficient_funds'>> = {
  12: 'rejected',
  27: 'out_of_stock',
  40: 'rejected',
  53: 'insufficient_funds',
  66: 'rejected',
  75: 'out_of_stock',
  82: 'rejected',
};
/** Attempts after which a code counts as failed. */
const ATTEMPTS = 4;

interface HistoryOptions {
  readonly portal: Portal;
  readonly clock: StandingClock;
  readonly standIns: StandInServer;
}

/** Brings it about; grants that have a redemption already are left alone. */
export async function stageHistory({ portal, clock, standIns }: HistoryOptions): Promise<void> {
  const grants = await portal.db
    .selectFrom('grants as g')
    .where('g.campaign_id', '=', CAMPAIGN)
    .where('g.number', 'like', 'KM-A-%')
    .select((eb) => [
      'g.id',
      'g.granted_yen',
      eb.exists(eb.selectFrom('redemptions as r').select('r.id').whereRef('r.grant_id', '=', 'g.id')).as('taken'),
    ])
    .orderBy('g.number')
    .limit(GRANTS)
    .execute();
  for (const [index, { id, granted_yen, taken }] of grants.entries()) {
    if (taken) continue;
    clock.set(momentOf(index));
    await redeem({ portal, clock, standIns }, { index, grantId: id, yen: granted_yen });
  }
}

async function redeem({ portal, clock, standIns }: HistoryOptions, one: { index: number; grantId: string; yen: bigint }): Promise<void> {
  const { index, grantId, yen } = one;
  const provider = TURNS[index % TURNS.length] ?? 'paypay';
  const failure = FAILURES[index];
  if (failure) standIns.standIn(provider).fault(failure, failure === 'rejected' ? 1 : ATTEMPTS);
  // One in six has not looked at the code yet.
  const looks = !failure && index % 6 !== 5;
  await redeemAll({ portal, clock }, { grantId, provider, yen, attempts: failure ? ATTEMPTS : 1, looks });
}

/** More at the beginning, fewer later, at all hours of the day. */
function momentOf(index: number): Date {
  const day = Math.floor(38 * (index / GRANTS) ** 1.6);
  return new Date(FIRST_DAY.getTime() + day * DAY_MS + ((index * 37) % 660) * 60_000);
}

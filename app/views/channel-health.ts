import { type ChannelHealth, listChannelHealth } from '#db/wave-reports';
import type { Portal } from '../portal';

const DAYS = 14;
const DOMAINS = 50;

/** How receivers took the messages of some campaigns in the last two weeks, by channel and domain. */
export async function findChannelHealth(
  { db, clock }: Pick<Portal, 'db' | 'clock'>,
  { campaigns }: { campaigns: readonly string[] },
): Promise<readonly ChannelHealth[]> {
  const now = clock.now();
  return listChannelHealth(db, { campaigns, since: new Date(now.getTime() - DAYS * 86_400_000), now, limit: DOMAINS });
}

import { listFedWaves } from '#db/waves';
import { japanDay } from '../domain/japan-time';
import type { Portal } from '../portal';
import { type FeedOptions, feedWaveOnce } from './parts/feed-wave-once';

/** Batches of one wave before the next has its turn. */
const BATCHES = 10;

/**
 * Queues the next messages of every wave that may send now. Safe to run in many processes at once, and to crash
 * anywhere. @returns how many were queued
 */
export async function feedWaves(portal: Portal, options: FeedOptions = {}): Promise<number> {
  let queued = 0;
  const now = portal.clock.now();
  for (const waveId of await listFedWaves(portal.db, { now, today: japanDay(now) })) {
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const fed = await feedWaveOnce(portal, { waveId }, options);
      queued += fed.queued;
      if (!fed.more) break;
    }
  }
  return queued;
}

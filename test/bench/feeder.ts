import { feedWaves } from '~/services/feed-waves';
import { planWave } from '~/services/plan-wave';
import { startWave } from '~/services/start-wave';
import { PLAN } from '../support/waves';
import { type Child, serveParent, startChild } from './child';
import { watchMemory } from './memory';
import { benchPortal } from './portal';

export interface FeedResult {
  readonly ms: number;
  readonly queued: number;
  readonly pointsMb: readonly number[];
  readonly growth: number;
}

/** The process that queues a wave, with the console's role, of its own, so that its memory is measured alone. */
export function startFeeder(settings: { consoleUrl: string }): Promise<Child<void, string, FeedResult>> {
  return startChild<void, string, FeedResult>('feeder.ts', settings);
}

if (process.argv[1] === import.meta.filename) {
  serveParent(async ({ consoleUrl }: { consoleUrl: string }) => {
    const portal = benchPortal(consoleUrl, { connections: 2 });
    return {
      ready: undefined,
      answer: async (campaignId: string): Promise<FeedResult> => {
        const planned = await planWave(portal, { campaignId, plan: PLAN, actor: 'bench' });
        if (planned.kind !== 'planned') throw new Error(planned.reason);
        await startWave(portal, { campaignId, number: planned.number, actor: 'bench' });
        const memory = watchMemory();
        const start = performance.now();
        let queued = 0;
        for (let fed = -1; fed !== 0; queued += fed) {
          // In production only as much waits as is sent soon; here everything does.
          fed = await feedWaves(portal, { backlogMost: Number.MAX_SAFE_INTEGER });
          memory.take();
        }
        return { ms: performance.now() - start, queued, pointsMb: memory.pointsMb, growth: memory.growth() };
      },
      stop: () => portal.db.destroy(),
    };
  });
}

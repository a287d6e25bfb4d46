import { createHash } from 'node:crypto';
import pg from 'pg';
import type { Capabilities } from '#adapters/providers/port';
import { makePool } from '#db/database';
import { queueConnections, startWorker } from '~/entry.worker';
import type { Provider } from '~/portal';
import { type Child, serveParent, startChild } from './child';
import { benchPortal } from './portal';

export interface WorkerSettings {
  readonly workerUrl: string;
  readonly ownerUrl: string;
}

/** Asked with a number of codes that wait, it works until all are issued and says how long that took, in ms. */
export type Worker = Child<void, number, number>;

/** A worker process as in production, with one provider that answers at once. */
export function startWorkerProcess(settings: WorkerSettings): Promise<Worker> {
  return startChild<void, number, number>('worker.ts', settings);
}

export const INSTANT = 'paypay';

const CAPABILITIES: Capabilities = {
  codes: 'stored',
  repeatable: true,
  settlingDeclines: [],
  lookup: false,
  cancel: false,
  funds: false,
  keyHorizonMs: 86_400_000,
  settleAfterMs: 30_000,
  ratePerSecond: 100_000,
  throttlePauseMs: 1_000,
  timeLimitMs: 6_000,
};

/** A provider that says yes at once, with a code that follows from the key. */
export function instantProvider(): ReadonlyMap<string, Provider> {
  const words = { codeName: '', needs: '', usable: '', open: '', steps: [], notes: [], issuer: '', legal: [] };
  return new Map([
    [
      INSTANT,
      {
        id: INSTANT,
        capabilities: CAPABILITIES,
        brand: { tile: { letters: 'T', colour: '#1a1a1c' }, groupBy: 4, text: { ja: words, en: words } },
        keyFor: (issuanceId) => issuanceId,
        connection: {
          issue: async ({ key, yen }) => {
            const code = createHash('sha256').update(key).digest('hex').slice(0, 16).toUpperCase();
            return { kind: 'issued', yen, issued: { code, reference: `R-${key}`, expiresOn: '2023-09-30', managementNo: `M-${key}` } };
          },
        },
      },
    ],
  ]);
}

const POLL_MS = 10;
const LIMIT_MS = 120_000;

if (process.argv[1] === import.meta.filename) {
  serveParent(async ({ workerUrl, ownerUrl }: WorkerSettings) => {
    const portal = benchPortal(workerUrl, { connections: 10, providers: instantProvider() });
    const context = { consolePortal: null, portal, log: portal.log, isReady: async () => true };
    const queuePool = makePool(workerUrl, { max: queueConnections(context), name: 'bench-queue', statementTimeoutMs: 0 });
    const watcher = new pg.Client(ownerUrl);
    await watcher.connect();
    const waiting = async () => {
      const { rows } = await watcher.query(
        `select 1 from redemptions where provider = $1 and state not in ('issued', 'cancelled') limit 1`,
        [INSTANT],
      );
      return rows.length > 0;
    };
    return {
      ready: undefined,
      answer: async () => {
        const start = performance.now();
        const worker = await startWorker(context, { queuePool, pollMs: 100 });
        try {
          while (await waiting()) {
            if (performance.now() - start > LIMIT_MS) throw new Error('codes still wait after two minutes');
            await new Promise((resolve) => setTimeout(resolve, POLL_MS));
          }
          return performance.now() - start;
        } finally {
          await worker.stop();
        }
      },
      stop: () => watcher.end(),
    };
  });
}

import { makePool } from '#db/database';
import { queueConnections, startWorker } from '~/entry.worker';
import type { Channel, Sending } from '~/portal';
import { type Child, serveParent, startChild } from './child';
import { watchMemory } from './memory';
import { benchPortal } from './portal';

export interface SendRequest {
  readonly ratePerSecond: number;
  readonly ms: number;
}

export interface SendResult {
  readonly perSecond: number;
  readonly sent: number;
  readonly pointsMb: readonly number[];
  readonly growth: number;
}

/** A worker process as in production, with a channel that answers at once, at most so often in a second. */
export function startSender(settings: { workerUrl: string }): Promise<Child<void, SendRequest, SendResult>> {
  return startChild<void, SendRequest, SendResult>('sender.ts', settings);
}

const POINTS = 12;
/** Until the worker has its connections and the first messages are through. */
const WARM_MS = 2_000;

if (process.argv[1] === import.meta.filename) {
  serveParent(async ({ workerUrl }: { workerUrl: string }) => {
    const portal = benchPortal(workerUrl, { connections: 10, providers: new Map() });
    let sent = 0;
    const sendingAt = (ratePerSecond: number): Sending => {
      const channel: Channel = {
        id: 'bench',
        capabilities: {
          carries: ['mail', 'sms'],
          repeatable: false,
          lookup: false,
          settleAfterMs: 0,
          ratePerSecond,
          concurrency: 4,
          timeLimitMs: 15_000,
        },
        connection: {
          async send() {
            sent += 1;
            return { kind: 'sent' };
          },
          async close() {},
        },
      };
      return {
        publicUrl: 'https://uketori.example',
        channels: new Map([
          ['mail', channel],
          ['sms', channel],
        ]),
      };
    };
    return {
      ready: undefined,
      answer: async ({ ratePerSecond, ms }: SendRequest): Promise<SendResult> => {
        const context = { consolePortal: null, portal, log: portal.log, sending: sendingAt(ratePerSecond), isReady: async () => true };
        const queuePool = makePool(workerUrl, { max: queueConnections(context), name: 'bench-queue', statementTimeoutMs: 0 });
        const worker = await startWorker(context, { queuePool, pollMs: 100 });
        try {
          await pause(WARM_MS);
          const memory = watchMemory();
          const before = sent;
          const start = performance.now();
          for (let point = 0; point < POINTS; point += 1) {
            memory.take();
            await pause(ms / POINTS);
          }
          const count = sent - before;
          const perSecond = (count * 1_000) / (performance.now() - start);
          return { perSecond, sent: count, pointsMb: memory.pointsMb, growth: memory.growth() };
        } finally {
          await worker.stop();
          await queuePool.end();
        }
      },
      stop: () => portal.db.destroy(),
    };
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

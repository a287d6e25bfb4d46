import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { type StandInServer, startStandInServer } from '#adapters/providers/stand-in-server';
import { clockFrom } from '~/clock';
import { openWebContext, openWorkerContext } from '~/context.server';
import { readKeyring } from '~/crypto.server';
import type { OfferAmount } from '~/domain/campaign';
import { startWeb } from '~/entry.web';
import { startWorker } from '~/entry.worker';
import { buildPages } from './built-pages';
import { createTestDatabase } from './database';
import { MAY_20, makeTestPortal, type TestPortal } from './portal';
import { insertGrants, insertProgramme, insertStock } from './programme';

/**
 * The whole portal as production runs it: web, worker and stand-ins of the providers over real HTTP, one
 * real database, adapters and all. Only the clock is moved.
 */
export interface WholePortal {
  readonly url: string;
  readonly owner: TestPortal;
  readonly standIns: StandInServer;
  grant(yen: number): Promise<{ id: string; link: string }>;
  /** A worker in this process. */
  work(): Promise<{ stop(): Promise<void> }>;
  /** A worker of its own process that can be killed; its clock may be ahead. */
  spawnWorker(aheadMs?: number): Promise<ChildProcess>;
  statesOf(grantId: string): Promise<string[]>;
  stop(): Promise<void>;
}

const FACES: OfferAmount = { kind: 'fixed', faceValuesYen: [100, 500, 1000], maxCodes: 20 };

/** Starts everything but a worker. */
export async function startWholePortal(): Promise<WholePortal> {
  const pages = await buildPages();
  const database = await createTestDatabase();
  const since = new Date();
  const clock = clockFrom(MAY_20, since);
  const standIns = await startStandInServer({ now: () => clock.now(), hangMs: 30_000 });
  const keys = { SEAL_KEYS: newKeys(), INDEX_KEYS: newKeys(), LINK_KEYS: newKeys() };
  const environment = (role: 'webUrl' | 'workerUrl', aheadMs = 0) => ({
    ...standIns.environment,
    ...keys,
    NODE_ENV: 'test',
    REHEARSAL: '1',
    LOG_LEVEL: 'error',
    DATABASE_URL: database[role],
    PUBLIC_URL: 'http://localhost:3000',
    PORTAL_NOW: new Date(MAY_20.getTime() + aheadMs).toISOString(),
    PORTAL_NOW_SINCE: since.toISOString(),
  });
  const ring = (text: string) => {
    const read = readKeyring(text);
    if (!read.ok) throw new Error(read.problem);
    return read.ring;
  };
  const owner = makeTestPortal(database.ownerUrl, {
    keys: { seal: ring(keys.SEAL_KEYS), index: ring(keys.INDEX_KEYS), link: ring(keys.LINK_KEYS) },
  });
  const context = await openWebContext(environment('webUrl'));
  const web = await startWeb(context, { port: 0, build: pages.build, clientFolder: pages.clientFolder });
  const url = `http://localhost:${web.port}`;
  const campaignId = await insertProgramme(owner, [
    { provider: 'amazon' },
    { provider: 'ponta', amount: FACES, source: 'stock' },
    { provider: 'paypay' },
    { provider: 'edy', amount: FACES },
    { provider: 'nanaco' },
  ]);
  await insertStock(owner, campaignId, 'ponta', [1000, 1000, 100, 100, 100, 100, 100, 100]);
  const children: ChildProcess[] = [];
  return {
    url,
    owner,
    standIns,
    async grant(yen) {
      const [id = ''] = await insertGrants(owner, campaignId, [yen]);
      return { id, link: `${url}/r/${owner.crypto.linkToken(id, 1)}` };
    },
    async work() {
      const own = await openWorkerContext(environment('workerUrl'));
      const worker = await startWorker(own, { queuePool: own.queuePool, pollMs: 200 });
      return {
        async stop() {
          await worker.stop();
          await own.close();
        },
      };
    },
    async spawnWorker(aheadMs = 0) {
      const child = spawn(process.execPath, ['--import', 'tsx', 'app/entry.start.ts', 'worker'], {
        cwd: path.resolve(import.meta.dirname, '../..'),
        env: { PATH: process.env.PATH, ...environment('workerUrl', aheadMs) } as NodeJS.ProcessEnv,
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      children.push(child);
      await once(child, 'message');
      return child;
    },
    async statesOf(grantId) {
      const rows = await owner.db.selectFrom('redemptions').select('state').where('grant_id', '=', grantId).orderBy('created_at').execute();
      return rows.map((row) => row.state);
    },
    async stop() {
      for (const child of children) child.kill('SIGKILL');
      await web.stop();
      await context.close();
      await owner.close();
      await standIns.close();
      await database.drop();
      pages.remove();
    },
  };
}

function newKeys(): string {
  return `k1:${randomBytes(32).toString('base64')}`;
}

/** Waits until a reading is as wanted: a state of the portal, not a time. */
export async function until<T>(read: () => Promise<T>, wanted: (value: T) => boolean, limitMs = 60_000): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const value = await read();
    if (wanted(value)) return value;
    if (performance.now() > deadline) throw new Error(`still ${JSON.stringify(value)} after ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

import pg from 'pg';
import { makePool } from '#db/database';
import { standingClock } from '~/clock';
import { makeCrypto } from '~/crypto.server';
import type { Portal } from '~/portal';
import { issueCode } from '~/services/issue-code';
import { replaceRedemption } from '~/services/replace-redemption';
import { requestRedemption } from '~/services/request-redemption';
import { sweepIssuing } from '~/services/sweep-issuing';
import { voidCode } from '~/services/void-code';
import { Crash, makeCrashingDb } from '../support/crashing-db';
import { type Mishap, type ModelProvider, makeModelProvider } from '../support/model-provider';
import { MAY_20, makeTestPortal } from '../support/portal';
import { insertGrants, insertProgramme, insertStock } from '../support/programme';
import { endJob, enqueueAt, failJob, prepareQueue, takeJob } from '../support/queue';
import { insertStaff } from '../support/staff';
import { check, type Verdict } from './check';
import { type Chance, makeChance } from './random';
import { countPutRight, type Desk, putRight } from './staff';

export interface SimulationOptions {
  readonly redemptions: number;
  readonly seed: number;
  readonly ownerUrl: string;
  readonly webUrl: string;
  readonly workerUrl: string;
  readonly consoleUrl: string;
  readonly onProgress?: (done: number, of: number) => void;
}

export interface SimulationResult extends Verdict {
  readonly seed: number;
  readonly redemptions: number;
  readonly crashes: number;
  readonly mishaps: number;
  readonly calls: number;
  /** Acts of staff that were carried out, and codes made void by them. */
  readonly staffActs: number;
  readonly voided: number;
}

const MISHAPS: readonly Mishap[] = [
  'timeout_before',
  'timeout_after',
  'timeout_delayed',
  'error_before',
  'error_after',
  'torn',
  'never_sent',
  'throttled',
  'out_of_stock',
  'insufficient_funds',
  'rejected',
  'delivered_twice',
  'same_code',
  'wrong_amount',
  'replays_cancelled',
  'cancel_lost',
  'cancel_too_late',
];

/** One in so many provider calls goes wrong, and one in so many statements is the process's last. */
const MISHAP_RATE = 0.25;
const CRASH_RATE = 1 / 400;
const BATCH = 200;
const CRASH_AFTER_JOB_RATE = 0.01;
const MINUTE_MS = 60_000;
const NO_WAIT = { wait: async () => {} };
const RESIDUALS = [100, 500, 700, 1_000, 1_357, 12_000] as const;
const AMOUNTS = [1, 7, 100, 100, 100] as const;

/**
 * Runs the whole issuing path, real services on real PostgreSQL, against providers that keep their own
 * truth, with mishaps between the two and crashes at every statement. One seed is one run: what happens
 * next is decided by the seed alone, one step at a time.
 */
export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const chance = makeChance(options.seed);
  const clock = standingClock(MAY_20);
  const ring = (id: string) => ({ keys: [{ id, secret: chance.bytes(32) }] });
  const keys = { seal: ring('s1'), index: ring('i1'), link: ring('l1') };
  const owner = makeTestPortal(options.ownerUrl, { keys, clock });
  const trouble = { on: true, crashes: 0, mishaps: 0 };
  const providers = makeProviders(chance, clock.now, trouble);
  const portals = (['webUrl', 'workerUrl', 'consoleUrl'] as const).map((role) => {
    const pool = new pg.Pool({ ...poolOptions(options[role]), max: 2 });
    // The server may end an idle connection when the run is over.
    pool.on('error', () => {});
    const db = makeCrashingDb(pool, () => {
      const struck = trouble.on && chance.hit(CRASH_RATE);
      if (struck) trouble.crashes += 1;
      return struck;
    });
    const portal = makeTestPortal('', { keys, clock, providers, db });
    const crypto = makeCrypto(keys, (size) => chance.bytes(size));
    return { portal: { ...portal, crypto, enqueue: enqueueAt(clock) } satisfies Portal, end: () => db.destroy() };
  });
  const [web, worker, staff] = portals.map(({ portal }) => portal);
  if (!web || !worker || !staff) throw new Error('three portals');
  // The harness looks at the queue through a connection that does not crash.
  const harness = { db: owner.db, clock };

  try {
    await prepareQueue(owner);
    const campaignId = await insertProgramme(owner, [
      ...providers.map((provider) => ({ provider: provider.id })),
      { provider: 'shelf', source: 'stock' as const, amount: { kind: 'fixed' as const, faceValuesYen: [100, 500], maxCodes: 20 } },
    ]);
    await insertStock(
      owner,
      campaignId,
      'shelf',
      Array.from({ length: Math.ceil(options.redemptions / 20) }, () => chance.pick([100, 500])),
    );
    const desk = { portal: staff, operator: await insertStaff(owner, 'operator'), approver: await insertStaff(owner, 'approver') };
    const grants = await insertGrants(
      owner,
      campaignId,
      Array.from({ length: options.redemptions }, () => chance.pick(RESIDUALS)),
    );
    for (let i = 0; i < grants.length; i += BATCH) {
      for (const grantId of grants.slice(i, i + BATCH)) await chooseSomething(web, chance, grantId, providers);
      await workOff({ chance, web, worker, desk, harness, owner, trouble, forMs: 2 * MINUTE_MS, stepMs: MINUTE_MS, providers });
      await putRight(desk, chance, owner, surviving);
      options.onProgress?.(Math.min(i + BATCH, grants.length), grants.length);
    }
    // Faults stop; whatever can settle by itself must now do so.
    trouble.on = false;
    await workOff({ chance, web, worker, desk, harness, owner, trouble, forMs: 12 * 60 * MINUTE_MS, stepMs: 15 * MINUTE_MS, providers });
    const verdict = await check(owner.db, campaignId, providers);
    return {
      ...verdict,
      seed: options.seed,
      redemptions: options.redemptions,
      crashes: trouble.crashes,
      mishaps: trouble.mishaps,
      ...(await countPutRight(owner)),
      calls: providers.reduce((sum, provider) => sum + provider.calls.length, 0),
    };
  } finally {
    for (const { end } of portals) await end();
    await owner.close();
  }
}

function poolOptions(url: string): pg.PoolConfig {
  const pool = makePool(url, { max: 2, name: 'simulation' });
  const { options } = pool as unknown as { options: pg.PoolConfig };
  return { connectionString: url, types: options.types, application_name: 'simulation' };
}

function makeProviders(chance: Chance, now: () => Date, trouble: { on: boolean; mishaps: number }): ModelProvider[] {
  const mishap = () => {
    if (!trouble.on || !chance.hit(MISHAP_RATE)) return null;
    trouble.mishaps += 1;
    return chance.pick(MISHAPS);
  };
  const lagMs = () => chance.int(14_000);
  return [
    makeModelProvider({ id: 'alpha', now, mishap, lagMs }),
    // Like Amazon: no look-up, repeats answer with the first issue, codes may not be kept.
    makeModelProvider({ id: 'beta', now, mishap, lagMs, capabilities: { codes: 'refetch', lookup: false, settlingDeclines: [] } }),
    // Can do nothing but issue: a doubt is always a person's.
    makeModelProvider({ id: 'gamma', now, mishap, lagMs, capabilities: { lookup: false, repeatable: false, settlingDeclines: [] } }),
  ];
}

async function chooseSomething(web: Portal, chance: Chance, grantId: string, providers: readonly ModelProvider[]): Promise<void> {
  const requestKey = web.crypto.newKey();
  const choices = [{ provider: chance.hit(0.05) ? 'shelf' : chance.pick(providers).id, yen: BigInt(chance.pick(AMOUNTS)) }];
  // People press again when nothing happens: the same confirmation comes up to three times.
  const presses = 1 + chance.int(3);
  for (let press = 0; press < presses; press += 1) {
    await surviving(() => requestRedemption(web, { grantId, requestKey, choices }));
  }
}

async function surviving<T>(work: () => Promise<T>): Promise<T | 'crashed'> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Crash) return 'crashed';
    throw error;
  }
}

interface Shift {
  readonly chance: Chance;
  readonly web: Portal;
  readonly worker: Portal;
  readonly desk: Desk;
  readonly harness: Pick<Portal, 'db'> & { readonly clock: ReturnType<typeof standingClock> };
  readonly owner: Pick<Portal, 'db'>;
  readonly trouble: { on: boolean };
  readonly forMs: number;
  /** How far time moves on between two sweeps when nothing is due. */
  readonly stepMs: number;
  readonly providers: readonly ModelProvider[];
}

/** Works off the queue for a stretch of the portal's time, in the order of the jobs' times. */
async function workOff(shift: Shift): Promise<void> {
  const { chance, web, worker, desk, harness, trouble } = shift;
  const { clock } = harness;
  const until = clock.now().getTime() + shift.forMs;
  let sweptAt = 0;
  for (;;) {
    const job = await takeJob(harness);
    if (job && job.runAt.getTime() <= until) {
      if (job.runAt > clock.now()) clock.set(job.runAt);
      const { codeId, approvalId } = job.payload;
      const outcome = await surviving<unknown>(() =>
        job.task === 'void-code' ? voidCode(desk.portal, { approvalId }, NO_WAIT) : issueCode(worker, { codeId }, NO_WAIT),
      );
      const dies = outcome === 'crashed' || (trouble.on && chance.hit(CRASH_AFTER_JOB_RATE));
      // A thrown job comes again; a killed worker leaves its job locked for hours, and the sweep finds the code.
      if (!dies) await endJob(harness, job);
      else if (chance.hit(0.5)) await failJob(harness, job, 1_000 + chance.int(10_000));
      continue;
    }
    if (job) await failJob(harness, job, job.runAt.getTime() - clock.now().getTime());
    const found = await surviving(() => sweepIssuing(worker, { limit: 2_000 }));
    if (found === 0 || (found !== 'crashed' && clock.now().getTime() >= until)) {
      if (clock.now().getTime() >= until) return;
      if (sweptAt === clock.now().getTime() || !job) await replaceSome(web, chance, shift.providers, shift.owner);
      sweptAt = clock.now().getTime();
    }
    clock.set(new Date(Math.min(until, clock.now().getTime() + shift.stepMs)));
  }
}

/** Some recipients whose redemption surely failed choose another provider. */
async function replaceSome(web: Portal, chance: Chance, providers: readonly ModelProvider[], owner: Pick<Portal, 'db'>): Promise<void> {
  const failed = await owner.db
    .selectFrom('redemptions')
    .select(['id', 'grant_id', 'yen'])
    .where('state', '=', 'failed')
    .orderBy('id')
    .limit(50)
    .execute();
  for (const { id, grant_id, yen } of failed) {
    if (!chance.hit(0.3)) continue;
    const choices = [{ provider: chance.pick(providers).id, yen }];
    await surviving(() => replaceRedemption(web, { grantId: grant_id, redemptionId: id, requestKey: web.crypto.newKey(), choices }));
  }
}

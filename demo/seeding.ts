import { findProvider, providers } from '#adapters/providers/registry';
import type { StandInServer } from '#adapters/providers/stand-in-server';
import { needsFaceValue, parseStockFile } from '#adapters/providers/stock-files';
import { makeBulk } from '#db/bulk';
import { makeDb, makePool } from '#db/database';
import { type DemoLink, listDemoLinks, type SeedPortal, seedDemo, seedStock, stageDemo } from '#db/seed';
import { importRegister, REGISTER_MOMENTS, seedRegister } from '#db/seed/register';
import type { StandingClock } from '~/clock';
import { readConfig } from '~/config.server';
import { bindProviders } from '~/context.server';
import { makeCrypto } from '~/crypto.server';
import { enqueueJob } from '~/jobs.server';
import { makeLog } from '~/log.server';
import type { Portal } from '~/portal';
import { stageHistory } from './history';
import type { DemoSecrets } from './secrets';
import { type DemoStaff, seedStaff } from './staff';
import { stageRedemption } from './staging';

/** When the demo's grants were made, and when its situations came about. */
const GRANTED = new Date('2023-04-10T09:00:00+09:00');
const STAGED = new Date('2023-05-20T09:20:00+09:00');

export interface SeedingOptions {
  readonly ownerUrl: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Stands where the data come about, each at its moment; the stand-ins go by it as well. */
  readonly clock: StandingClock;
  readonly standIns: StandInServer;
  readonly staff: DemoSecrets['staff'];
  readonly onStep: (step: string) => void;
  /** Only what was there on the Monday after the failure: no grant, no situation. */
  readonly fromStart: boolean;
}

/** Loads the demo's data and brings about its situations, as the owner of the database; what is there already is left alone. */
export async function seed({
  ownerUrl,
  environment,
  clock,
  standIns,
  staff,
  onStep,
  fromStart,
}: SeedingOptions): Promise<{ links: DemoLink[]; staff: DemoStaff[] }> {
  const config = readConfig({ ...environment, DATABASE_URL: ownerUrl }, providers);
  const pool = makePool(ownerUrl, { max: 4, name: 'uketori-demo', statementTimeoutMs: 0 });
  const bulkPool = makePool(ownerUrl, { max: 2, name: 'uketori-demo-bulk', statementTimeoutMs: 0 });
  const portal: Portal & SeedPortal = {
    db: makeDb(pool),
    bulk: makeBulk(bulkPool),
    clock,
    crypto: makeCrypto(config.keys),
    log: makeLog({ name: 'demo', level: 'silent' }),
    providers: bindProviders(providers, config.providerSettings),
    enqueue: enqueueJob,
    stockReader,
  };
  try {
    if (fromStart) {
      clock.set(REGISTER_MOMENTS.imported);
      const people = await seedStaff(portal, staff);
      await importRegister(portal, (at) => clock.set(at), onStep);
      await seedStock(portal, { onStep });
      return { links: [], staff: people };
    }
    await seedRegister(portal, (at) => clock.set(at), onStep);
    clock.set(GRANTED);
    const people = await seedStaff(portal, staff);
    await seedDemo(portal, { onStep });
    onStep('history');
    await stageHistory({ portal, clock, standIns });
    clock.set(STAGED);
    await stageDemo(portal, async (staged) => {
      onStep(`situation ${staged.key}`);
      await stageRedemption(portal, standIns, staged);
    });
    return { links: await listDemoLinks(portal), staff: people };
  } finally {
    await portal.db.destroy();
    await bulkPool.end();
  }
}

function stockReader(id: string): ReturnType<SeedPortal['stockReader']> {
  const definition = findProvider(id);
  if (!definition) throw new Error(`no provider ${id}`);
  return {
    needsFaceValue: needsFaceValue(definition.stock.format),
    read: (text, options) => parseStockFile(text, definition.stock, options),
  };
}

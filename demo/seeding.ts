import { channels } from '#adapters/channels/registry';
import { findProvider, providers } from '#adapters/providers/registry';
import type { StandInServer } from '#adapters/providers/stand-in-server';
import { needsFaceValue, parseStockFile } from '#adapters/providers/stock-files';
import { makeBulk } from '#db/bulk';
import { makeDb, makePool } from '#db/database';
import { type DemoLink, listDemoLinks, type SeedPortal, seedDemo, seedStock, stageDemo } from '#db/seed';
import { importRegister, loadProgramme, REGISTER_MOMENTS } from '#db/seed/register';
import { findStaff } from '#db/staff';
import type { StandingClock } from '~/clock';
import { readConfig } from '~/config.server';
import { bindChannels, bindProviders } from '~/context.server';
import { makeCrypto } from '~/crypto.server';
import { enqueueJob } from '~/jobs.server';
import { makeLog } from '~/log.server';
import type { Portal } from '~/portal';
import { keepMessage } from '~/services/keep-message';
import { type DemoExamples, listExamples } from './examples';
import { stageHistory } from './history';
import { playProgramme } from './programme';
import { makeRegister } from './programme/coupons';
import type { Actor, Stage } from './programme/stage';
import type { DemoSecrets } from './secrets';
import { type DemoStaff, seedStaff } from './staff';
import { stageRedemption } from './staging';

/** When its situations came about. */
const STAGED = new Date('2023-05-20T09:20:00+09:00');

/** No step waits for the disk: data that a power cut leaves unfinished are made anew. */
const HURRIED = new URLSearchParams({ options: '-c synchronous_commit=off' });

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
}: SeedingOptions): Promise<{ links: DemoLink[]; staff: DemoStaff[]; examples: DemoExamples }> {
  const config = readConfig({ ...environment, DATABASE_URL: ownerUrl }, providers, channels);
  const pool = makePool(`${ownerUrl}?${HURRIED}`, { max: 4, name: 'uketori-demo', statementTimeoutMs: 0 });
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
      return { links: [], staff: people, examples: { person: null, claims: [] } };
    }
    clock.set(REGISTER_MOMENTS.imported);
    const people = await seedStaff(portal, staff);
    const loadLists = async () => void (await seedDemo(portal, { onStep }));
    if (await loadProgramme(portal)) {
      onStep('coupons, calls and claims');
      const sending = { publicUrl: config.publicUrl, channels: openOutbox(portal, config.channelSettings) };
      const actors = await findActors(portal);
      await playProgramme({ portal, clock, register: makeRegister(), sending, staff: actors }, { loadLists });
    } else await loadLists();
    onStep('history');
    await stageHistory({ portal, clock, standIns });
    clock.set(STAGED);
    await stageDemo(portal, async (staged) => {
      onStep(`situation ${staged.key}`);
      await stageRedemption(portal, standIns, staged);
    });
    return { links: await listDemoLinks(portal), staff: people, examples: await listExamples(portal) };
  } finally {
    await portal.db.destroy();
    await bulkPool.end();
  }
}

/** What is sent in the demo's past stands in its outbox. */
function openOutbox(portal: Portal, settings: Parameters<typeof bindChannels>[1]): ReturnType<typeof bindChannels> {
  return bindChannels(channels, settings, { keep: (message, now, fate) => keepMessage(portal, message, now, fate) });
}

async function findActors({ db }: Pick<Portal, 'db'>): Promise<Stage['staff']> {
  const of = async (login: string): Promise<Actor> => {
    const found = await findStaff(db, { login });
    if (!found) throw new Error(`no account ${login}`);
    return { id: found.id, scope: 'all' };
  };
  return { call_centre: await of('demo-call-centre'), operator: await of('demo-operator'), approver: await of('demo-approver') };
}

function stockReader(id: string): ReturnType<SeedPortal['stockReader']> {
  const definition = findProvider(id);
  if (!definition) throw new Error(`no provider ${id}`);
  return {
    needsFaceValue: needsFaceValue(definition.stock.format),
    read: (text, options) => parseStockFile(text, definition.stock, options),
  };
}

import { sql } from 'kysely';
import type { ChannelDefinition } from '#adapters/channels/port';
import smsKaraden from '#adapters/channels/sms-karaden';
import { listUnreached } from '#db/wave-reports';
import { makeInbound } from '~/context.server';
import { sealContact } from '~/services/parts/sealed-contact';
import { pauseWave } from '~/services/pause-wave';
import { planWave } from '~/services/plan-wave';
import { resumeWave } from '~/services/resume-wave';
import { startWave } from '~/services/start-wave';
import { testKeys } from '../support/portal';
import { insertGrants, insertProgramme } from '../support/programme';
import { queuedJobs } from '../support/queued-jobs';
import { type RecipientSite, startRecipientSite } from '../support/recipient-site';
import { PLAN } from '../support/waves';
import { makeChance } from './random';
import { startHand, type TurnResult } from './wave-hand';
import { KARADEN, startWaveWorld, type WaveWorld } from './wave-world';

const MINUTE = 60_000;
/** A wave that is not through by then never will be. */
const TURNS_MOST = 900;
/** A step that was not come by in so many turns is left: it is rare. */
const TRIES_MOST = 3;
const PAUSE_EVERY = 7;
const BIG_BYTES = 1024 * 1024;

export interface WaveProof {
  readonly people: number;
  /** Deaths of one piece of work while its process lived on. */
  readonly crashes: number;
  /** Processes that were killed (SIGKILL), at how many different steps, and in mid-call. */
  readonly kills: number;
  readonly killedAt: number;
  readonly killedMidway: number;
  /** Steps that were come by, and those of them where none was killed. */
  readonly steps: number;
  readonly notKilledAt: readonly string[];
  readonly callbacks: number;
  readonly pauses: number;
  /** By the receiving servers' own count. */
  readonly gotOne: number;
  readonly gotMore: number;
  /** Got nothing, and stand on the list of the unreached: no address that works. */
  readonly nowhere: number;
  /** Got nothing, and stand on the list because it may have arrived: only a person can tell. */
  readonly mayHave: number;
  /** Got nothing, and nobody knows. */
  readonly lost: number;
  /** Messages still waiting at the end. */
  readonly open: number;
  /** What went out while the wave was held. */
  readonly sentWhileHeld: number;
}

interface Databases {
  readonly ownerUrl: string;
  readonly webUrl: string;
  readonly workerUrl: string;
  readonly consoleUrl: string;
}

/**
 * Sends a wave through servers that drop, greylist, answer late, twice or not at all; the process that feeds and sends is
 * killed at every step it comes by (`kills` of them at most) and in mid-call, and single pieces of work die besides. The
 * wave is held and resumed, and callbacks come over HTTP twice, in any order, forged and far too large. Then the
 * receivers count.
 */
export async function proveWave(options: { people: number; seed: number; kills: number; database: Databases }): Promise<WaveProof> {
  const chance = makeChance(options.seed);
  const keys = testKeys();
  const site = await startRecipientSite({
    database: options.database,
    keys,
    inbound: (portal, pool) =>
      makeInbound(
        [smsKaraden as ChannelDefinition],
        { channelSettings: new Map([['sms-karaden', {}]]), bouncesSecret: null },
        { pool, portal },
      ),
  });
  const current: { hand: Awaited<ReturnType<typeof startHand>> | null; killedMidway: boolean } = { hand: null, killedMidway: false };
  const world = await startWaveWorld(chance, () => {
    if (tally.kills >= options.kills + PAUSE_EVERY || !chance.hit(0.2)) return;
    current.killedMidway = true;
    current.hand?.kill();
  });
  const tally = { crashes: 0, kills: 0, killedMidway: 0, callbacks: 0, pauses: 0, sentWhileHeld: 0 };
  const steps = new Map<string, { tries: number; killed: boolean }>();
  const start = () =>
    startHand({
      consoleUrl: options.database.consoleUrl,
      workerUrl: options.database.workerUrl,
      keys,
      smtpPort: world.smtp.port,
      karaden: { ...KARADEN, baseUrl: world.karaden.url },
      seed: options.seed + tally.kills,
      feed: options.people > 1_000 ? { batch: 200, backlogMost: 1_000 } : { batch: 50, backlogMost: 100 },
    });
  const nextStep = () => {
    if (tally.kills >= options.kills) return null;
    const left = [...steps].filter(([, { tries, killed }]) => !killed && tries < TRIES_MOST);
    return left.length > 0 ? chance.pick(left)[0] : null;
  };
  /** One turn of a worker process, which may not live to its end. */
  const turn = async (): Promise<void> => {
    current.hand ??= await start();
    const dieAt = nextStep();
    const step = dieAt === null ? undefined : steps.get(dieAt);
    if (step) step.tries += 1;
    const asks = await takeAsks(site);
    current.killedMidway = false;
    try {
      const result: TurnResult = await current.hand.ask({ now: site.owner.clock.now(), dieAt, asks });
      tally.crashes += result.crashes;
      for (const each of result.steps) if (!steps.has(each)) steps.set(each, { tries: 0, killed: false });
    } catch (error) {
      if (!String(error).includes('SIGKILL')) throw error;
      current.hand = null;
      tally.kills += 1;
      if (current.killedMidway) tally.killedMidway += 1;
      else if (step) step.killed = true;
    }
  };

  try {
    const wave = await startProofWave(site, options.people, options.seed);
    const { campaignId, number, addresses } = wave;
    let open = 0;
    for (let round = 1; round <= TURNS_MOST; round += 1) {
      site.owner.clock.advance(11 * MINUTE);
      await turn();
      if (round % 3 === 0) tally.callbacks += await postCallbacks(site, world);
      if (round % PAUSE_EVERY === 0) {
        const held = await pauseWave(site.console, { campaignId, number, actor: 'proof' });
        if (held.kind === 'done') {
          tally.pauses += 1;
          tally.sentWhileHeld += await sentMeanwhile(world, turn, site);
          await resumeWave(site.console, { campaignId, number, actor: 'proof' });
        }
      }
      open = await countOpen(site, campaignId);
      const { state } = await site.owner.db
        .selectFrom('waves')
        .select('state')
        .where('campaign_id', '=', campaignId)
        .executeTakeFirstOrThrow();
      if (state === 'done' && open === 0 && nextStep() === null && (await nobodyIsLeft(site, turn, campaignId))) break;
    }
    const counted = await countReceivers(site, world, { campaignId, addresses });
    return {
      people: options.people,
      ...tally,
      killedAt: [...steps.values()].filter(({ killed }) => killed).length,
      steps: steps.size,
      notKilledAt: [...steps].filter(([, { killed }]) => !killed).map(([name]) => name),
      ...counted,
      open,
    };
  } finally {
    await current.hand?.stop();
    await site.stop();
    await world.stop();
  }
}

type Addresses = ReadonlyMap<string, { readonly mail: string | null; readonly phone: string | null }>;

async function startProofWave(site: RecipientSite, people: number, seed: number) {
  const { owner } = site;
  const campaignId = await insertProgramme(owner, [{ provider: 'paypay' }], `wave-${seed}`);
  const grantIds = await insertGrants(owner, campaignId, Array<number>(people).fill(1_357));
  const addresses = new Map<string, { mail: string | null; phone: string | null }>();
  await owner.db.transaction().execute(async (trx) => {
    for (const [i, grantId] of grantIds.entries()) {
      const kind = i % 10;
      const reach = {
        mail: kind < 8 ? `${kind < 2 ? 'gone' : 'p'}${i}@example.jp` : null,
        phone: kind === 1 || kind === 5 || kind === 8 ? `+8190${kind}${String(Math.floor(i / 10)).padStart(7, '0')}` : null,
      };
      addresses.set(grantId, reach);
      const { recipient_id } = await trx
        .updateTable('grants')
        .set({ channel: reach.mail ? 'mail' : 'sms' })
        .where('id', '=', grantId)
        .returning('recipient_id')
        .executeTakeFirstOrThrow();
      const contact = sealContact(owner.crypto, recipient_id, { name: null, kana: null, ...reach });
      await trx.updateTable('recipients').set(contact).where('id', '=', recipient_id).execute();
    }
  });
  const plan = { ...PLAN, hours: { ...PLAN.hours, firstHour: 0, endHour: 24 } };
  const planned = await planWave(owner, { campaignId, plan, actor: 'proof' });
  if (planned.kind !== 'planned') throw new Error(planned.reason);
  await startWave(owner, { campaignId, number: planned.number, actor: 'proof' });
  return { campaignId, number: planned.number, addresses };
}

/** Messages of which callbacks spoke; whoever dies over them forgets them, as pauses bring the question back. */
async function takeAsks(site: RecipientSite): Promise<string[]> {
  const asks = await queuedJobs(site.owner, 'ask-message');
  await sql`delete from graphile_worker._private_jobs where key like 'ask-message:%'`.execute(site.owner.db);
  return asks.map(({ messageId = '' }) => messageId);
}

/** What goes out in a turn during which the wave is held. */
async function sentMeanwhile(world: WaveWorld, turn: () => Promise<void>, site: RecipientSite): Promise<number> {
  const sent = () => world.smtp.taken.length + world.karaden.kept.length;
  const before = sent();
  site.owner.clock.advance(11 * MINUTE);
  await turn();
  return sent() - before;
}

async function nobodyIsLeft(site: RecipientSite, turn: () => Promise<void>, campaignId: string): Promise<boolean> {
  site.owner.clock.advance(11 * MINUTE);
  await turn();
  return (await countOpen(site, campaignId)) === 0;
}

/** Posts what the gateway tells, and what others say in its name, over HTTP. @returns how many were posted */
async function postCallbacks(site: RecipientSite, world: WaveWorld): Promise<number> {
  const bodies = world.callbacks();
  const post = async (body: string) => {
    const headers = { 'content-type': 'application/json' };
    const { status } = await fetch(`${site.url}/api/channels/sms-karaden`, { method: 'POST', body, headers });
    if (status !== (body.length >= BIG_BYTES ? 413 : 204)) throw new Error(`a callback was answered with ${status}`);
  };
  for (let i = 0; i < bodies.length; i += 20) await Promise.all(bodies.slice(i, i + 20).map(post));
  await post('x'.repeat(BIG_BYTES));
  return bodies.length + 1;
}

async function countOpen(site: RecipientSite, campaignId: string): Promise<number> {
  const { n } = await site.owner.db
    .selectFrom('messages')
    .select((eb) => eb.fn.countAll<bigint>().as('n'))
    .where('campaign_id', '=', campaignId)
    .where((eb) =>
      eb.or([
        eb('state', 'in', ['queued', 'sending', 'soft_failed']),
        eb.and([eb('state', '=', 'unknown'), eb('channel', '=', 'sms'), eb('due_at', 'is not', null)]),
      ]),
    )
    .executeTakeFirstOrThrow();
  return Number(n);
}

async function countReceivers(
  site: RecipientSite,
  world: WaveWorld,
  { campaignId, addresses }: { campaignId: string; addresses: Addresses },
): Promise<Pick<WaveProof, 'gotOne' | 'gotMore' | 'nowhere' | 'mayHave' | 'lost'>> {
  const got = world.arrived();
  const unreached = await listUnreached(site.owner.db, { campaignId, now: site.owner.clock.now(), limit: addresses.size });
  const listed = new Map(unreached.map(({ grantId, why }) => [grantId, why]));
  const counted = { gotOne: 0, gotMore: 0, nowhere: 0, mayHave: 0, lost: 0 };
  for (const [grantId, { mail, phone }] of addresses) {
    const arrived = (mail ? (got.get(mail) ?? 0) : 0) + (phone ? (got.get(phone.replace('+81', '0')) ?? 0) : 0);
    const why = listed.get(grantId);
    if (arrived === 1) counted.gotOne += 1;
    else if (arrived > 1) counted.gotMore += 1;
    else if (why === undefined) counted.lost += 1;
    else if (why === 'unknown') counted.mayHave += 1;
    else counted.nowhere += 1;
  }
  return counted;
}

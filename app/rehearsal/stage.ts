import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { OutgoingMessage } from '#adapters/channels/port';
import { type Bulk, makeBulk } from '#db/bulk';
import { makeDb, makePool } from '#db/database';
import { type StandingClock, standingClock } from '../clock';
import { type Keyring, makeCrypto, newKeyringEntry, readKeyring } from '../crypto.server';
import type { CampaignScope, Role } from '../domain/access';
import type { CampaignFile } from '../domain/campaign';
import { enqueueJob } from '../jobs.server';
import type { Channel, Portal, Provider, Sending } from '../portal';
import { decideApproval } from '../services/decide-approval';
import { loadCampaign } from '../services/load-campaign';
import { proposeOfficeAct } from '../services/propose-office-act';

/** Who acts in a rehearsal. */
export interface Actor {
  readonly id: string;
  readonly scope: CampaignScope;
}

/** Where a rehearsal is played: the portal's own services over a database of its own, and people who do not exist. */
export interface Stage {
  readonly portal: Portal & { readonly clock: StandingClock; readonly bulk: Bulk };
  readonly campaign: CampaignFile;
  readonly campaignId: string;
  readonly sending: Sending;
  /** Every message that was handed over. */
  readonly took: readonly OutgoingMessage[];
  readonly agent: Actor;
  readonly operator: Actor;
  readonly approver: Actor;
  /** Writes a file of records and says where. */
  file(name: string, lines: readonly string[]): Promise<string>;
  /** Proposes an act and has a second person approve it. @returns its yen @throws when either is refused */
  byTwo(act: 'extend_coupons' | 'decide_case', fields: Readonly<Record<string, string>>, reason: string): Promise<bigint>;
}

/**
 * Sets the stage: the programme loaded on the empty database at the given instant, with providers and channels that say
 * yes. Bought codes are not there, so each offer is asked as by API.
 */
export async function openStage(url: string, file: CampaignFile, begin: Date): Promise<Stage & { close(): Promise<void> }> {
  const campaign: CampaignFile = { ...file, offers: file.offers.map((offer) => ({ ...offer, source: 'api' as const })) };
  const pool = makePool(url, { max: 3, name: 'uketori-rehearsal', statementTimeoutMs: 0 });
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'uketori-rehearsal-'));
  const took: OutgoingMessage[] = [];
  const portal = {
    db: makeDb(pool),
    bulk: makeBulk(pool),
    clock: standingClock(begin),
    crypto: makeCrypto({ seal: newKeys(), index: newKeys(), link: newKeys() }),
    log: { info() {}, warn() {}, error() {} },
    providers: new Map(campaign.offers.map(({ provider }) => [provider, yesProvider(provider)])),
    enqueue: enqueueJob,
  };
  const stage = { portal, campaign, campaignId: campaign.id };
  const write = async (name: string, lines: readonly string[]) => {
    const at = path.join(folder, name);
    await fs.writeFile(at, `${lines.join('\r\n')}\r\n`);
    return at;
  };
  const loaded = await loadCampaign(portal, {
    file: await write('campaign.json', [JSON.stringify(campaign)]),
    force: true,
    actor: 'rehearsal',
  });
  if (loaded.kind !== 'loaded') throw new Error(`the programme's settings were refused: ${loaded.reason}`);
  const [agent, operator, approver] = [await join(portal, 'call_centre'), await join(portal, 'operator'), await join(portal, 'approver')];
  return {
    ...stage,
    took,
    sending: { publicUrl: 'https://rehearsal.invalid', channels: yesChannels(took) },
    agent,
    operator,
    approver,
    file: write,
    async byTwo(act, fields, reason) {
      const proposed = await proposeOfficeAct(portal, { staff: operator, act, campaignId: campaign.id, fields, reason, note: '' });
      if (proposed.kind === 'refused') throw new Error(`${act} was refused: ${proposed.reason}`);
      if (proposed.kind !== 'proposed') return proposed.yen;
      const { approvalId } = proposed;
      const decided = await decideApproval(portal, { staff: approver, approvalId, decision: 'approve', note: '' });
      if (decided.kind !== 'done') throw new Error(`${act} was not carried out: ${decided.kind}`);
      return proposed.yen;
    },
    async close() {
      await portal.db.destroy();
      await fs.rm(folder, { recursive: true, force: true });
    },
  };
}

function newKeys(): Keyring {
  const read = readKeyring(newKeyringEntry('rehearsal'));
  if (!read.ok) throw new Error(read.problem);
  return read.ring;
}

async function join(portal: Pick<Portal, 'db' | 'clock' | 'crypto'>, role: Role): Promise<Actor> {
  const now = portal.clock.now();
  const id = portal.crypto.newId(now);
  await portal.db.insertInto('staff').values({ id, login: role, name: role, role, all_campaigns: true, created_at: now }).execute();
  return { id, scope: 'all' };
}

/** Issues a new code at once for each key, the same one for the same key. */
function yesProvider(id: string): Provider {
  return {
    id,
    capabilities: {
      codes: 'stored',
      repeatable: true,
      settlingDeclines: [],
      lookup: false,
      cancel: false,
      funds: false,
      keyHorizonMs: 7 * 86_400_000,
      settleAfterMs: 0,
      ratePerSecond: 10_000,
      throttlePauseMs: 1_000,
      timeLimitMs: 1_000,
    },
    brand: NO_BRAND,
    keyFor: (issuanceId) => issuanceId,
    connection: {
      issue: async ({ key, yen }) => ({
        kind: 'issued',
        yen,
        issued: { code: `REHEARSAL${key.replaceAll('-', '').toUpperCase()}`, reference: `${id}-${key}` },
      }),
    },
  };
}

const NO_TEXT = { codeName: '', needs: '', usable: '', open: '', steps: [], notes: [], issuer: '', legal: [] };
const NO_BRAND: Provider['brand'] = { tile: { letters: '-', colour: '#1a1a1c' }, groupBy: 4, text: { ja: NO_TEXT, en: NO_TEXT } };

/** Takes every message and says that it arrived. */
function yesChannels(took: OutgoingMessage[]): Sending['channels'] {
  const channel: Channel = {
    id: 'rehearsal',
    capabilities: {
      carries: ['mail', 'sms'],
      repeatable: false,
      lookup: false,
      settleAfterMs: 0,
      ratePerSecond: 10_000,
      concurrency: 1,
      timeLimitMs: 1_000,
    },
    connection: {
      async send(message) {
        took.push(message);
        return { kind: 'delivered', reference: message.id };
      },
      async close() {},
    },
  };
  return new Map([
    ['mail', channel],
    ['sms', channel],
  ]);
}

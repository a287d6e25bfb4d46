import pg from 'pg';
import mail from '#adapters/channels/mail';
import type { ChannelConnection, ChannelDefinition, OutgoingMessage } from '#adapters/channels/port';
import smsKaraden from '#adapters/channels/sms-karaden';
import { startKaraden } from '#adapters/channels/sms-karaden/stand-in';
import { listUnreached } from '#db/wave-reports';
import type { Channel, Sending } from '~/portal';
import { feedWaves } from '~/services/feed-waves';
import { sealContact } from '~/services/parts/sealed-contact';
import { planWave } from '~/services/plan-wave';
import { sendMessage } from '~/services/send-message';
import { startWave } from '~/services/start-wave';
import { sweepMessages } from '~/services/sweep-messages';
import { Crash, makeCrashingDb } from '../support/crashing-db';
import { makeTestPortal, testKeys } from '../support/portal';
import { insertGrants, insertProgramme } from '../support/programme';
import { SMTP_CA, startSmtp } from '../support/smtp';
import { PLAN } from '../support/waves';
import { makeChance } from './random';

const KARADEN = { tenant: 'test-tenant', apiKey: 'secret-of-the-account', serviceId: 1 };
const MINUTE = 60_000;
/** A wave that is not through by then never will be. */
const ROUNDS_MOST = 200;

export interface WaveProof {
  readonly people: number;
  readonly crashes: number;
  /** By the receiving servers' own count. */
  readonly gotOne: number;
  readonly gotMore: number;
  /** Got nothing, and stand on the list of the unreached. */
  readonly listed: number;
  /** Got nothing, and nobody knows. */
  readonly lost: number;
  /** Stand on the list because it may have arrived. */
  readonly unknown: number;
  /** Messages still waiting at the end. */
  readonly open: number;
}

/**
 * Sends a wave through a real SMTP server that drops every fifth mail before or after its final dot and refuses some
 * addresses, and a gateway for SMS that answers late, torn or not at all; whoever queues or sends is killed again and
 * again, at statements, around commits and in the middle of a call. Then the receivers count.
 */
export async function proveWave(options: {
  people: number;
  seed: number;
  ownerUrl: string;
  consoleUrl: string;
  workerUrl: string;
}): Promise<WaveProof> {
  const { next: random } = makeChance(options.seed);
  const keys = testKeys();
  const owner = makeTestPortal(options.ownerUrl, { keys });
  const smtp = await startSmtp();
  const karaden = await startKaraden(KARADEN);
  let crashes = 0;
  const dies = (share: number) => {
    const died = random() < share;
    if (died) crashes += 1;
    return died;
  };
  // The more people, the rarer: a batch must have a chance to get through.
  const pools = [options.consoleUrl, options.workerUrl].map((connectionString) => new pg.Pool({ connectionString, max: 4 }));
  const [staff, worker] = pools.map((pool) => {
    pool.on('error', () => {});
    return makeTestPortal('', { keys, clock: owner.clock, db: makeCrashingDb(pool, () => dies(0.004)) });
  });
  if (!staff || !worker) throw new Error('there is no portal');
  const mails = mail.connect(
    {
      host: 'localhost',
      port: smtp.port,
      tls: 'implicit',
      user: 'uketori',
      password: 'secret-of-the-account',
      bouncesTo: undefined,
      bouncesById: false,
      dkimDomain: undefined,
      dkimSelector: undefined,
      dkimKey: undefined,
    } as never,
    { timeLimitMs: 2_000, ca: SMTP_CA },
  );
  const sms = smsKaraden.connect({ ...KARADEN, baseUrl: karaden.url } as never, { timeLimitMs: 150 });
  const killable = (
    definition: ChannelDefinition<never>,
    connection: ChannelConnection,
    before: (message: OutgoingMessage) => void,
  ): Channel => ({
    id: definition.id,
    capabilities: definition.capabilities,
    connection: {
      ...connection,
      async send(message, call) {
        if (dies(0.02)) throw new Crash('before the call');
        before(message);
        const outcome = await connection.send(message, call);
        if (dies(0.02)) throw new Crash('after the call');
        return outcome;
      },
    },
  });
  const sending: Sending = {
    publicUrl: 'https://uketori.example',
    channels: new Map([
      [
        'mail',
        killable(mail as ChannelDefinition<never>, mails, ({ to }) => {
          const luck = random();
          smtp.manner = to.startsWith('gone')
            ? 'refuse'
            : luck < 0.1
              ? 'drop before'
              : luck < 0.2
                ? 'drop after'
                : luck < 0.25
                  ? 'greylist'
                  : 'well';
        }),
      ],
      [
        'sms',
        killable(smsKaraden as ChannelDefinition<never>, sms, ({ to }) => {
          const luck = random();
          const trouble = (['drop after', 'fail after', 'tear', 'busy', 'stall after'] as const)[Math.floor(luck * 25)];
          karaden.manner = to.endsWith('9') && luck > 0.9 ? 'refuse' : (trouble ?? 'well');
        }),
      ],
    ]),
  };
  /** A process that is killed starts again; what it threw is no failure. */
  const survive = (work: Promise<unknown>) =>
    work.catch((error: unknown) => {
      if (!(error instanceof Crash)) throw error;
    });

  try {
    const campaignId = await insertProgramme(owner, [{ provider: 'paypay' }], `wave-${options.seed}`);
    const grantIds = await insertGrants(
      owner,
      campaignId,
      Array.from({ length: options.people }, () => 1_357),
    );
    const addresses = new Map<string, { mail: string | null; phone: string | null }>();
    for (const [i, grantId] of grantIds.entries()) {
      const kind = i % 10;
      const reach = {
        mail: kind < 8 ? `${kind < 2 ? 'gone' : 'p'}${i}@example.jp` : null,
        phone: kind === 1 || kind === 5 || kind === 8 ? `+8190${String(i).padStart(8, '0')}` : null,
      };
      addresses.set(grantId, reach);
      const { recipient_id } = await owner.db
        .updateTable('grants')
        .set({ channel: reach.mail ? 'mail' : 'sms' })
        .where('id', '=', grantId)
        .returning('recipient_id')
        .executeTakeFirstOrThrow();
      const contact = sealContact(owner.crypto, recipient_id, { name: null, kana: null, ...reach });
      await owner.db.updateTable('recipients').set(contact).where('id', '=', recipient_id).execute();
    }
    const plan = { ...PLAN, hours: { ...PLAN.hours, firstHour: 0, endHour: 24 } };
    const planned = await planWave(owner, { campaignId, plan, actor: 'proof' });
    if (planned.kind !== 'planned') throw new Error(planned.reason);
    await startWave(owner, { campaignId, number: planned.number, actor: 'proof' });

    const openNow = () =>
      owner.db
        .selectFrom('messages')
        .select('id')
        .where('campaign_id', '=', campaignId)
        .where((eb) =>
          eb.or([
            eb('state', 'in', ['queued', 'sending', 'soft_failed']),
            eb.and([eb('state', '=', 'unknown'), eb('channel', '=', 'sms'), eb('due_at', 'is not', null)]),
          ]),
        )
        .execute();
    let open: { id: string }[] = [];
    for (let round = 0; round < ROUNDS_MOST; round += 1) {
      owner.clock.advance(11 * MINUTE);
      await survive(feedWaves(staff, { batch: 50, backlogMost: 500 }));
      await survive(sweepMessages(worker, sending));
      for (const { id } of await openNow()) await survive(sendMessage(worker, { messageId: id }, { sending }));
      open = await openNow();
      const { state } = await owner.db.selectFrom('waves').select('state').where('campaign_id', '=', campaignId).executeTakeFirstOrThrow();
      if (state === 'done' && open.length === 0 && (await feedWaves(owner)) === 0) break;
    }

    const got = new Map<string, number>();
    const count = (address: string) => got.set(address, (got.get(address) ?? 0) + 1);
    for (const { to } of smtp.taken) for (const address of to) count(address);
    for (const { to } of karaden.kept) count(to);
    const phoneOf = (phone: string) => (got.get(phone) ?? 0) + (got.get(phone.replace('+81', '0')) ?? 0);
    const unreached = await listUnreached(owner.db, { campaignId, now: owner.clock.now(), limit: options.people });
    const onList = new Set(unreached.map(({ grantId }) => grantId));
    let [gotOne, gotMore, listed, lost] = [0, 0, 0, 0];
    for (const [grantId, { mail: address, phone }] of addresses) {
      const arrived = (address ? (got.get(address) ?? 0) : 0) + (phone ? phoneOf(phone) : 0);
      if (arrived === 1) gotOne += 1;
      else if (arrived > 1) gotMore += 1;
      else if (onList.has(grantId)) listed += 1;
      else lost += 1;
    }
    const unknown = unreached.filter(({ why }) => why === 'unknown').length;
    return { people: options.people, crashes, gotOne, gotMore, listed, lost, unknown, open: open.length };
  } finally {
    await Promise.all([mails.close(), sms.close(), staff.close(), worker.close(), owner.close()]);
    await Promise.all([smtp.stop(), karaden.stop()]);
  }
}

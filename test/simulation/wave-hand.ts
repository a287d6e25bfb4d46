import { AsyncLocalStorage } from 'node:async_hooks';
import mail from '#adapters/channels/mail';
import type { ChannelConnection, ChannelDefinition, OutgoingMessage } from '#adapters/channels/port';
import smsKaraden from '#adapters/channels/sms-karaden';
import { makePool } from '#db/database';
import { standingClock } from '~/clock';
import type { CryptoKeys } from '~/crypto.server';
import type { Channel, Sending } from '~/portal';
import { askAboutMessage } from '~/services/ask-about-message';
import { feedWaves } from '~/services/feed-waves';
import { sendMessage } from '~/services/send-message';
import { sweepMessages } from '~/services/sweep-messages';
import { type Child, serveParent, startChild } from '../bench/child';
import { Crash, type CrashPoint, makeCrashingDb } from '../support/crashing-db';
import { makeTestPortal } from '../support/portal';
import { SMTP_CA } from '../support/smtp';
import { makeChance } from './random';

/** What a worker process of the proof is told when it starts. */
export interface HandSettings {
  readonly consoleUrl: string;
  readonly workerUrl: string;
  readonly keys: CryptoKeys;
  readonly smtpPort: number;
  readonly karaden: { readonly tenant: string; readonly apiKey: string; readonly serviceId: number; readonly baseUrl: string };
  readonly seed: number;
  readonly feed: { readonly batch: number; readonly backlogMost: number };
}

/** One turn of work: feed, sweep, ask about, send. */
export interface Turn {
  readonly now: Date;
  /** The step at which the process kills itself; null: none. */
  readonly dieAt: string | null;
  /** Messages of which a callback spoke. */
  readonly asks: readonly string[];
}

export interface TurnResult {
  /** Every step that was come by. */
  readonly steps: readonly string[];
  /** Deaths of one piece of work in the middle, the process living on. */
  readonly crashes: number;
}

/** Starts a worker process of the proof. */
export function startHand(settings: HandSettings): Promise<Child<void, Turn, TurnResult>> {
  return startChild<void, Turn, TurnResult>('../simulation/wave-hand.ts', settings);
}

const HANDS = 4;
/** Beyond it a transaction repeats itself. */
const STATEMENTS_MOST = 16;
const SMTP_LIMIT_MS = 2_000;
const SMS_LIMIT_MS = 250;
/** So often a piece of work dies before a statement or on either side of a commit, and around a call. */
const STATEMENT_DEATHS = 0.002;
const CALL_DEATHS = 0.01;

if (process.argv[1] === import.meta.filename) serveParent(serve);

async function serve(settings: HandSettings) {
  const { next: random } = makeChance(settings.seed);
  const { consoleUrl, workerUrl, keys, karaden } = settings;
  const clock = standingClock(new Date(0));
  const work = new AsyncLocalStorage<{ readonly name: string; transaction: number; statements: number }>();
  const steps = new Set<string>();
  let dieAt: string | null = null;
  let crashes = 0;
  /** Comes by a step: the process dies there, or this piece of work does, or neither. */
  const comeBy = (step: string, share: number): boolean => {
    steps.add(step);
    if (step === dieAt) process.kill(process.pid, 'SIGKILL');
    const dies = random() < share;
    if (dies) crashes += 1;
    return dies;
  };
  const strikes = (point: CrashPoint): boolean => {
    const doing = work.getStore();
    if (!doing) return false;
    if (point === 'statement') doing.statements += 1;
    const { name, transaction, statements } = doing;
    // A feed is one transaction after the other of the same kind; a sending first claims, then settles.
    const part = name === 'send' ? ` ${Math.min(transaction, 2)}` : '';
    const step = `${name}${part}: ${point === 'statement' ? `statement ${Math.min(statements, STATEMENTS_MOST)}` : point}`;
    if (point === 'after commit') Object.assign(doing, { transaction: transaction + 1, statements: 0 });
    return comeBy(step, STATEMENT_DEATHS);
  };
  const portals = [consoleUrl, workerUrl].map((connectionString) => {
    const pool = makePool(connectionString, { name: 'proof', max: HANDS + 1 });
    return makeTestPortal('', { keys, clock, db: makeCrashingDb(pool, strikes) });
  });
  const [staff, worker] = portals;
  if (!staff || !worker) throw new Error('there is no portal');
  /** A piece of work that died is taken up again later; what it threw is no failure. */
  const doing = (name: string, task: () => Promise<unknown>) =>
    work.run({ name, transaction: 1, statements: 0 }, () =>
      task().catch((error: unknown) => {
        if (!(error instanceof Crash)) throw error;
      }),
    );
  const killable = (definition: ChannelDefinition<never>, connection: ChannelConnection): Channel => ({
    id: definition.id,
    // As quick as it goes: the proof is about what arrives.
    capabilities: { ...definition.capabilities, ratePerSecond: 10_000 },
    connection: {
      ...connection,
      async send(message: OutgoingMessage, call) {
        if (comeBy(`${definition.id}: before the call`, CALL_DEATHS)) throw new Crash('before the call');
        const outcome = await connection.send(message, call);
        if (comeBy(`${definition.id}: after the call`, CALL_DEATHS)) throw new Crash('after the call');
        return outcome;
      },
    },
  });
  const mails = mail.connect(
    {
      host: 'localhost',
      port: settings.smtpPort,
      tls: 'implicit',
      user: 'uketori',
      password: 'secret-of-the-account',
      bouncesTo: undefined,
      bouncesById: false,
      dkimDomain: undefined,
      dkimSelector: undefined,
      dkimKey: undefined,
    },
    { timeLimitMs: SMTP_LIMIT_MS, ca: SMTP_CA },
  );
  const sms = smsKaraden.connect(karaden, { timeLimitMs: SMS_LIMIT_MS });
  const sending: Sending = {
    publicUrl: 'https://uketori.example',
    channels: new Map([
      ['mail', killable(mail as ChannelDefinition<never>, mails)],
      ['sms', killable(smsKaraden as ChannelDefinition<never>, sms)],
    ]),
  };
  const openIds = async () => {
    const rows = await worker.db
      .selectFrom('messages')
      .select('id')
      .where((eb) =>
        eb.or([
          eb('state', 'in', ['queued', 'sending', 'soft_failed']),
          eb.and([eb('state', 'in', ['unknown', 'sent']), eb('channel', '=', 'sms'), eb('due_at', 'is not', null)]),
        ]),
      )
      .execute();
    return rows.map(({ id }) => id);
  };
  return {
    ready: undefined,
    async answer(turn: Turn): Promise<TurnResult> {
      clock.set(turn.now);
      dieAt = turn.dieAt;
      const before = crashes;
      await doing('feed', () => feedWaves(staff, settings.feed));
      await doing('sweep', () => sweepMessages(worker, sending));
      for (const messageId of turn.asks) await doing('ask', () => askAboutMessage(worker, { messageId }, { sending }));
      const ids = await openIds();
      const hand = async () => {
        for (let messageId = ids.pop(); messageId; messageId = ids.pop()) {
          const id = messageId;
          await doing('send', () => sendMessage(worker, { messageId: id }, { sending, wait: async () => {} }));
        }
      };
      await Promise.all(Array.from({ length: HANDS }, hand));
      return { steps: [...steps], crashes: crashes - before };
    },
    async stop() {
      await Promise.all([mails.close(), sms.close(), ...portals.map((portal) => portal.close())]);
    },
  };
}

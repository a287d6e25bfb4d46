import type pg from 'pg';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { AddressKind, ChannelDefinition, ConnectOptions } from '#adapters/channels/port';
import { channels as channelDefinitions } from '#adapters/channels/registry';
import type { ProviderDefinition } from '#adapters/providers/port';
import { providers as definitions } from '#adapters/providers/registry';
import { needsFaceValue, parseStockFile } from '#adapters/providers/stock-files';
import { makeBulk } from '#db/bulk';
import { makeDb, makePool, makeScopedDb } from '#db/database';
import { isSchemaCurrent } from '#db/migrate';
import { clockFrom, systemClock } from './clock';
import { type Config, type Environment, readConfig } from './config.server';
import { isPostSigned, makeCrypto, makeSigner } from './crypto.server';
import type { StockReader } from './domain/stock-reader';
import { queueConnections } from './entry.worker';
import type { ProcessContext, WebContext } from './http/process';
import { enqueueJob } from './jobs.server';
import { makeLog } from './log.server';
import type { Channel, ConsoleContext, GuessVerdict, Inbound, Portal, Provider } from './portal';
import { playRehearsal } from './rehearsal/play';
import { keepMessage } from './services/keep-message';
import type { RehearsalPlayer } from './services/run-rehearsal';

/** Assembles the processes: the only reader of the registry, and the only place where parts meet. */

interface Closable {
  readonly config: Config;
  close(): Promise<void>;
}

/**
 * Wrong sign-ins in a quarter of an hour: from one address, for one login from devices that never signed in to it, and
 * from one that did; and wrong numbers of one person who is signed in.
 */
const SIGN_INS = { address: 30, login: 10, device: 10, proof: 10 };

/** Unknown links that one address may try in a quarter of an hour; people mistype, machines guess. */
const GUESSES = 30;
/** Callbacks about one message that are looked at in the same time. */
const CALLBACKS = 20;
/** Claims that one address may send in a quarter of an hour (a travel agency helps many), and wrong questions by address and by number. */
const CLAIMS = { send: 60, ask: 30, number: 10 };
/** Links that one address may ask for again in a quarter of an hour: a call centre or a household shares one. */
const RECOVERIES = 20;
/** Messages checked in a quarter of an hour: by one address, and about one person's, whose phrase could be guessed. */
const CHECKS = { client: 30, address: 10 };
const GUESS_WINDOW_SECONDS = 15 * 60;

/** A web process, from its environment. @throws ConfigError with the whole list of what is wrong */
export async function openWebContext(env: Environment): Promise<WebContext & Closable> {
  const config = readConfig(env, definitions, channelDefinitions);
  const base = openBase(config, 'web');
  // Limits have connections of their own, so that a flood of guesses cannot take those of the pages.
  const limitPool = makePool(config.databaseUrl, { max: 2, name: 'uketori-web-limits', usualTypes: true });
  const bulkPool = makePool(config.consoleDatabaseUrl ?? config.databaseUrl, {
    max: 1,
    name: 'uketori-console-bulk',
    statementTimeoutMs: 0,
  });
  return {
    ...base,
    publicUrl: config.publicUrl,
    rehearsal: config.portalNow,
    proxyHops: config.proxyHops,
    limits: makeLimits(limitPool, base.portal),
    outbox: config.outbox,
    securityContact: config.securityContact,
    inbound: makeInbound(channelDefinitions, config, { pool: limitPool, portal: base.portal }),
    console: base.consolePortal && {
      portal: base.consolePortal,
      within: base.within,
      bulk: makeBulk(bulkPool),
      stockReader,
      channelPerHour: slowestPerHour(),
      ...makeSignInLimits(limitPool, base.portal),
    },
    async close() {
      await base.close();
      await Promise.all([limitPool.end(), bulkPool.end()]);
    },
  };
}

/** A worker process, from its environment. @throws ConfigError with the whole list of what is wrong */
export async function openWorkerContext(env: Environment): Promise<ProcessContext & Closable & { readonly queuePool: pg.Pool }> {
  const config = readConfig(env, definitions, channelDefinitions);
  const own = openBase(config, 'worker');
  const channels = bindChannels(channelDefinitions, config.channelSettings, {
    keep: (message, now, fate) => keepMessage(own.portal, message, now, fate),
  });
  const serverUrl = config.rehearsalDatabaseUrl;
  const base = {
    ...own,
    sending: { publicUrl: config.publicUrl, channels },
    play:
      serverUrl === null
        ? null
        : (...[campaign, options]: Parameters<NonNullable<RehearsalPlayer>>) => playRehearsal(campaign, { ...options, serverUrl }),
  };
  const queuePool = makePool(config.databaseUrl, {
    max: queueConnections(base),
    name: 'uketori-worker-queue',
    statementTimeoutMs: 0,
    usualTypes: true,
  });
  return {
    ...base,
    queuePool,
    async close() {
      await queuePool.end();
      await Promise.all([...channels.values()].map(({ connection }) => connection.close()));
      await base.close();
    },
  };
}

/** What the slowest real channel takes in an hour: what estimates count with, also where the outbox takes everything at once. */
export function slowestPerHour(): number {
  return Math.min(...channelDefinitions.filter((each) => !each.rehearsalOnly).map((each) => each.capabilities.ratePerSecond)) * 3_600;
}

/** How a provider's delivered files are read, from the registry. */
export function stockReader(provider: string): StockReader | null {
  const definition = definitions.find(({ id }) => id === provider);
  if (!definition) return null;
  return {
    needsFaceValue: needsFaceValue(definition.stock.format),
    read: (text, options) => parseStockFile(text, definition.stock, options),
  };
}

function openBase(config: Config, name: 'web' | 'worker'): ProcessContext & Closable & Pick<ConsoleContext, 'within'> {
  const log = makeLog({ name, level: config.logLevel });
  const pool = makePool(config.databaseUrl, { max: config.databaseConnections, name: `uketori-${name}`, planOnce: name === 'web' });
  const db = makeDb(pool);
  const rehearsalClock = config.portalNow ? clockFrom(config.portalNow, config.portalNowSince ?? undefined) : null;
  const portal: Portal = {
    db,
    log,
    clock: rehearsalClock ?? systemClock,
    crypto: makeCrypto(config.keys),
    signer: config.proofKey ? makeSigner(config.proofKey) : undefined,
    providers: bindProviders(definitions, config.providerSettings),
    enqueue: enqueueJob,
  };
  const consolePool = config.consoleDatabaseUrl
    ? makePool(config.consoleDatabaseUrl, { max: config.databaseConnections, name: `uketori-${name}-console` })
    : null;
  const consolePortal = consolePool && { ...portal, db: makeScopedDb(consolePool, 'all') };
  return {
    config,
    portal,
    consolePortal,
    within: (scope) => (consolePool && scope !== 'all' ? { ...portal, db: makeScopedDb(consolePool, scope) } : (consolePortal ?? portal)),
    log,
    rehearsalClock,
    isReady: () => isSchemaCurrent(db).catch(() => false),
    async close() {
      await db.destroy();
      await consolePool?.end();
    },
  };
}

/** Binds each provider of the registry to its settings. */
export function bindProviders(
  definitions: readonly ProviderDefinition[],
  settings: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, Provider> {
  return new Map(
    definitions.map((definition) => {
      const own = settings.get(definition.id);
      return [
        definition.id,
        {
          id: definition.id,
          capabilities: definition.capabilities,
          brand: definition.brand,
          keyFor: (issuanceId) => definition.providerKey(issuanceId, own),
          connection: definition.connect(own),
        } satisfies Provider,
      ];
    }),
  );
}

/** Connects the channels that are set up: for each kind of address the first of the registry that carries it. */
export function bindChannels(
  definitions: readonly ChannelDefinition[],
  settings: ReadonlyMap<string, unknown>,
  options: ConnectOptions,
): ReadonlyMap<AddressKind, Channel> {
  const bound = new Map<AddressKind, Channel>();
  for (const { id, capabilities, connect } of definitions) {
    const free = capabilities.carries.filter((kind) => !bound.has(kind));
    if (!settings.has(id) || free.length === 0) continue;
    const channel: Channel = { id, capabilities, connection: connect(settings.get(id), options) };
    for (const kind of free) bound.set(kind, channel);
  }
  return bound;
}

/** A limit over all processes: `points` in a quarter of an hour for each key. When the database is away each process counts for itself. */
function makeLimit(pool: pg.Pool, log: Portal['log'], keyPrefix: string, points: number): (key: string) => Promise<GuessVerdict> {
  const limiter = new RateLimiterPostgres({
    storeClient: pool,
    storeType: 'pool',
    tableName: 'rate_limits',
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix,
    points,
    duration: GUESS_WINDOW_SECONDS,
    insuranceLimiter: new RateLimiterMemory({ points, duration: GUESS_WINDOW_SECONDS }),
  });
  const forgive = (key: string) => async () => {
    await limiter.reward(key).catch((err: unknown) => log.error({ err }, 'a right guess could not be taken off its count'));
  };
  return async (key) => {
    try {
      // Counted before the answer is known: guesses sent at the same time count as well.
      await limiter.consume(key);
      return { ok: true, forgive: forgive(key) };
    } catch (refused) {
      if (refused instanceof RateLimiterRes) {
        return { ok: false, retryAfterSeconds: Math.ceil(refused.msBeforeNext / 1_000), first: refused.consumedPoints === points + 1 };
      }
      log.error({ err: refused }, 'counting guesses failed');
      return { ok: true, forgive: async () => {} };
    }
  };
}

/** What gateways and mail servers may tell this installation. */
export function makeInbound(
  definitions: readonly ChannelDefinition[],
  { channelSettings, bouncesSecret }: Pick<Config, 'channelSettings' | 'bouncesSecret'>,
  { pool, portal: { log, clock } }: { pool: pg.Pool; portal: Pick<Portal, 'log' | 'clock'> },
): Inbound {
  const callbacks = makeLimit(pool, log, 'callback', CALLBACKS);
  return {
    noteOf(channel, callback) {
      const own = definitions.find(({ id }) => id === channel && channelSettings.has(id));
      return own?.callback?.(channelSettings.get(channel), callback);
    },
    allowCallback: async (messageId) => (await callbacks(messageId)).ok,
    isSigned: (post) => bouncesSecret !== null && isPostSigned(bouncesSecret, post, clock.now()),
  };
}

/** What is counted is a keyed tag; neither an address nor a number is kept. */
function makeLimits(pool: pg.Pool, { crypto, log }: Pick<Portal, 'crypto' | 'log'>): WebContext['limits'] {
  const guess = makeLimit(pool, log, 'guess', GUESSES);
  const sends = makeLimit(pool, log, 'claim-send', CLAIMS.send);
  const asks = makeLimit(pool, log, 'claim-ask', CLAIMS.ask);
  const recoveries = makeLimit(pool, log, 'recover', RECOVERIES);
  const checks = makeLimit(pool, log, 'check', CHECKS.client);
  const checksOfOne = makeLimit(pool, log, 'check-address', CHECKS.address);
  const asksOfOne = makeLimit(pool, log, 'claim-number', CLAIMS.number);
  return {
    allowGuess: (ip) => guess(crypto.tag('client', ip)),
    allowRecovery: (ip) => recoveries(crypto.tag('client', ip)),
    async allowCheck({ ip, arrived }) {
      const own = await checks(crypto.tag('client', ip));
      return own.ok ? checksOfOne(crypto.tag('check', arrived)) : own;
    },
    async allowClaim(what, { ip, number }) {
      const client = crypto.tag('client', ip);
      if (what === 'send') return sends(client);
      const own = await asks(client);
      if (!own.ok || number === undefined) return own;
      const one = await asksOfOne(crypto.tag('claim-number', number));
      if (!one.ok) return one;
      return { ok: true, forgive: async () => void (await Promise.all([own.forgive(), one.forgive()])) };
    },
  };
}

/**
 * Who guesses at a login from devices that never signed in to it soon has to wait; the rightful person's own
 * device counts apart, so that nobody can lock them out.
 */
export function makeSignInLimits(
  pool: pg.Pool,
  { crypto, log }: Pick<Portal, 'crypto' | 'log'>,
): Pick<ConsoleContext, 'allowSignIn' | 'allowProof'> {
  const [byAddress, byLogin, byDevice, byPerson] = [
    makeLimit(pool, log, 'sign-in-address', SIGN_INS.address),
    makeLimit(pool, log, 'sign-in-login', SIGN_INS.login),
    makeLimit(pool, log, 'sign-in-device', SIGN_INS.device),
    makeLimit(pool, log, 'proof', SIGN_INS.proof),
  ];
  return {
    allowProof: (staffId) => byPerson(staffId),
    async allowSignIn({ login, ip, device }) {
      if (device !== null && login !== null) return byDevice(crypto.tag('device', `${device} ${login}`));
      const address = await byAddress(crypto.tag('client', ip));
      if (!address.ok || login === null) return address;
      const own = await byLogin(crypto.tag('login', login));
      if (!own.ok) return own;
      return { ok: true, forgive: async () => void (await Promise.all([address.forgive(), own.forgive()])) };
    },
  };
}

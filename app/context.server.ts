import type pg from 'pg';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { ProviderDefinition } from '#adapters/providers/port';
import { providers as definitions } from '#adapters/providers/registry';
import { makeDb, makePool } from '#db/database';
import { isSchemaCurrent } from '#db/migrate';
import { clockFrom, systemClock } from './clock';
import { type Config, type Environment, readConfig } from './config.server';
import { makeCrypto } from './crypto.server';
import { queueConnections } from './entry.worker';
import type { ProcessContext, WebContext } from './http/process';
import { enqueueJob } from './jobs.server';
import { makeLog } from './log.server';
import type { Portal, Provider } from './portal';

/** Assembles the processes: the only reader of the registry, and the only place where parts meet. */

interface Closable {
  readonly config: Config;
  close(): Promise<void>;
}

/** Unknown links that one address may try in a quarter of an hour; people mistype, machines guess. */
const GUESSES = 30;
const GUESS_WINDOW_SECONDS = 15 * 60;

/** A web process, from its environment. @throws ConfigError with the whole list of what is wrong */
export async function openWebContext(env: Environment): Promise<WebContext & Closable> {
  const config = readConfig(env, definitions);
  const base = openBase(config, 'web');
  // Limits have connections of their own, so that a flood of guesses cannot take those of the pages.
  const limitPool = makePool(config.databaseUrl, { max: 2, name: 'uketori-web-limits', usualTypes: true });
  return {
    ...base,
    publicUrl: config.publicUrl,
    rehearsal: config.portalNow,
    proxyHops: config.proxyHops,
    limits: makeLimits(limitPool, base.portal),
    async close() {
      await base.close();
      await limitPool.end();
    },
  };
}

/** A worker process, from its environment. @throws ConfigError with the whole list of what is wrong */
export async function openWorkerContext(env: Environment): Promise<ProcessContext & Closable & { readonly queuePool: pg.Pool }> {
  const config = readConfig(env, definitions);
  const base = openBase(config, 'worker');
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
      await base.close();
    },
  };
}

function openBase(config: Config, name: 'web' | 'worker'): ProcessContext & Closable {
  const log = makeLog({ name, level: config.logLevel });
  const pool = makePool(config.databaseUrl, { max: config.databaseConnections, name: `uketori-${name}`, planOnce: name === 'web' });
  const db = makeDb(pool);
  const portal: Portal = {
    db,
    log,
    clock: config.portalNow ? clockFrom(config.portalNow, config.portalNowSince ?? undefined) : systemClock,
    crypto: makeCrypto(config.keys),
    providers: bindProviders(definitions, config.providerSettings),
    enqueue: enqueueJob,
  };
  return {
    config,
    portal,
    log,
    isReady: () => isSchemaCurrent(db).catch(() => false),
    close: () => db.destroy(),
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

function makeLimits(pool: pg.Pool, portal: Pick<Portal, 'crypto' | 'log'>): WebContext['limits'] {
  const guesses = new RateLimiterPostgres({
    storeClient: pool,
    storeType: 'pool',
    tableName: 'rate_limits',
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix: 'guess',
    points: GUESSES,
    duration: GUESS_WINDOW_SECONDS,
    // When the database is away each process counts for itself.
    insuranceLimiter: new RateLimiterMemory({ points: GUESSES, duration: GUESS_WINDOW_SECONDS }),
  });
  return {
    async allowGuess(ip) {
      try {
        // The address itself is not kept.
        await guesses.consume(portal.crypto.tag('client', ip));
        return { ok: true };
      } catch (refused) {
        if (refused instanceof RateLimiterRes) return { ok: false, retryAfterSeconds: Math.ceil(refused.msBeforeNext / 1_000) };
        portal.log.error({ err: refused }, 'counting guesses failed');
        return { ok: true };
      }
    },
  };
}

import os from 'node:os';
import { providers } from '#adapters/providers/registry';
import { type Bulk, makeBulk } from '#db/bulk';
import { makeDb, makePool } from '#db/database';
import { isSchemaCurrent } from '#db/migrate';
import { sqlState } from '#db/transaction';
import { clockFrom, systemClock } from '../clock';
import { readCommandConfig } from '../config.server';
import { slowestPerHour, stockReader } from '../context.server';
import { makeCrypto, makeSigner, type Signer } from '../crypto.server';
import type { StockReader } from '../domain/stock-reader';
import { makeLog } from '../log.server';
import type { Portal } from '../portal';

/** What the commands work with: the database as its owner, without the providers' credentials. */
export interface CliContext extends Pick<Portal, 'db' | 'clock' | 'crypto' | 'log'> {
  /** What the slowest real channel takes in an hour, for estimates. */
  readonly channelPerHour: number;
  readonly bulk: Bulk;
  readonly signer?: Signer;
  readonly providers: { has(id: string): boolean };
  /** Null for a provider that is not installed. */
  stockReader(provider: string): StockReader | null;
  /** The key ids of the environment, current first. */
  readonly keyIds: Readonly<Record<'seal' | 'index' | 'link', readonly string[]>>;
  /** Who types: written to journal and audit. */
  readonly actor: string;
  /** A rehearsal or the demo: no real codes, no real people. */
  readonly rehearsal: boolean;
  /** Where rehearsals may make databases of their own; null when the environment does not say. */
  readonly rehearsalDatabaseUrl: string | null;
  /** Where the portal stands for the public; null when the environment does not say. */
  readonly publicUrl: string | null;
  close(): Promise<void>;
}

/** The database is older than this code. */
export class SchemaTooOld extends Error {}

const UNDEFINED_TABLE = '42P01';

/** Opens the database and the keys. @throws ConfigError, SchemaTooOld, or why the database cannot be reached */
export async function openCliContext(env: Readonly<Record<string, string | undefined>>): Promise<CliContext> {
  const config = readCommandConfig(env);
  const pool = makePool(config.databaseUrl, { max: 4, name: 'uketori-cli', statementTimeoutMs: 0 });
  const db = makeDb(pool);
  try {
    const current = await isSchemaCurrent(db).catch((error: unknown) => {
      if (sqlState(error) === UNDEFINED_TABLE) return false;
      throw error;
    });
    if (!current) throw new SchemaTooOld();
  } catch (error) {
    await db.destroy();
    throw error;
  }
  const ids = (ring: { readonly keys: readonly { readonly id: string }[] }) => ring.keys.map((key) => key.id);
  return {
    db,
    bulk: makeBulk(pool),
    clock: config.portalNow ? clockFrom(config.portalNow, config.portalNowSince ?? undefined) : systemClock,
    crypto: makeCrypto(config.keys),
    signer: config.proofKey ? makeSigner(config.proofKey) : undefined,
    // What goes wrong with single people is counted and told in the answer.
    log: makeLog({ name: 'cli', level: 'silent' }),
    channelPerHour: slowestPerHour(),
    providers: new Set(providers.map((provider) => provider.id)),
    stockReader,
    keyIds: { seal: ids(config.keys.seal), index: ids(config.keys.index), link: ids(config.keys.link) },
    actor: `cli:${os.userInfo().username}`,
    rehearsal: config.rehearsal,
    rehearsalDatabaseUrl: config.rehearsalDatabaseUrl,
    publicUrl: config.publicUrl,
    close: () => db.destroy(),
  };
}

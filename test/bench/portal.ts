import { createHash } from 'node:crypto';
import { providers as definitions } from '#adapters/providers/registry';
import { type Db, makeDb, makePool } from '#db/database';
import { clockFrom } from '~/clock';
import { type CryptoKeys, makeCrypto } from '~/crypto.server';
import { enqueueJob } from '~/jobs.server';
import { makeLog } from '~/log.server';
import type { Portal, Provider } from '~/portal';

/** 20 May 2023, 10:00 in Japan: eleven days before the deadline of the programme that is measured. */
export const BENCH_START = new Date('2023-05-20T10:00:00+09:00');

/** The same keys in every run, and nowhere else. */
export function benchKeys(): CryptoKeys {
  const ring = (purpose: string) => ({ keys: [{ id: 'bench', secret: createHash('sha256').update(`bench ${purpose}`).digest() }] });
  return { seal: ring('seal'), index: ring('index'), link: ring('link') };
}

/** A portal as `context.server.ts` makes it: real services, queries, crypto and log; its providers are never asked. */
export function benchPortal(
  url: string,
  options: { connections: number; planOnce?: boolean; db?: Db; providers?: ReadonlyMap<string, Provider> },
): Portal {
  return {
    db: options.db ?? makeDb(makePool(url, { max: options.connections, name: 'bench', planOnce: options.planOnce })),
    clock: clockFrom(BENCH_START),
    crypto: makeCrypto(benchKeys()),
    log: makeLog({ name: 'bench', level: 'info' }),
    providers: options.providers ?? registeredProviders(),
    enqueue: enqueueJob,
  };
}

/** The registry's providers as the pages show them. */
export function registeredProviders(): Map<string, Provider> {
  const never = async () => {
    throw new Error('the bench asks no provider');
  };
  return new Map(
    definitions.map(({ id, capabilities, brand }) => [
      id,
      { id, capabilities, brand, keyFor: (issuanceId) => issuanceId, connection: { issue: never } },
    ]),
  );
}

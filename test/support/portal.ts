import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import { makeDb, makePool } from '#db/database';
import type { Database } from '#db/schema';
import { type StandingClock, standingClock } from '~/clock';
import { type Crypto, type CryptoKeys, makeCrypto } from '~/crypto.server';
import { enqueueJob } from '~/jobs.server';
import type { Portal, Provider } from '~/portal';

/** 20 May 2023, 10:00 in Japan: eleven days before the deadline of the sample programme. */
export const MAY_20 = new Date('2023-05-20T10:00:00+09:00');

/** Keys for tests: random, new for each run. */
export function testKeys(): CryptoKeys {
  const ring = () => ({ keys: [{ id: 'k1', secret: randomBytes(32) }] });
  return { seal: ring(), index: ring(), link: ring() };
}

export interface TestPortal extends Portal {
  readonly clock: StandingClock;
  readonly crypto: Crypto;
  readonly logged: { level: 'info' | 'warn' | 'error'; fields: object; message: string }[];
  close(): Promise<void>;
}

/** A portal over a test database: real services and queries, a standing clock, given providers. */
export function makeTestPortal(
  url: string,
  options: { providers?: readonly Provider[]; keys?: CryptoKeys; clock?: StandingClock; connections?: number; db?: Kysely<Database> } = {},
): TestPortal {
  const logged: TestPortal['logged'] = [];
  const db = options.db ?? makeDb(makePool(url, { max: options.connections ?? 8, name: 'test' }));
  return {
    db,
    clock: options.clock ?? standingClock(MAY_20),
    crypto: makeCrypto(options.keys ?? testKeys()),
    log: {
      info: (fields, message) => void logged.push({ level: 'info', fields, message }),
      warn: (fields, message) => void logged.push({ level: 'warn', fields, message }),
      error: (fields, message) => void logged.push({ level: 'error', fields, message }),
    },
    providers: new Map((options.providers ?? []).map((provider) => [provider.id, provider])),
    enqueue: enqueueJob,
    logged,
    close: () => db.destroy(),
  };
}

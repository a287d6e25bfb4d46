import { randomBytes } from 'node:crypto';
import { makeDb, makePool } from '#db/database';
import { isSchemaCurrent } from '#db/migrate';
import { type Clock, systemClock } from '~/clock';
import { makeCrypto } from '~/crypto.server';
import type { WebContext } from '~/http/process';
import { enqueueJob } from '~/jobs.server';
import { makeLog } from '~/log.server';
import type { Portal, Provider } from '~/portal';

export interface TestContext extends WebContext {
  /** Every line logged so far. */
  readonly lines: string[];
  close(): Promise<void>;
}

/** What a process runs on, over a test database: real crypto with keys of its own, and a log that can be read. */
export function makeTestContext(url: string, options: { clock?: Clock; providers?: ReadonlyMap<string, Provider> } = {}): TestContext {
  const lines: string[] = [];
  const log = makeLog({ name: 'test', level: 'debug', destination: { write: (line) => void lines.push(line) } });
  const pool = makePool(url, { max: 5, name: 'test' });
  const ring = () => ({ keys: [{ id: 'test', secret: randomBytes(32) }] });
  const portal: Portal = {
    db: makeDb(pool),
    clock: options.clock ?? systemClock,
    crypto: makeCrypto({ seal: ring(), index: ring(), link: ring() }),
    log,
    providers: options.providers ?? new Map(),
    enqueue: enqueueJob,
  };
  return {
    portal,
    consolePortal: null,
    log,
    lines,
    publicUrl: 'http://localhost',
    rehearsal: null,
    proxyHops: 0,
    console: null,
    limits: {
      allowGuess: async () => ({ ok: true }),
      allowCheck: async () => ({ ok: true, forgive: async () => {} }),
      allowClaim: async () => ({ ok: true, forgive: async () => {} }),
      allowRecovery: async () => ({ ok: true, forgive: async () => {} }),
    },
    isReady: () => isSchemaCurrent(portal.db).catch(() => false),
    close: () => pool.end(),
  };
}

import { type Bulk, makeBulk } from '#db/bulk';
import { makePool } from '#db/database';
import type { CryptoKeys } from '~/crypto.server';
import type { Provider } from '~/portal';
import { makeTestPortal, type TestPortal } from './portal';

export interface BulkTestPortal extends TestPortal {
  readonly bulk: Bulk;
}

/** A test portal as owner that can also do bulk work. */
export function makeBulkPortal(ownerUrl: string, options: { keys?: CryptoKeys; providers?: readonly Provider[] } = {}): BulkTestPortal {
  const portal = makeTestPortal(ownerUrl, options);
  const pool = makePool(ownerUrl, { max: 2, name: 'test-bulk', statementTimeoutMs: 0 });
  return {
    ...portal,
    bulk: makeBulk(pool),
    close: async () => {
      await portal.close();
      await pool.end();
    },
  };
}

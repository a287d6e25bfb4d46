import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type pg from 'pg';

/** More different texts than the portal has; lists of varying length must not fill a connection's memory. */
const MOST_NAMES = 300;
const names = new Map<string, string>();

/**
 * A pool whose statements PostgreSQL prepares once per connection and neither parses nor plans again. One that
 * selects `*` is left alone: a migration that adds a column would change what it returns under the prepared plan.
 */
export function preparing(pool: pg.Pool): PostgresPool {
  const clients = new WeakMap<pg.PoolClient, PostgresPoolClient>();
  return {
    async connect() {
      const client = await pool.connect();
      const known = clients.get(client);
      if (known) return known;
      // Without the form for cursors: the portal has none.
      const own = {
        query: (text: string, values: readonly unknown[]) => client.query({ name: nameOf(text, values), text, values: [...values] }),
        release: () => client.release(),
      } as unknown as PostgresPoolClient;
      clients.set(client, own);
      return own;
    },
    end: () => pool.end(),
  };
}

function nameOf(text: string, values: readonly unknown[]): string | undefined {
  const known = names.get(text);
  if (known !== undefined) return known;
  if (values.length === 0 || names.size >= MOST_NAMES || /[\s.]\*/.test(text)) return undefined;
  const name = `uketori_${names.size + 1}`;
  names.set(text, name);
  return name;
}

import { sql } from 'kysely';
import type { Db } from './database';

/** Writes in which sessions somebody acted, by the sessions' tags, once for each. */
export async function markActed(db: Db, acts: ReadonlyMap<string, Date>): Promise<void> {
  await sql`
    update link_opens o set acted_at = greatest(v.at, o.opened_at)
      from unnest(${[...acts.keys()]}::text[], ${[...acts.values()]}::timestamptz[]) as v(tag, at)
      where o.session_tag = v.tag and o.acted_at is null
  `.execute(db);
}

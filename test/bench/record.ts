import { Kysely, PostgresDialect } from 'kysely';
import { makePool } from '#db/database';
import type { Database } from '#db/schema';
import type { Portal } from '~/portal';
import { benchPortal } from './portal';

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Statements of one piece of work, `begin` and `commit` among them, and the values that must be new for each replay. */
export interface Recording {
  readonly statements: readonly Statement[];
  /** Ids the work was given, in the order in which replays are given theirs. */
  readonly given: readonly string[];
  /** What it made anew: ids, keys, digests. */
  readonly made: readonly (string | Uint8Array)[];
}

/** Does a piece of work once for real and writes down every statement that it sends. */
export async function record(
  url: string,
  options: Partial<Pick<Portal, 'providers'>>,
  work: (portal: Portal, recorder: { given(...ids: string[]): void; made(...values: (string | Uint8Array)[]): void }) => Promise<void>,
): Promise<Recording> {
  const statements: Statement[] = [];
  const given: string[] = [];
  const made: (string | Uint8Array)[] = [];
  const db = new Kysely<Database>({
    dialect: new PostgresDialect({ pool: makePool(url, { max: 1, name: 'bench-record' }) }),
    log: ({ query }) => void statements.push({ text: query.sql, values: [...query.parameters] }),
  });
  const portal = benchPortal(url, { connections: 1, db, ...options });
  const kept = <T extends string | Uint8Array>(value: T): T => {
    made.push(value);
    return value;
  };
  const { crypto } = portal;
  const recording: Portal = {
    ...portal,
    crypto: {
      ...crypto,
      newId: (now) => kept(crypto.newId(now)),
      newKey: () => kept(crypto.newKey()),
      codeDigest: (provider, code) => kept(crypto.codeDigest(provider, code)),
    },
  };
  try {
    await work(recording, { given: (...ids) => void given.push(...ids), made: (...values) => void made.push(...values) });
  } finally {
    await db.destroy();
  }
  return { statements, given, made };
}

import type { Db, Trx } from './database';

const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';
const TRIES = 3;

/** The code of a wait for a lock that took longer than a request may. */
export const LOCK_WAIT_ENDED = '55P03';

/**
 * Runs `work` in one transaction (read committed). A deadlock or serialization failure, in which
 * PostgreSQL has undone everything, is tried again; anything else is thrown.
 */
export async function inTransaction<T>(db: Db, work: (trx: Trx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      const code = sqlState(error);
      if ((code !== SERIALIZATION_FAILURE && code !== DEADLOCK_DETECTED) || attempt >= TRIES) throw error;
    }
  }
}

/** PostgreSQL's error code, if the error is one of its. */
export function sqlState(error: unknown): string | null {
  return hasText(error, 'code') ? error.code : null;
}

/** The constraint or unique index that refused, if one did. */
export function violatedConstraint(error: unknown): string | null {
  return sqlState(error) === '23505' && hasText(error, 'constraint') ? error.constraint : null;
}

function hasText<K extends string>(value: unknown, key: K): value is Record<K, string> {
  return typeof value === 'object' && value !== null && typeof (value as Record<string, unknown>)[key] === 'string';
}

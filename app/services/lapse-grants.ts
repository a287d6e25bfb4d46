import { listLapsable } from '#db/lapsing';
import { appendEntry } from '#db/ledger';
import { inTransaction } from '#db/transaction';
import { lapsedLegs } from '../domain/ledger';
import { sumYen } from '../domain/yen';
import type { Portal } from '../portal';

export interface LapseResult {
  /** Grants whose rest lapsed, and how much. */
  readonly grants: number;
  readonly yen: bigint;
  /** Grants past their deadline that are frozen: their rest waits for the release. */
  readonly frozenSkipped: number;
  /** False when the signal ended the work early; calling again goes on. */
  readonly finished: boolean;
}

/**
 * Lets what is left on grants past their deadline lapse (失効), with ledger entries. Works in committed
 * batches in the order of ids, so that it can be stopped or crash anywhere and simply run again.
 * What is set aside for accepted redemptions is not touched.
 */
export async function lapseGrants(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto'>,
  options: {
    campaignId: string;
    actor?: string;
    batchSize?: number;
    dryRun?: boolean;
    onProgress?: (done: { grants: number; yen: bigint }) => void;
    signal?: AbortSignal;
  },
): Promise<LapseResult> {
  const { campaignId, actor = 'worker', batchSize = 1_000, dryRun = false, onProgress, signal } = options;
  let grants = 0;
  let yen = 0n;
  let frozenSkipped = 0;
  let after: string | null = null;
  while (!signal?.aborted) {
    const batch: { lastId: string | null; lapsed: number; yen: bigint; frozen: number } = await inTransaction(portal.db, async (trx) => {
      const now = portal.clock.now();
      const rows = await listLapsable(trx, { campaignId, now, after, limit: batchSize, lock: !dryRun });
      const due = rows.filter((row) => !row.frozen && row.residualYen > 0n);
      if (due.length > 0 && !dryRun) {
        await appendEntry(
          trx,
          { id: portal.crypto.newId(now), campaignId, kind: 'lapsed', actor, at: now },
          lapsedLegs(due.map((row) => ({ grantId: row.id, yen: row.residualYen }))),
        );
      }
      return {
        lastId: rows.at(-1)?.id ?? null,
        lapsed: due.length,
        yen: sumYen(due.map((row) => row.residualYen)),
        frozen: rows.filter((row) => row.frozen && row.residualYen > 0n).length,
      };
    });
    if (batch.lastId === null) return { grants, yen, frozenSkipped, finished: true };
    grants += batch.lapsed;
    yen += batch.yen;
    frozenSkipped += batch.frozen;
    after = batch.lastId;
    onProgress?.({ grants, yen });
  }
  return { grants, yen, frozenSkipped, finished: false };
}

import { appendAudit } from '#db/audit';
import { lockExport } from '#db/exports';
import { inTransaction } from '#db/transaction';
import { EXPORT_OPEN_MS } from '../domain/exports';
import type { Portal } from '../portal';

const BATCH = 50;

/**
 * Removes the content of files that were not taken in time, and of those that were taken, after the slowest
 * download is through. Safe in many processes at once. @returns how many were cleared
 */
export async function sweepExports(portal: Portal): Promise<number> {
  const now = portal.clock.now();
  const slowest = new Date(now.getTime() - EXPORT_OPEN_MS);
  const due = await portal.db
    .selectFrom('exports')
    .select('id')
    .where('cleared_at', 'is', null)
    .where((eb) =>
      eb.or([
        eb.and([eb('state', '=', 'ready'), eb('expires_at', '<=', now)]),
        eb.and([eb('state', '=', 'taken'), eb('taken_at', '<=', slowest)]),
      ]),
    )
    .limit(BATCH)
    .execute();
  for (const { id } of due) await clear(portal, id, now);
  return due.length;
}

async function clear(portal: Portal, id: string, now: Date): Promise<void> {
  await inTransaction(portal.db, async (trx) => {
    const own = await lockExport(trx, id);
    if (!own || own.cleared_at) return;
    const expired = own.state === 'ready';
    if (expired && own.expires_at && own.expires_at > now) return;
    await trx.deleteFrom('export_chunks').where('export_id', '=', id).execute();
    await trx
      .updateTable('exports')
      .set(expired ? { state: 'gone', cleared_at: now } : { cleared_at: now })
      .where('id', '=', id)
      .execute();
    await appendAudit(trx, {
      id: portal.crypto.newId(now),
      campaignId: own.campaign_id,
      at: now,
      actor: 'worker',
      act: expired ? 'export.expired' : 'export.cleared',
      subjectKind: 'export',
      subjectId: id,
      detail: { kind: own.kind },
    });
  });
}

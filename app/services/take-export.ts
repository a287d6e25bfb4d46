import { appendAudit } from '#db/audit';
import { findChunk, lockExport } from '#db/exports';
import { inTransaction } from '#db/transaction';
import { type CampaignScope, isInScope } from '../domain/access';
import type { ExportKind } from '../domain/exports';
import { japanDay } from '../domain/japan-time';
import type { Portal } from '../portal';
import { actorOf } from './parts/acts/act';

export type ExportTaken =
  | { readonly kind: 'taken'; readonly fileName: string; readonly chunks: AsyncGenerator<Uint8Array> }
  | { readonly kind: 'refused'; readonly reason: 'not_found' | 'not_ready' | 'taken' | 'expired' };

/**
 * Gives a file out, once, to whoever asked for it. It counts as taken before the first byte goes: two at the same
 * time get it once, and a broken download is asked for anew as a new export.
 */
export async function takeExport(
  portal: Portal,
  { staff, exportId }: { staff: { readonly id: string; readonly scope: CampaignScope }; exportId: string },
): Promise<ExportTaken> {
  return inTransaction(portal.db, async (trx): Promise<ExportTaken> => {
    const own = await lockExport(trx, exportId);
    if (!own || own.requested_by !== staff.id || !isInScope(staff.scope, own.campaign_id)) return { kind: 'refused', reason: 'not_found' };
    if (own.state === 'taken') return { kind: 'refused', reason: 'taken' };
    const now = portal.clock.now();
    if (own.state === 'gone' || (own.expires_at && now >= own.expires_at)) return { kind: 'refused', reason: 'expired' };
    if (own.state !== 'ready') return { kind: 'refused', reason: 'not_ready' };
    await trx.updateTable('exports').set({ state: 'taken', taken_at: now }).where('id', '=', exportId).execute();
    await appendAudit(trx, {
      id: portal.crypto.newId(now),
      campaignId: own.campaign_id,
      at: now,
      actor: actorOf(staff.id),
      act: 'export.taken',
      subjectKind: 'export',
      subjectId: exportId,
      detail: { kind: own.kind, rows: Number(own.rows_done) },
    });
    return { kind: 'taken', fileName: fileName(own.campaign_id, own.kind, now), chunks: chunksOf(portal, exportId) };
  });
}

function fileName(campaignId: string, kind: ExportKind, now: Date): string {
  return `${campaignId}-${kind}-${japanDay(now)}.csv`;
}

async function* chunksOf(portal: Pick<Portal, 'db'>, exportId: string): AsyncGenerator<Uint8Array> {
  for (let position = 1; ; position += 1) {
    const chunk = await findChunk(portal.db, { exportId, position });
    if (!chunk) return;
    yield chunk;
  }
}

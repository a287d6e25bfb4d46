import { appendAudit } from '#db/audit';
import { countExportRows } from '#db/export-rows';
import { inTransaction } from '#db/transaction';
import { type CampaignScope, isInScope } from '../domain/access';
import { NOTE_LONGEST } from '../domain/acts';
import { policyOf } from '../domain/campaign';
import { type ExportKind, needsSecondPerson } from '../domain/exports';
import type { Portal } from '../portal';
import { actorOf } from './parts/acts/act';
import { insertProposal } from './parts/acts/proposal';

export type ExportRequested =
  | { readonly kind: 'queued' | 'proposed'; readonly exportId: string; readonly rows: number }
  | { readonly kind: 'refused'; readonly reason: 'not_found' | 'note_too_long' };

/**
 * Asks for a file (書き出し). Its rows are counted first: above what the campaign's policy lets one person take, and
 * always for names and addresses, it becomes a proposal; otherwise it is made at once by a worker.
 */
export async function requestExport(
  portal: Portal,
  request: {
    staff: { readonly id: string; readonly scope: CampaignScope };
    campaignId: string;
    exported: ExportKind;
    note: string;
  },
): Promise<ExportRequested> {
  const { staff, campaignId, exported, note } = request;
  if (!isInScope(staff.scope, campaignId)) return { kind: 'refused', reason: 'not_found' };
  if (note.length > NOTE_LONGEST) return { kind: 'refused', reason: 'note_too_long' };
  return inTransaction(portal.db, async (trx): Promise<ExportRequested> => {
    const campaign = await trx.selectFrom('campaigns').select('settings').where('id', '=', campaignId).executeTakeFirst();
    if (!campaign) return { kind: 'refused', reason: 'not_found' };
    const rows = await countExportRows(trx, { kind: exported, campaignId });
    const second = needsSecondPerson(exported, rows, policyOf(campaign.settings));
    const now = portal.clock.now();
    const id = portal.crypto.newId(now);
    if (second) {
      const plan = { input: { export: exported }, yen: 0, before: {}, after: { export: exported, rows } };
      const subject = { kind: 'export', id };
      await insertProposal(trx, { id, campaignId, act: 'export', subject, plan, reason: 'export', note, staffId: staff.id, now });
    }
    await trx
      .insertInto('exports')
      .values({
        id,
        campaign_id: campaignId,
        kind: exported,
        rows_counted: BigInt(rows),
        requested_by: staff.id,
        requested_at: now,
        approval_id: second ? id : null,
        state: 'waiting',
      })
      .execute();
    if (!second) await portal.enqueue(trx, { name: 'make-export', exportId: id, delayMs: 0 });
    await appendAudit(trx, {
      id: portal.crypto.newId(now),
      campaignId,
      at: now,
      actor: actorOf(staff.id),
      act: second ? 'export.proposed' : 'export.requested',
      subjectKind: 'export',
      subjectId: id,
      detail: { kind: exported, rows },
    });
    return { kind: second ? 'proposed' : 'queued', exportId: id, rows };
  });
}

import { appendAudit } from '#db/audit';
import { inTransaction } from '#db/transaction';
import { type CampaignScope, isInScope } from '../domain/access';
import { NOTE_LONGEST } from '../domain/acts';
import type { Portal } from '../portal';

/** Why a finding is closed. */
export const CLOSE_REASONS = ['explained', 'provider_corrected', 'we_corrected', 'next_statement', 'other'] as const;

export type FindingSettled =
  | { readonly kind: 'taken' | 'closed' }
  | { readonly kind: 'refused'; readonly reason: 'not_found' | 'ended' | 'reason' | 'note' };

/**
 * Gives a finding an owner (take), or its end with a reason and a note (close). Who closes owns it.
 * @returns why not: it does not exist for this person, it has ended, or reason or note are missing
 */
export async function settleFinding(
  portal: Portal,
  what: {
    staff: { readonly id: string; readonly scope: CampaignScope };
    findingId: string;
    act: 'take' | 'close';
    reason?: string;
    note?: string;
  },
): Promise<FindingSettled> {
  const { staff, findingId, act, reason = '', note = '' } = what;
  return inTransaction(portal.db, async (trx) => {
    const finding = await trx.selectFrom('findings').selectAll().where('id', '=', findingId).forUpdate().executeTakeFirst();
    if (!finding || !isInScope(staff.scope, finding.campaign_id)) return { kind: 'refused', reason: 'not_found' };
    if (finding.closed_at) return { kind: 'refused', reason: 'ended' };
    if (act === 'close' && !(CLOSE_REASONS as readonly string[]).includes(reason)) return { kind: 'refused', reason: 'reason' };
    if (act === 'close' && (note.trim() === '' || note.length > NOTE_LONGEST)) return { kind: 'refused', reason: 'note' };
    const now = portal.clock.now();
    await trx
      .updateTable('findings')
      .set(
        act === 'take'
          ? { owner_id: staff.id, taken_at: now }
          : { owner_id: finding.owner_id ?? staff.id, closed_by: staff.id, closed_at: now, close_reason: reason, close_note: note.trim() },
      )
      .where('id', '=', findingId)
      .execute();
    await appendAudit(trx, {
      id: portal.crypto.newId(now),
      campaignId: finding.campaign_id,
      at: now,
      actor: `staff:${staff.id}`,
      act: act === 'take' ? 'finding.take' : 'finding.close',
      subjectKind: 'finding',
      subjectId: findingId,
      detail: act === 'take' ? { kind: finding.kind } : { kind: finding.kind, reason, note: note.trim() },
    });
    return { kind: act === 'take' ? 'taken' : 'closed' };
  });
}

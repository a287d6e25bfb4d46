import { appendAudit } from '#db/audit';
import { inTransaction } from '#db/transaction';
import { type CampaignScope, isInScope } from '../domain/access';
import type { CampaignFile } from '../domain/campaign';
import type { Portal } from '../portal';
import { actorOf } from './parts/acts/act';

export type RehearsalRequested =
  | { readonly kind: 'queued'; readonly rehearsalId: string }
  /** One of this programme is being played already. */
  | { readonly kind: 'refused'; readonly reason: 'not_found' | 'playing' };

/** Asks for a rehearsal (予行) of a programme as it is set up now; a worker plays it. */
export async function requestRehearsal(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto' | 'enqueue'>,
  { staff, campaign }: { staff: { readonly id: string; readonly scope: CampaignScope }; campaign: CampaignFile },
): Promise<RehearsalRequested> {
  const campaignId = campaign.id;
  if (!isInScope(staff.scope, campaignId)) return { kind: 'refused', reason: 'not_found' };
  return inTransaction(portal.db, async (trx): Promise<RehearsalRequested> => {
    const now = portal.clock.now();
    const id = portal.crypto.newId(now);
    const inserted = await trx
      .insertInto('rehearsals')
      .values({
        id,
        campaign_id: campaignId,
        content: JSON.stringify(campaign),
        state: 'waiting',
        asked_by: staff.id,
        asked_at: now,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (inserted.numInsertedOrUpdatedRows === 0n) return { kind: 'refused', reason: 'playing' };
    await portal.enqueue(trx, { name: 'play-rehearsal', rehearsalId: id, delayMs: 0 });
    await appendAudit(trx, {
      id: portal.crypto.newId(now),
      campaignId,
      at: now,
      actor: actorOf(staff.id),
      act: 'rehearsal.requested',
      subjectKind: 'campaign',
      subjectId: campaignId,
      detail: {},
    });
    return { kind: 'queued', rehearsalId: id };
  });
}

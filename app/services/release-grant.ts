import { appendAudit } from '#db/audit';
import { inTransaction } from '#db/transaction';
import { type CampaignScope, isInScope } from '../domain/access';
import { ACT_RULES, type ActRefusal, checkWords, refuseAct, whyNot } from '../domain/acts';
import type { Portal } from '../portal';
import { actorOf } from './parts/acts/act';
import { openActContext } from './parts/acts/engine';

/** Ends a freeze before its time (解除). @returns why not: not_frozen, not_found, reason_missing */
export async function releaseGrant(
  portal: Portal,
  {
    staff,
    grantId,
    reason,
    note,
  }: { staff: { readonly id: string; readonly scope: CampaignScope }; grantId: string; reason: string; note: string },
): Promise<{ kind: 'released' } | ActRefusal> {
  const wrong = checkWords(ACT_RULES.release.reasons, { reason, note });
  if (wrong) return wrong;
  return inTransaction(portal.db, async (trx) => {
    const context = await openActContext(portal, trx, grantId);
    if (!context || !isInScope(staff.scope, context.person.campaignId)) return refuseAct('not_found');
    const no = whyNot('release', context.person, null, context.now);
    if (no) return refuseAct(no);
    await trx.updateTable('grants').set({ frozen_at: null, frozen_until: null }).where('id', '=', grantId).execute();
    await appendAudit(trx, {
      id: portal.crypto.newId(context.now),
      campaignId: context.person.campaignId,
      at: context.now,
      actor: actorOf(staff.id),
      act: 'release.done',
      subjectKind: 'grant',
      subjectId: grantId,
      detail: { reason, note },
    });
    return { kind: 'released' };
  });
}

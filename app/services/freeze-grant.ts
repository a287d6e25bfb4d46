import { appendAudit } from '#db/audit';
import { inTransaction } from '#db/transaction';
import { type CampaignScope, isInScope } from '../domain/access';
import { ACT_RULES, type ActRefusal, checkWords, refuseAct, whyNot } from '../domain/acts';
import { FREEZE_HOURS_MOST, policyOf } from '../domain/campaign';
import type { Portal } from '../portal';
import { actorOf } from './parts/acts/act';
import { openActContext } from './parts/acts/engine';

const HOUR_MS = 3_600_000;

export interface FreezeRequest {
  readonly staff: { readonly id: string; readonly scope: CampaignScope };
  readonly grantId: string;
  readonly reason: string;
  readonly note: string;
  /** For how long; empty: the campaign's policy. */
  readonly hours: string;
}

/**
 * Freezes a grant (凍結): nothing can be chosen until it is released or the time is over; it then ends by itself.
 * Codes stay readable only after that. @returns until when, or why not
 */
export async function freezeGrant(
  portal: Portal,
  { staff, grantId, reason, note, hours }: FreezeRequest,
): Promise<{ kind: 'frozen'; until: Date } | ActRefusal> {
  const wrong = checkWords(ACT_RULES.freeze.reasons, { reason, note });
  if (wrong) return wrong;
  return inTransaction(portal.db, async (trx) => {
    const context = await openActContext(portal, trx, grantId);
    if (!context || !isInScope(staff.scope, context.person.campaignId)) return refuseAct('not_found');
    const no = whyNot('freeze', context.person, null, context.now);
    if (no) return refuseAct(no);
    const { settings } = await trx
      .selectFrom('campaigns')
      .select('settings')
      .where('id', '=', context.person.campaignId)
      .executeTakeFirstOrThrow();
    const wanted = hours === '' ? policyOf(settings).freezeHours : Number(hours);
    if (!Number.isInteger(wanted) || wanted < 1 || wanted > FREEZE_HOURS_MOST) return refuseAct('until_invalid', 'hours');
    const until = new Date(context.now.getTime() + wanted * HOUR_MS);
    await trx.updateTable('grants').set({ frozen_at: context.now, frozen_until: until }).where('id', '=', grantId).execute();
    await appendAudit(trx, {
      id: portal.crypto.newId(context.now),
      campaignId: context.person.campaignId,
      at: context.now,
      actor: actorOf(staff.id),
      act: 'freeze.done',
      subjectKind: 'grant',
      subjectId: grantId,
      detail: { reason, note, until: until.toISOString() },
    });
    return { kind: 'frozen', until };
  });
}

import { appendAudit } from '#db/audit';
import { countMessagesSince } from '#db/message-counts';
import { inTransaction } from '#db/transaction';
import { type CampaignScope, isInScope } from '../domain/access';
import { ACT_RULES, type ActRefusal, refuseAct, whyNot } from '../domain/acts';
import type { Portal } from '../portal';
import { actorOf } from './parts/acts/act';
import { openActContext } from './parts/acts/engine';
import { queueMessage } from './parts/queue-message';

/** How often a link is sent again to one person within a day. */
export const RESENDS_A_DAY = 3;
const DAY_MS = 86_400_000;
/** A second press within this is the same wish. */
const SAME_PRESS_MS = 60_000;

/**
 * Sends the same link to the same address once more (再送). @returns where to, masked, or why not: frozen,
 * just_sent, too_many_today, address_missing, not_found, reason_missing
 */
export async function resendLink(
  portal: Portal,
  request: {
    readonly staff: { readonly id: string; readonly scope: CampaignScope };
    readonly grantId: string;
    readonly reason: string;
    readonly note: string;
  },
): Promise<{ kind: 'resent'; channel: 'mail' | 'sms'; mask: string } | ActRefusal> {
  const { staff, grantId, reason, note } = request;
  if (!ACT_RULES.resend.reasons.includes(reason)) return refuseAct('reason_missing', 'reason');
  if (note.length > 500) return refuseAct('note_too_long', 'note');
  return inTransaction(portal.db, async (trx) => {
    const context = await openActContext(portal, trx, grantId);
    if (!context || !isInScope(staff.scope, context.person.campaignId)) return refuseAct('not_found');
    const { now, person } = context;
    const no = whyNot('resend', person, null, now);
    if (no) return refuseAct(no);
    // Behind the grant's lock: of two presses at once the later one sees what the first has sent.
    const just = await countMessagesSince(trx, { grantId, purpose: 'resend', since: new Date(now.getTime() - SAME_PRESS_MS) });
    if (just > 0) return refuseAct('just_sent');
    const sent = await countMessagesSince(trx, { grantId, purpose: 'resend', since: new Date(now.getTime() - DAY_MS) });
    if (sent >= RESENDS_A_DAY) return refuseAct('too_many_today');
    const queued = await queueMessage(portal, trx, { grantId, purpose: 'resend', actor: actorOf(staff.id) });
    if (queued.kind === 'no_address') return refuseAct('address_missing');
    await appendAudit(trx, {
      id: portal.crypto.newId(now),
      campaignId: person.campaignId,
      at: now,
      actor: actorOf(staff.id),
      act: 'resend.done',
      subjectKind: 'grant',
      subjectId: grantId,
      detail: { reason, note, message: queued.messageId, channel: queued.channel },
    });
    return { kind: 'resent', channel: queued.channel, mask: queued.mask };
  });
}

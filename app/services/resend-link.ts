import { inTransaction } from '#db/transaction';
import { type CampaignScope, isInScope } from '../domain/access';
import { ACT_RULES, type ActRefusal, checkWords, refuseAct, whyNot } from '../domain/acts';
import type { MessageChannel } from '../domain/message';
import type { Portal } from '../portal';
import { actorOf } from './parts/acts/act';
import { openActContext } from './parts/acts/engine';
import { sendLinkAgain } from './parts/link-again';

/**
 * Sends the same link once more (再送), to one of the registered addresses. @returns where to, masked, or why not: frozen,
 * just_sent, too_many_today, address_missing, sms_impossible, not_found, reason_missing
 */
export async function resendLink(
  portal: Portal,
  request: {
    readonly staff: { readonly id: string; readonly scope: CampaignScope };
    readonly grantId: string;
    readonly reason: string;
    readonly note: string;
    /** Left out: the grant's own way. */
    readonly via?: MessageChannel;
  },
): Promise<{ kind: 'resent'; channel: 'mail' | 'sms'; mask: string } | ActRefusal> {
  const { staff, grantId, reason, note, via } = request;
  const wrong = checkWords(ACT_RULES.resend.reasons, { reason, note });
  if (wrong) return wrong;
  return inTransaction(portal.db, async (trx) => {
    const context = await openActContext(portal, trx, grantId);
    if (!context || !isInScope(staff.scope, context.person.campaignId)) return refuseAct('not_found');
    const no = whyNot('resend', context.person, null, context.now);
    if (no) return refuseAct(no);
    const sent = await sendLinkAgain(portal, trx, context, { actor: actorOf(staff.id), via, detail: { reason, note } });
    if (sent.kind === 'no_address') return via === 'sms' ? refuseAct('sms_impossible', 'via') : refuseAct('address_missing');
    if (sent.kind !== 'queued') return refuseAct(sent.kind);
    return { kind: 'resent', channel: sent.channel, mask: sent.mask };
  });
}

import { appendAudit } from '#db/audit';
import { inTransaction } from '#db/transaction';
import { type CampaignScope, isInScope } from '../domain/access';
import { ACT_RULES, type ActRefusal, checkWords, doubtfulCodes, refuseAct, whyNot } from '../domain/acts';
import { CAUSES_FOR_A_PERSON } from '../domain/issuing';
import { getProvider, type Portal } from '../portal';
import { actorOf, findSubject, isRefusal } from './parts/acts/act';
import { openActContext } from './parts/acts/engine';

/**
 * Has the provider asked again about a doubt, with the same key or by look-up: safe at any time, for it can only
 * bring the first answer. @returns why asking cannot help: a_person_only, still_asking, not_in_doubt, …
 */
export async function askAgain(
  portal: Portal,
  request: {
    readonly staff: { readonly id: string; readonly scope: CampaignScope };
    readonly grantId: string;
    readonly redemptionId: string;
    readonly reason: string;
    readonly note: string;
  },
): Promise<{ kind: 'asked'; codes: number } | ActRefusal> {
  const { staff, grantId, redemptionId, reason, note } = request;
  const wrong = checkWords(ACT_RULES.ask_again.reasons, { reason, note });
  if (wrong) return wrong;
  return inTransaction(portal.db, async (trx) => {
    const context = await openActContext(portal, trx, grantId);
    if (!context || !isInScope(staff.scope, context.person.campaignId)) return refuseAct('not_found');
    const redemption = findSubject(context.person, { redemption: redemptionId });
    if (isRefusal(redemption)) return redemption;
    const { now } = context;
    const no = whyNot('ask_again', context.person, redemption, now);
    if (no) return refuseAct(no);
    const { capabilities } = getProvider(portal, redemption.provider);
    const helped = doubtfulCodes(redemption).filter(({ attempt }) => {
      if (!attempt || (attempt.cause !== null && CAUSES_FOR_A_PERSON.includes(attempt.cause))) return false;
      return capabilities.lookup || (capabilities.repeatable && now.getTime() < attempt.createdAt.getTime() + capabilities.keyHorizonMs);
    });
    if (helped.length === 0) return refuseAct('a_person_only');
    for (const code of helped) {
      await trx
        .updateTable('issuances')
        .set({ handed_over_at: null })
        .where('id', '=', code.attempt?.id ?? '')
        .execute();
      await portal.enqueue(trx, { name: 'issue-code', provider: redemption.provider, codeId: code.id, delayMs: 0 });
    }
    await appendAudit(trx, {
      id: portal.crypto.newId(now),
      campaignId: context.person.campaignId,
      at: now,
      actor: actorOf(staff.id),
      act: 'ask_again.done',
      subjectKind: 'redemption',
      subjectId: redemption.id,
      detail: { reason, note, codes: helped.length },
    });
    return { kind: 'asked', codes: helped.length };
  });
}

import { lockClaim } from '#db/claims';
import { inTransaction } from '#db/transaction';
import { type CampaignScope, isInScope } from '../domain/access';
import { type ActPlan, type ActRefusal, checkWords, refuseAct } from '../domain/acts';
import { CLAIM_APPROVALS, CLAIMS_AT_ONCE } from '../domain/claim';
import { sumYen, type Yen } from '../domain/yen';
import type { Portal } from '../portal';
import { auditAct } from './parts/acts/engine';
import { insertProposal, proposeOnce } from './parts/acts/proposal';
import { weighClaims } from './parts/weigh-claims';

export interface ClaimsProposal {
  readonly staff: { readonly id: string; readonly scope: CampaignScope };
  readonly campaignId: string;
  readonly claimIds: readonly string[];
  readonly reason: string;
  readonly note: string;
  /** The yen that were shown and proved for; another amount is another act. */
  readonly yen: Yen;
}

/**
 * Proposes claims of one campaign for approval (承認), one or many: each must match the register wholly. A second person
 * decides; then a job makes the grants, and each claim is looked at once more. @returns why not, and nothing is written
 */
export async function proposeClaims(
  portal: Portal,
  request: ClaimsProposal,
): Promise<{ readonly kind: 'proposed'; readonly approvalId: string } | ActRefusal> {
  const { staff, campaignId, reason, note } = request;
  if (!isInScope(staff.scope, campaignId)) return refuseAct('not_found');
  const wrong = checkWords(CLAIM_APPROVALS, request);
  if (wrong) return wrong;
  // In the order of their ids: two proposals lock them in the same order.
  const claimIds = [...new Set(request.claimIds)].sort().slice(0, CLAIMS_AT_ONCE);
  const [first] = claimIds;
  if (first === undefined) return refuseAct('not_found');
  return proposeOnce(() =>
    inTransaction(portal.db, async (trx) => {
      for (const id of claimIds) {
        const claim = await lockClaim(trx, id);
        if (claim?.campaignId !== campaignId || claim.state !== 'checking') return refuseAct('changed_meanwhile');
      }
      const campaign = await trx.selectFrom('campaigns').select('redeem_until').where('id', '=', campaignId).executeTakeFirstOrThrow();
      // Nothing is granted after the deadline; who approved it would wait for nothing.
      if (portal.clock.now() >= campaign.redeem_until) return refuseAct('closed');
      const weighed = await weighClaims(trx, claimIds);
      const yen = sumYen([...weighed.values()]);
      if (yen !== request.yen || [...weighed.values()].includes(0n)) return refuseAct('changed_meanwhile');
      const plan: ActPlan = {
        input: { claims: claimIds.join(' ') },
        yen: Number(yen),
        before: { state: 'checking', count: claimIds.length },
        after: { state: 'claim_approved', count: claimIds.length },
      };
      const now = portal.clock.now();
      const approval = await insertProposal(trx, {
        id: portal.crypto.newId(now),
        campaignId,
        act: 'approve_claims',
        subject: { kind: 'claims', id: first },
        plan,
        reason,
        note,
        staffId: staff.id,
        now,
      });
      await trx
        .insertInto('approval_claims')
        .values(claimIds.map((id) => ({ approval_id: approval.id, claim_id: id, campaign_id: campaignId, yen: weighed.get(id) ?? 0n })))
        .execute();
      await auditAct(portal, trx, approval, { act: 'approve_claims.proposed', staffId: staff.id, now, detail: { count: claimIds.length } });
      return { kind: 'proposed', approvalId: approval.id };
    }),
  );
}

import { listFailedRedemptions } from '#db/bulk-items';
import { listCodes } from '#db/redemptions';
import { inTransaction } from '#db/transaction';
import { type CampaignScope, isInScope } from '../domain/access';
import { ACT_RULES, type ActPlan, type ActRefusal, checkWords, refuseAct } from '../domain/acts';
import { sumYen } from '../domain/yen';
import type { Portal } from '../portal';
import { auditAct } from './parts/acts/engine';
import { insertProposal, proposeOnce } from './parts/acts/proposal';

/** Acts that can be proposed for many at once. */
export const BULK_ACTS = ['reissue', 'give_back'] as const;
export type BulkAct = (typeof BULK_ACTS)[number];

/** One proposal names so many at most: both people must be able to judge it, and it must end the same day. */
export const BULK_MOST = 2_000;

export interface BulkRequest {
  readonly staff: { readonly id: string; readonly scope: CampaignScope };
  readonly act: BulkAct;
  readonly campaignId: string;
  readonly provider: string;
  /** Only those that failed for this reason; null for all. */
  readonly declined: string | null;
  /** Only these; null for all that fit. */
  readonly redemptionIds: readonly string[] | null;
  readonly reason: string;
  readonly note: string;
}

/**
 * Proposes one act on many failed redemptions of one campaign and provider. Every single one is planned again when it
 * is its turn. @returns the proposal, or why not: nothing fits, no reason, somebody proposed the same already
 */
export async function proposeBulk(
  portal: Portal,
  request: BulkRequest,
): Promise<{ kind: 'proposed'; approvalId: string; count: number; yen: bigint } | ActRefusal> {
  const { staff, act, campaignId, provider, declined, redemptionIds, reason, note } = request;
  if (!isInScope(staff.scope, campaignId)) return refuseAct('not_found');
  const wrong = checkWords(ACT_RULES[act].reasons, request);
  if (wrong) return wrong;
  return proposeOnce(() =>
    inTransaction(portal.db, async (trx) => {
      const failed = await listFailedRedemptions(trx, { campaignId, provider, reason: declined, ids: redemptionIds, limit: BULK_MOST });
      if (failed.length === 0) return refuseAct('not_failed');
      const codes = await listCodes(
        trx,
        failed.map(({ id }) => id),
      );
      const items = failed
        .map(({ id, grantId }) => ({
          redemptionId: id,
          grantId,
          yen: sumYen((codes.get(id) ?? []).filter((code) => code.situation === 'failed').map((code) => code.yen)),
        }))
        .filter(({ yen }) => yen > 0n);
      const yen = sumYen(items.map((item) => item.yen));
      const plan: ActPlan = {
        input: { campaign: campaignId, provider, ...(declined ? { declined } : {}) },
        yen: Number(yen),
        before: { state: 'failed', provider, count: items.length },
        after: act === 'reissue' ? { state: 'issuing', provider } : { state: 'cancelled' },
      };
      const now = portal.clock.now();
      const approval = await insertProposal(trx, {
        id: portal.crypto.newId(now),
        campaignId,
        act: `bulk_${act}`,
        subject: { kind: 'bulk', id: `${campaignId}/${provider}` },
        plan,
        reason,
        note,
        staffId: staff.id,
        now,
      });
      await trx
        .insertInto('approval_items')
        .values(
          items.map((item, index) => ({
            approval_id: approval.id,
            position: index + 1,
            campaign_id: campaignId,
            grant_id: item.grantId,
            redemption_id: item.redemptionId,
            yen: item.yen,
          })),
        )
        .execute();
      await auditAct(portal, trx, approval, { act: `bulk_${act}.proposed`, staffId: staff.id, now, detail: { count: items.length } });
      return { kind: 'proposed', approvalId: approval.id, count: items.length, yen };
    }),
  );
}

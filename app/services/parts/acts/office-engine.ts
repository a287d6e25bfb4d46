import { findCampaign } from '#db/campaigns';
import type { Trx } from '#db/database';
import type { Approval } from '#db/tables/staff';
import type { ActPlan } from '../../../domain/acts';
import type { OfficeActName } from '../../../domain/office-acts';
import type { Portal } from '../../../portal';
import { changeSettings } from './change-campaign';
import { decideCase } from './decide-case';
import { auditAct, endApproval } from './engine';
import { extendAllCoupons, extendOneCoupon } from './extend-coupons';
import type { OfficeAct, OfficeContext } from './office-act';
import { putBackOnCoupon } from './put-back';

/** The acts of the office, by name. */
export const OFFICE_ACT_PARTS: Readonly<Record<OfficeActName, OfficeAct>> = {
  put_back: putBackOnCoupon,
  extend_coupon: extendOneCoupon,
  extend_coupons: extendAllCoupons,
  decide_case: decideCase,
  change_campaign: changeSettings,
};

/** What an act of the office works with; null when there is no such campaign. */
export async function openOfficeContext(portal: Portal, trx: Trx, campaignId: string): Promise<OfficeContext | null> {
  const campaign = await findCampaign(trx, campaignId);
  return campaign && { portal, trx, campaign, now: portal.clock.now() };
}

/** Does what an approval gives leave for and notes how it ended. Runs behind the approval's lock. */
export async function carryOutOffice(
  context: OfficeContext,
  act: OfficeActName,
  approval: Approval,
  by: { staffId: string },
): Promise<'done' | 'running'> {
  const { portal, trx, now } = context;
  const leave = { approvalId: approval.id, staffId: approval.proposed_by, reason: approval.reason };
  const outcome = await OFFICE_ACT_PARTS[act].carryOut(context, approval.plan as ActPlan, leave);
  if (outcome === 'done') await endApproval(trx, approval.id, { state: 'done', outcome: null, now });
  await auditAct(portal, trx, approval, { act: `${act}.${outcome === 'done' ? 'done' : 'started'}`, staffId: by.staffId, now });
  return outcome;
}

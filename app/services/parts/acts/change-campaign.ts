import { changeCampaign, findCampaignVersion, hasGrants, listStoredOffers, lockCampaign } from '#db/campaigns';
import { type ActPlan, type ActRefusal, refuseAct } from '../../../domain/acts';
import { campaignDifference, namesOf } from '../../../domain/campaign-difference';
import { campaignContent, fileOfContent, fileOfStored, toStore } from '../../../domain/campaign-store';
import { exclusiveDeadline } from '../../../domain/deadline';
import { actorOf } from './act';
import type { OfficeAct, OfficeContext, OfficePlan } from './office-act';

/**
 * Changes what takes two people in a programme: dates that are known already, and limits that rise. What is stored is
 * exactly what both people saw, over the version that they saw it with.
 */
export const changeSettings: OfficeAct = {
  async plan({ trx, campaign: { id }, now }: OfficeContext, { content = '', base = '' }): Promise<OfficePlan | ActRefusal> {
    // Locked, so that no other version comes between what is compared here and what is stored.
    const campaign = await lockCampaign(trx, id);
    const after = fileOfContent(id, content);
    // Only its one form: nothing stands in it that the difference would not show.
    if (!campaign || !after || campaignContent(toStore(after)) !== content) return refuseAct('not_found');
    // Whatever came meanwhile would be undone by a content that knows nothing of it.
    if (base !== String(await findCampaignVersion(trx, id))) return refuseAct('changed_meanwhile');
    const later = exclusiveDeadline(new Date(after.redeemUntil));
    const moves = later.getTime() !== campaign.redeemUntil.getTime();
    if (moves && (later < campaign.redeemUntil || now >= campaign.redeemUntil) && (await hasGrants(trx, id))) {
      return refuseAct('deadline_not_later');
    }
    const before = fileOfStored({ ...campaign, offers: await listStoredOffers(trx, id) });
    const difference = campaignDifference(before, after);
    if (namesOf(difference).length === 0) return refuseAct('nothing_changes');
    return { subject: { kind: 'campaign', id }, plan: { input: { content, base }, yen: 0, ...difference } };
  },
  async carryOut({ trx, campaign, now }, { input }: ActPlan, leave): Promise<'done'> {
    await changeCampaign(trx, campaign.id, input.content ?? '', {
      actor: actorOf(leave.staffId),
      note: leave.reason,
      at: now,
      approvalId: leave.approvalId,
      base: Number(input.base),
    });
    return 'done';
  },
};

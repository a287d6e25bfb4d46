import type { CheckedCampaign, MessageFit } from '../domain/campaign-check';
import { messageFit } from '../messages/fit';
import type { StaffVisit } from './staff-visit';

/** How a programme's messages come out with the links of this portal. */
export function fitOfMessages(
  { context }: Pick<StaffVisit, 'context'>,
  campaign: Pick<CheckedCampaign, 'settings' | 'redeemUntil' | 'grantCeilingYen'>,
): MessageFit {
  return messageFit(campaign, context.publicUrl);
}

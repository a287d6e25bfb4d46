import { requestRedemption } from '~/services/request-redemption';
import { insertPerson } from './people';
import type { RecipientSite } from './recipient-site';

/** Somebody whose redemption failed at a provider; with `silent`, nobody knows what became of it. */
export async function insertFailure(
  site: RecipientSite,
  { yen = 1_357, provider = 'nanaco', fate = 'refused' }: { yen?: number; provider?: string; fate?: 'refused' | 'silent' } = {},
): Promise<{ grantId: string; redemptionId: string }> {
  const grantId = await insertPerson(site.owner, site.campaignId, { name: '高橋 花子', phone: '+819000000417', yen });
  const answer = await requestRedemption(site.portal, {
    grantId,
    requestKey: site.portal.crypto.newKey(),
    choices: [{ provider, yen: BigInt(yen) }],
  });
  if (answer.kind !== 'accepted') throw new Error(answer.reason);
  site.fate = fate;
  await site.issue(grantId);
  site.fate = 'well';
  return { grantId, redemptionId: answer.redemptionIds[0] ?? '' };
}

import { chooseCampaign } from '../auth/choose-campaign';
import { previewHelp, previewRecipient } from '../auth/preview';
import { previewClaim } from '../auth/preview-claim';
import { previewClaimMail, previewMessages } from '../auth/preview-messages';
import { maySee, notFound, type StaffVisit, staffPage } from '../auth/staff-visit';
import type { Visit } from '../auth/visit';
import { readWrittenTime } from '../domain/japan-time';
import { previewedMail, previewedState, readPreviewPage } from '../domain/preview-page';
import { textsIn } from '../i18n/texts';
import { findPreview } from '../views/preview';

/** An odd amount, as most are. */
const SAMPLE_YEN = 1_357n;

/**
 * A public page of a programme as a sample person sees it at any moment: the page itself, under the banner of a moved
 * clock. Nothing is written; its forms lead nowhere, for they belong to no session.
 */
export const loader = staffPage('admin.campaigns_.preview', async (visit) => {
  const { query, portal } = visit;
  if (query.one('campaign') === null) return chooseCampaign(visit, visit.t('campaign.preview.page'));
  const campaignId = query.one('campaign');
  const page = readPreviewPage(query.one('page'));
  if (!campaignId || !page || !maySee(visit, campaignId)) return notFound(visit);
  const at = readWrittenTime(query.one('at') ?? '')?.at ?? visit.now;
  const shown = publicVisit(visit, at);
  if (page === 'invitation' || page === 'reminder')
    return (await previewMessages(visit, { campaignId, purpose: page, at })) ?? notFound(visit);
  const preview = await findPreview(portal, { campaignId, yen: SAMPLE_YEN, at });
  if (!preview) return notFound(visit);
  const told = previewedMail(page);
  if (told) return preview.claims ? previewClaimMail(visit, { site: preview.claims, state: told, yen: SAMPLE_YEN, at }) : notFound(visit);
  switch (page) {
    case 'recover':
    case 'check':
      return previewHelp(shown, page, preview);
    case 'recipient':
    case 'confirm':
    case 'progress':
    case 'codes':
    case 'code':
      return previewRecipient(shown, page, preview);
    default:
      return preview.claims ? previewClaim(shown, page, previewedState(page), preview.claims) : notFound(visit);
  }
});

/** The same request as the public would make it, at another time. */
function publicVisit({ context, request, url, query, params, t }: StaffVisit, at: Date): Visit {
  return { context: { ...context, rehearsal: at }, request, url, query, params, t: textsIn(t.language), now: at };
}

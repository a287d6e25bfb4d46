import { showClaimHome } from '../auth/claim-visit';
import { chooseSentence } from '../auth/recipient-sentence';
import { maySee, notFound, type StaffVisit, staffPage } from '../auth/staff-visit';
import { faceOfPage, refusalPage, show, type Visit } from '../auth/visit';
import { ChoosePage } from '../components/choose-page';
import { readWrittenTime } from '../domain/japan-time';
import { writePhrase } from '../domain/phrase';
import { refuse } from '../domain/refusal';
import { claimTextsIn } from '../i18n/claim';
import { textsIn } from '../i18n/texts';
import { findPreview } from '../views/preview';

/** An odd amount, as most are. */
const SAMPLE_YEN = 1_357n;
/** Two of the words; nobody's link has them by more than chance. */
const SAMPLE_PHRASE = { first: 'かんざし', second: 'おにぎり' };

/**
 * A public page of a programme as a sample person sees it at any moment: the page itself, under the banner of a moved
 * clock. Nothing is written; its forms lead nowhere, for they belong to no session.
 */
export const loader = staffPage('admin.campaigns_.preview', async (visit) => {
  const { query, portal } = visit;
  const campaignId = query.one('campaign');
  const at = readWrittenTime(query.one('at') ?? '')?.at ?? visit.now;
  const preview = campaignId && maySee(visit, campaignId) ? await findPreview(portal, { campaignId, yen: SAMPLE_YEN, at }) : null;
  if (!preview) return notFound(visit);
  const shown = publicVisit(visit, at);
  if (query.one('page') === 'claim')
    return preview.claims ? showClaimHome({ ...shown, c: claimTextsIn(shown.t.language) }, preview.claims) : notFound(visit);
  const { recipient } = preview;
  if (!recipient.grant.open)
    return refusalPage(
      { ...shown, page: recipient, session: { grantId: '', generation: 1, sid: '', seenAt: at }, token: '' },
      refuse('closed'),
    );
  const words = chooseSentence(shown.t, recipient);
  return show(
    shown,
    words.title,
    <ChoosePage
      t={shown.t}
      words={words}
      token=""
      office={recipient.campaign}
      announced={recipient.campaign.announced}
      grant={recipient.grant}
      offers={recipient.offers.map((offer) => ({ offer, face: faceOfPage(recipient, portal, offer.provider) }))}
      phrase={writePhrase(SAMPLE_PHRASE, shown.t.language)}
      hasCodes={false}
      chosen={null}
      missing={false}
    />,
    { office: recipient.campaign },
  );
});

/** The same request as the public would make it, at another time. */
function publicVisit({ context, request, url, query, params, t }: StaffVisit, at: Date): Visit {
  return { context: { ...context, rehearsal: at }, request, url, query, params, t: textsIn(t.language), now: at };
}

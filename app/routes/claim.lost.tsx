import { type ClaimVisit, claimForm, claimPage, showClaim } from '../auth/claim-visit';
import { refusalPage } from '../auth/visit';
import { ClaimLostPage } from '../components/claim/lost-page';
import { readMail } from '../domain/contact';
import { refuse } from '../domain/refusal';
import { sendLostNumber } from '../services/send-lost-number';

/** "I lost my reference number." */
export const loader = claimPage((visit) => lostPage(visit, {}));

/** Answers the same for every address that can be read. */
export const action = claimForm(async (visit, form) => {
  const { context, site, c } = visit;
  const typed = (form.one('mail') ?? '').slice(0, 254);
  const mail = readMail(typed);
  if (!mail) return lostPage(visit, { typed, error: c(typed.trim() === '' ? 'error.missing.mail' : 'error.malformed.mail') });
  const allowed = await context.limits.allowClaim('ask', { ip: context.clientIp, number: mail.toLowerCase() });
  if (!allowed.ok) return refusalPage(visit, refuse('too_many_requests'), allowed.retryAfterSeconds);
  await sendLostNumber(context.portal, { campaignId: site.id, mail });
  return lostPage(visit, { asked: true });
});

function lostPage(
  visit: ClaimVisit,
  { typed = '', error = null, asked = false }: { typed?: string; error?: string | null; asked?: boolean },
) {
  const { t, c, site, token } = visit;
  const page = <ClaimLostPage t={t} c={c} token={token} programme={site.id} typed={typed} error={error} asked={asked} />;
  return showClaim(visit, c(asked ? 'lost.asked' : 'lost.title'), page, { status: error ? 422 : 200 });
}

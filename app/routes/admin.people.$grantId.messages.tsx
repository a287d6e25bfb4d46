import { maySee, notFound, showConsole, staffPage } from '../auth/staff-visit';
import { SentPage } from '../components/console/sent-page';
import { isPermitted } from '../domain/access';
import { ACT_RULES } from '../domain/acts';
import { findGrantCampaign, isId } from '../views/person-page';
import { findSent } from '../views/sent';

/** Every message to one person, in plain words, and when their link was opened. */
export const loader = staffPage('admin.people.$grantId.messages', async (visit) => {
  const { t, portal, params, staff } = visit;
  const grantId = params.grantId ?? '';
  const campaignId = isId(grantId) ? await findGrantCampaign(portal, grantId) : null;
  if (!campaignId || !maySee(visit, campaignId)) return notFound(visit);
  const sent = await findSent(portal, grantId);
  if (!sent) return notFound(visit);
  const mayResend = isPermitted(staff.role, ACT_RULES.resend.permission);
  return showConsole(
    visit,
    t('sent.title', { number: sent.number }),
    <SentPage t={t} grantId={grantId} sent={sent} mayResend={mayResend} />,
  );
});

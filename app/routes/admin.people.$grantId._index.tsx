import { recipientSentence } from '../auth/recipient-sentence';
import { maySee, notFound, type StaffVisit, showConsole, staffForms, staffPage } from '../auth/staff-visit';
import { PersonView, type Unmasking } from '../components/console/person-page';
import { reasonText } from '../components/console/reason-text';
import { japanMidnight } from '../domain/japan-time';
import { LANGUAGES, textsIn } from '../i18n/texts';
import { isUnmaskReason, UNMASK_REASONS, unmaskContact } from '../services/unmask-contact';
import { findProposal } from '../views/act-form';
import { countUnmasked, findContact, findGrantCampaign, findPersonPage } from '../views/person-page';
import { findRelated } from '../views/person-related';

/** Everything about one person. */
export const loader = staffPage('admin.people.$grantId._index', async (visit) => {
  const own = await findOwn(visit);
  return own ? personPage(visit, own.grantId, {}) : notFound(visit);
});

export const action = staffForms('admin.people.$grantId._index', {
  /** Shows the whole contact on this answer only; it is in no address and asked for again after the next step. */
  async unmask(visit, form) {
    const own = await findOwn(visit);
    if (!own) return notFound(visit);
    const reason = form.one('reason');
    if (!isUnmaskReason(reason)) return personPage(visit, own.grantId, { error: true }, 422);
    await unmaskContact(visit.portal, { ...own, staffId: visit.staff.id, reason, now: visit.now });
    return personPage(visit, own.grantId, { contact: await findContact(visit.portal, own.grantId), chosen: reason });
  },
});

/** The grant of the address, if there is one that this member of staff may see. */
async function findOwn(visit: StaffVisit): Promise<{ grantId: string; campaignId: string } | null> {
  const { grantId } = visit.params;
  const campaignId = await findGrantCampaign(visit.portal, grantId);
  return grantId && campaignId && maySee(visit, campaignId) ? { grantId, campaignId } : null;
}

async function personPage(
  visit: StaffVisit,
  grantId: string,
  unmasking: Omit<Unmasking, 'reasons' | 'today'>,
  status = 200,
): Promise<Response> {
  const { portal, staff, now, t } = visit;
  const person = await findPersonPage(portal, { grantId, role: staff.role, now });
  if (!person) return notFound(visit);
  const today = await countUnmasked(portal, { staffId: staff.id, since: japanMidnight(now) });
  const sentences = LANGUAGES.map((language) => ({ language, ...recipientSentence(textsIn(language), person.recipient, now) }));
  return showConsole(
    visit,
    person.recipient.grant.number,
    <PersonView
      t={t}
      token={visit.token}
      person={person}
      related={await findRelated(portal, grantId)}
      // The reader's own language first; the recipient can have switched to either.
      sentences={sentences.sort((a) => (a.language === t.language ? -1 : 1))}
      said={await sayDone(visit, grantId)}
      unmasking={{ ...unmasking, reasons: UNMASK_REASONS, today }}
    />,
    { status },
  );
}

const DID = ['resend', 'freeze', 'release', 'ask_again'] as const;

/** What now happens after an act: read from what is stored, never from the address. */
async function sayDone({ portal, query, t }: StaffVisit, grantId: string): Promise<string | null> {
  const proposal = await findProposal(portal, { grantId, approvalId: query.one('approval') });
  if (proposal) {
    const known = (['proposed', 'approved', 'done'] as const).find((state) => state === proposal.state) ?? 'other';
    const act = reasonText(t, `act.${proposal.act}`);
    return t(`acts.said.${known}`, { act, yen: t.yen(proposal.yen), until: t.moment(proposal.expiresAt) });
  }
  const did = DID.find((act) => act === query.one('did'));
  if (!did) return null;
  return t(`acts.did.${did}`);
}

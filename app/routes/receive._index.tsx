import { choiceQuery } from '../auth/choices';
import { phraseOfVisit } from '../auth/phrase';
import { chooseSentence, recipientSentence } from '../auth/recipient-sentence';
import { faceOf, forRecipient, goTo, onForm, type RecipientVisit, refusalPage, show } from '../auth/visit';
import { ChoosePage } from '../components/choose-page';
import { refuse } from '../domain/refusal';

/** The residual page. */
export const loader = forRecipient((visit) => {
  const { page } = recipientSentence(visit.t, visit.page, visit.now);
  if (page === 'frozen' || page === 'closed') return refusalPage(visit, refuse(page));
  // Whoever has chosen everything sees what came of it; after the deadline that is all there is to see.
  return page === 'choose' ? choosePage(visit, { missing: false, status: 200 }) : goTo(`/receive/${page}`);
});

/** A choice; nothing is written, it only leads to the confirmation. */
export const action = onForm((visit, form) => {
  const { page } = visit;
  if (!form.has('provider')) return choosePage(visit, { missing: true, status: 422 });
  const offer = page.offers.find(({ provider }) => provider === form.one('provider'));
  if (!page.grant.open) return refusalPage(visit, refuse('closed'));
  if (page.grant.frozen) return refusalPage(visit, refuse('frozen'));
  if (!offer) return refusalPage(visit, refuse('offer_unknown'));
  if (offer.paused) return refusalPage(visit, refuse('offer_paused', { provider: offer.provider }));
  if (page.grant.residualYen === 0n) return refusalPage(visit, refuse('nothing_left'));
  if (offer.mostYen === 0n) return refusalPage(visit, refuse('amount_not_possible', { provider: offer.provider }));
  return goTo(`/receive/confirm?${choiceQuery([{ provider: offer.provider, yen: offer.mostYen }])}`);
});

function choosePage(visit: RecipientVisit, { missing, status }: { missing: boolean; status: number }): Response {
  const { t, token, page } = visit;
  return show(
    visit,
    t('choose.title'),
    <ChoosePage
      t={t}
      words={chooseSentence(t, page)}
      token={token}
      office={page.campaign}
      announced={page.campaign.announced}
      grant={page.grant}
      offers={page.offers.map((offer) => ({ offer, face: faceOf(visit, offer.provider) }))}
      phrase={phraseOfVisit(visit)}
      hasCodes={page.grant.issuedYen > 0n}
      chosen={visit.query.one('provider')}
      missing={missing}
    />,
    { status },
  );
}

import { choiceQuery } from '../auth/choices';
import { isWaiting } from '../auth/progress';
import { faceOf, forRecipient, goTo, onForm, type RecipientVisit, refusalPage, show } from '../auth/visit';
import { ChoosePage } from '../components/choose-page';
import { refuse } from '../domain/refusal';

/** The residual page. */
export const loader = forRecipient((visit) => {
  const { grant, redemptions } = visit.page;
  if (grant.frozen) return refusalPage(visit, refuse('frozen'));
  // Whoever has chosen everything sees what came of it; after the deadline that is all there is to see.
  if (grant.residualYen === 0n && redemptions.length > 0) {
    const onlyWaiting = grant.issuedYen === 0n && redemptions.some(({ state }) => isWaiting(state));
    return goTo(onlyWaiting ? '/receive/progress' : '/receive/codes');
  }
  if (!grant.open) return refusalPage(visit, refuse('closed'));
  return choosePage(visit, { missing: false, status: 200 });
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
      token={token}
      office={page.campaign}
      grant={page.grant}
      offers={page.offers.map((offer) => ({ offer, face: faceOf(visit, offer.provider) }))}
      hasCodes={page.grant.issuedYen > 0n}
      chosen={visit.query.one('provider')}
      missing={missing}
    />,
    { status },
  );
}

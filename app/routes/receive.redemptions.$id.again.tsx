import { z } from 'zod';
import { choiceQuery, readChoices } from '../auth/choices';
import { faceOf, forRecipient, goTo, onForm, type RecipientVisit, refusalPage, show } from '../auth/visit';
import { AgainPage } from '../components/again-page';
import { ConfirmPage } from '../components/confirm-page';
import { offerFor } from '../components/offer-facts';
import { type Choice, decideAllocation } from '../domain/offer';
import { refuse } from '../domain/refusal';
import { replaceRedemption } from '../services/replace-redemption';
import { type RedemptionView, wasReplaced } from '../views/recipient-page';

/** Another way for what surely was not issued: the choice, then (with `c` in the address) its confirmation. */
export const loader = forRecipient(async (visit) => {
  const failed = ownRedemption(visit);
  if (!failed) return noneToReplace(visit);
  if (failed.state !== 'failed') return refusalPage(visit, refuse('not_failed'));
  if (visit.page.grant.frozen) return refusalPage(visit, refuse('frozen'));
  if (!visit.query.has('c')) return choicePage(visit, failed, { missing: false, status: 200 });
  const choices = readChoices(visit.query);
  return choices ? confirmPage(visit, failed, choices) : refusalPage(visit, refuse('amount_invalid'));
});

/** Without a request key it is the choice, which leads to the confirmation; with one it is the decision. */
export const action = onForm(async (visit, form) => {
  if (form.has('key') || form.has('c')) {
    // The service looks whose it is, and first whether this was confirmed before: then it is `failed` no more.
    const redemptionId = z.uuid().safeParse(visit.params.id).data;
    if (!redemptionId) return refusalPage(visit, refuse('not_found'));
    const choices = readChoices(form);
    const requestKey = form.one('key');
    if (!choices || choices.length === 0) return refusalPage(visit, refuse('amount_invalid'));
    if (requestKey === null) return refusalPage(visit, refuse('request_key_invalid'));
    const { grantId } = visit.session;
    const result = await replaceRedemption(visit.context.portal, { grantId, redemptionId, requestKey, choices });
    return result.kind === 'accepted' ? goTo('/receive/progress') : refusalPage(visit, result);
  }
  const failed = ownRedemption(visit);
  if (!failed) return noneToReplace(visit);
  if (failed.state !== 'failed') return refusalPage(visit, refuse('not_failed'));
  if (!form.has('provider')) return choicePage(visit, failed, { missing: true, status: 422 });
  const chosen = offersFor(visit, failed).find(({ offer }) => offer.provider === form.one('provider'))?.offer;
  if (!chosen) return refusalPage(visit, refuse('offer_unknown'));
  if (chosen.paused) return refusalPage(visit, refuse('offer_paused', { provider: chosen.provider }));
  if (chosen.mostYen === 0n) return refusalPage(visit, refuse('amount_not_possible', { provider: chosen.provider }));
  return goTo(`${visit.url.pathname}?${choiceQuery([{ provider: chosen.provider, yen: chosen.mostYen }])}`);
});

function ownRedemption({ page, params }: RecipientVisit): RedemptionView | null {
  return page.redemptions.find(({ id }) => id === params.id) ?? null;
}

/** Already chosen anew, or not there at all. */
async function noneToReplace(visit: RecipientVisit): Promise<Response> {
  const redemptionId = z.uuid().safeParse(visit.params.id).data;
  const { grantId } = visit.session;
  const replaced = redemptionId !== undefined && (await wasReplaced(visit.context.portal.db, { grantId, redemptionId }));
  return refusalPage(visit, refuse(replaced ? 'not_failed' : 'not_found'));
}

function offersFor(visit: RecipientVisit, failed: RedemptionView) {
  const { grant, offers } = visit.page;
  const mayLeave = grant.open ? { residualYen: grant.residualYen } : null;
  return offers.map((offer) => ({ offer: offerFor(offer, failed.failedYen, offers, mayLeave), face: faceOf(visit, offer.provider) }));
}

function choicePage(visit: RecipientVisit, failed: RedemptionView, { missing, status }: { missing: boolean; status: number }): Response {
  const { t, token, page } = visit;
  const yen = failed.failedYen;
  return show(
    visit,
    t('again.title', { yen: t.yen(yen) }),
    <AgainPage
      t={t}
      token={token}
      office={page.campaign}
      number={page.grant.number}
      redemptionId={failed.id}
      failed={faceOf(visit, failed.provider)}
      yen={yen}
      afterDeadline={!page.grant.open}
      offers={offersFor(visit, failed)}
      missing={missing}
    />,
    { status },
  );
}

function confirmPage(visit: RecipientVisit, failed: RedemptionView, choices: readonly Choice[]): Response | Promise<Response> {
  const { t, token, page, url } = visit;
  const foreseen = decideAllocation(
    failed.failedYen,
    choices,
    page.offers.map((each) => each.facts),
  );
  if (foreseen.kind === 'refused') return refusalPage(visit, foreseen);
  return show(
    visit,
    t('confirm.title'),
    <ConfirmPage
      t={t}
      token={token}
      requestKey={visit.context.portal.crypto.newKey()}
      action={url.pathname}
      parts={foreseen.redemptions.map((part) => ({ ...part, face: faceOf(visit, part.provider) }))}
      rest={null}
      backHref={url.pathname}
    />,
  );
}

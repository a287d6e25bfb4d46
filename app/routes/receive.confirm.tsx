import { choiceQuery, readChoices } from '../auth/choices';
import { faceOf, forRecipient, goTo, onForm, refusalPage, show } from '../auth/visit';
import { ConfirmPage } from '../components/confirm-page';
import { decideAllocation } from '../domain/offer';
import { refuse } from '../domain/refusal';
import { sumYen } from '../domain/yen';
import { requestRedemption } from '../services/request-redemption';

/** The choice once more; still reversible. */
export const loader = forRecipient((visit) => {
  const { t, token, page, query } = visit;
  const { grant } = page;
  if (!query.has('c')) return goTo('/receive');
  if (!grant.open) return refusalPage(visit, refuse('closed'));
  if (grant.frozen) return refusalPage(visit, refuse('frozen'));
  if (grant.residualYen === 0n) return refusalPage(visit, refuse('nothing_left'));
  const choices = readChoices(query);
  if (!choices) return refusalPage(visit, refuse('amount_invalid'));
  const foreseen = decideAllocation(
    grant.residualYen,
    choices,
    page.offers.map((each) => each.facts),
  );
  if (foreseen.kind === 'refused') return refusalPage(visit, foreseen);
  const restYen = grant.residualYen - sumYen(choices.map((choice) => choice.yen));
  const single = choices.length === 1 ? choices[0] : undefined;
  return show(
    visit,
    t('confirm.title'),
    <ConfirmPage
      t={t}
      token={token}
      requestKey={visit.context.portal.crypto.newKey()}
      action="/receive/confirm"
      parts={foreseen.redemptions.map((part) => ({ ...part, face: faceOf(visit, part.provider) }))}
      rest={restYen > 0n ? { yen: restYen, deadlineAt: grant.deadlineAt, splitHref: `/receive/split?${choiceQuery(choices)}` } : null}
      backHref={single ? `/receive?provider=${single.provider}` : `/receive/split?${choiceQuery(choices)}`}
    />,
  );
});

/** The decision. A repeat leads to the same place without being done twice. */
export const action = onForm(async (visit, form) => {
  const choices = readChoices(form);
  if (!form.has('c')) return refusalPage(visit, refuse('nothing_chosen'));
  if (!choices) return refusalPage(visit, refuse('amount_invalid'));
  const requestKey = form.one('key');
  if (requestKey === null) return refusalPage(visit, refuse('request_key_invalid'));
  const result = await requestRedemption(visit.context.portal, { grantId: visit.session.grantId, requestKey, choices });
  return result.kind === 'accepted' ? goTo('/receive/progress') : refusalPage(visit, result);
});

import { choiceQuery, readChoices } from '../auth/choices';
import type { Form } from '../auth/form';
import { faceOf, forRecipient, goTo, onForm, type RecipientVisit, refusalPage, show } from '../auth/visit';
import { SplitPage, splitRuleError } from '../components/split-page';
import { type Choice, decideAllocation } from '../domain/offer';
import { type Refusal, refuse } from '../domain/refusal';
import { readYen, sumYen, type Yen } from '../domain/yen';
import type { Texts } from '../i18n/texts';
import type { OfferView } from '../views/recipient-page';

/** The residual over several ways; prefilled when one comes back from the confirmation. */
export const loader = forRecipient((visit) => {
  const closed = cannotChoose(visit);
  if (closed) return refusalPage(visit, closed);
  const typed = new Map(readChoices(visit.query)?.map(({ provider, yen }) => [provider, String(yen)]));
  return splitPage(
    visit,
    readRows(visit, (provider) => typed.get(provider) ?? ''),
    { error: null, checked: false, status: 200 },
  );
});

/** Counts again, fills the rest into one way, or goes on to the confirmation. Writes nothing. */
export const action = onForm((visit, form) => {
  const closed = cannotChoose(visit);
  if (closed) return refusalPage(visit, closed);
  const rows = readRows(visit, (provider) => typedFor(form, provider));
  const fill = form.one('fill');
  if (fill !== null) return splitPage(visit, withRest(visit, rows, fill), { error: null, checked: false, status: 200 });
  const problem = rows.some((row) => row.error) ? null : problemOf(visit, rows);
  const wrong = problem !== null || rows.some((row) => row.error);
  if (wrong || form.one('act') !== 'confirm') {
    // Counting again is no mistake, whatever is missing; only a wrong amount is.
    const untouched = form.one('act') !== 'confirm' && rows.every((row) => row.typed === '');
    return splitPage(visit, rows, { error: untouched ? null : problem, checked: true, status: wrong && !untouched ? 422 : 200 });
  }
  return goTo(`/receive/confirm?${choiceQuery(chosen(rows))}`);
});

interface Row {
  readonly offer: OfferView;
  readonly typed: string;
  readonly yen: Yen | null;
  readonly error: string | null;
}

function cannotChoose({ page: { grant } }: RecipientVisit): Refusal | null {
  if (!grant.open) return refuse('closed');
  if (grant.frozen) return refuse('frozen');
  return grant.residualYen === 0n ? refuse('nothing_left') : null;
}

/** What was typed; a field that is doubled or holds control characters is no amount. */
function typedFor(form: Form, provider: string): string {
  return form.has(provider) ? (form.one(provider) ?? '?').slice(0, 40) : '';
}

function readRows(visit: RecipientVisit, typedFor: (provider: string) => string): Row[] {
  const { t, page } = visit;
  return page.offers.map((offer) => {
    const typed = typedFor(offer.provider).trim();
    if (typed === '') return { offer, typed, yen: null, error: null };
    const label = t.own(offer.label);
    const read = readYen(typed);
    if (!read.ok) return { offer, typed, yen: null, error: t(`errors.amount.${read.problem}`, { label }) };
    return { offer, typed: String(read.yen), yen: read.yen, error: rowError(t, offer, read.yen, page.grant.residualYen) };
  });
}

function rowError(t: Texts, offer: OfferView, yen: Yen, residual: Yen): string | null {
  const label = t.own(offer.label);
  const refused = decideAllocation(residual, [{ provider: offer.provider, yen }], [offer.facts]);
  if (refused.kind === 'planned' || refused.reason === 'rest_unredeemable') return null;
  switch (refused.reason) {
    case 'amount_too_large':
      return t('errors.amount.too_large', { label });
    case 'offer_paused':
      return t('errors.amount.paused', { label });
    case 'out_of_stock':
      return t('errors.amount.stock', { label, yen: t.yen(yen) });
    default:
      return splitRuleError(t, label, offer, residual);
  }
}

function chosen(rows: readonly Row[]): Choice[] {
  return rows.flatMap(({ offer, yen }) => (yen === null ? [] : [{ provider: offer.provider, yen }]));
}

/** What is wrong with all of it together. */
function problemOf({ t, page }: RecipientVisit, rows: readonly Row[]): string | null {
  const choices = chosen(rows);
  const refused = decideAllocation(
    page.grant.residualYen,
    choices,
    page.offers.map((each) => each.facts),
  );
  if (refused.kind === 'planned') return null;
  if (refused.reason === 'nothing_chosen') return t('errors.amount.none');
  if (refused.reason === 'rest_unredeemable') return t('errors.amount.rest', { rest: t.yen(refused.yen ?? 0n) });
  return t('errors.amount.sum', { sum: t.yen(sumYen(choices.map((c) => c.yen))), residual: t.yen(page.grant.residualYen) });
}

/** The same rows with all that is left over put into one of them. */
function withRest(visit: RecipientVisit, rows: readonly Row[], provider: string): Row[] {
  const others = sumYen(rows.flatMap(({ offer, yen, error }) => (offer.provider === provider || yen === null || error ? [] : [yen])));
  const rest = visit.page.grant.residualYen - others;
  const own = rows.find(({ offer }) => offer.provider === provider);
  if (!own || rest <= 0n) return [...rows];
  return readRows(visit, (id) => (id === provider ? String(rest) : (rows.find(({ offer }) => offer.provider === id)?.typed ?? '')));
}

function splitPage(
  visit: RecipientVisit,
  rows: readonly Row[],
  options: { error: string | null; checked: boolean; status: number },
): Response {
  const { t, token, page } = visit;
  const { residualYen } = page.grant;
  return show(
    visit,
    t('split.title'),
    <SplitPage
      t={t}
      token={token}
      grant={page.grant}
      rows={rows.map((row) => ({ ...row, face: faceOf(visit, row.offer.provider) }))}
      error={options.error}
      restYen={residualYen - sumYen(chosen(rows.filter((row) => !row.error)).map((choice) => choice.yen))}
    />,
    { status: options.status },
  );
}

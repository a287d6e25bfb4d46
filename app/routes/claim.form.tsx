import { type ClaimVisit, claimForm, claimPage, closedPage, showClaim } from '../auth/claim-visit';
import type { Form } from '../auth/form';
import { goTo } from '../auth/visit';
import { ClaimFormPage } from '../components/claim/form-page';
import { CLAIM_COUPONS_MOST, type ClaimError, EMPTY_CLAIM, readClaim, readPostal, type TypedClaim, withTown } from '../domain/claim-form';
import { saveClaimDraft } from '../services/save-claim-draft';
import { findClaimDraft } from '../views/claim-draft';
import { findTown } from '../views/postal';

/** Nobody reads and fills a form of seven questions in less. */
const QUICKEST_MS = 2_000;
const SHOWN = 'claim-shown';

/** The form, with what was typed in this browser before for this programme and not sent yet. */
export const loader = claimPage(async (visit) => {
  if (visit.window !== 'open') return closedPage(visit);
  const { portal } = visit.context;
  const draft = await findClaimDraft(portal, { campaignId: visit.site.id, secret: visit.secret });
  return formPage(visit, draft ?? EMPTY_CLAIM);
});

/** Keeps what was typed, whatever it is, and goes on when all of it can be read. */
export const action = claimForm(async (visit, form) => {
  if (visit.window !== 'open') return closedPage(visit, true);
  const { portal } = visit.context;
  const typed = typedIn(form);
  const shownAt = portal.crypto.openText(SHOWN, form.one('shown') ?? '');
  await saveClaimDraft(portal, { campaignId: visit.site.id, secret: visit.secret, typed });
  if (form.one('act') === 'add') {
    const full = typed.numbers.length >= CLAIM_COUPONS_MOST;
    return formPage(visit, full ? typed : { ...typed, numbers: [...typed.numbers, ''] }, { shownAt, wrong: full ? 'full' : null });
  }
  if (form.one('act') === 'fill') {
    const postal = readPostal(typed.postal);
    const town = postal && findTown(postal);
    return town
      ? formPage(visit, { ...typed, address: withTown(typed.address, town) }, { shownAt })
      : formPage(visit, typed, { wrong: 'town' });
  }
  if (form.one('company') !== '') return formPage(visit, typed, { wrong: 'trap' });
  if (wasQuick(visit, shownAt)) return formPage(visit, typed, { wrong: 'quick' });
  const read = readClaim(typed);
  return read.ok ? goTo(`/claim/confirm?programme=${visit.site.id}`) : formPage(visit, typed, { errors: read.errors, shownAt });
}, typedAgain);

/** The browser's secret is gone, or it is another: what was typed is all there is, and it is not lost. */
function typedAgain(visit: ClaimVisit, form: Form): Response {
  return visit.window === 'open' ? formPage(visit, typedIn(form), { wrong: 'lapsed' }) : closedPage(visit, true);
}

function typedIn(form: Form): TypedClaim {
  const text = (name: string) => (form.text(name) ?? '').slice(0, 400);
  const numbers = (form.all('numbers') ?? []).slice(0, CLAIM_COUPONS_MOST).map((number) => number.slice(0, 60));
  return {
    name: text('name'),
    kana: text('kana'),
    postal: text('postal'),
    address: text('address'),
    phone: text('phone'),
    mail: text('mail'),
    numbers: numbers.length > 0 ? numbers : [''],
  };
}

/** Whether the form came back sooner than anybody can fill it in; one without its moment is ours from before. */
function wasQuick({ now }: ClaimVisit, shownAt: string | null): boolean {
  return shownAt === null || now.getTime() - Number(shownAt) < QUICKEST_MS;
}

function formPage(
  visit: ClaimVisit,
  typed: TypedClaim,
  {
    errors = [],
    wrong = null,
    shownAt = null,
  }: {
    errors?: readonly ClaimError[];
    shownAt?: string | null;
    wrong?: 'trap' | 'quick' | 'full' | 'town' | 'lapsed' | null;
  } = {},
): Response {
  const { t, c, site, token, now } = visit;
  return showClaim(
    visit,
    c('form.title'),
    <ClaimFormPage
      t={t}
      c={c}
      token={token}
      programme={site.id}
      // A press that adds a row or the town begins nothing anew; after "too quick" pressing again is enough.
      shown={visit.context.portal.crypto.sealText(SHOWN, wrong ? '0' : (shownAt ?? String(now.getTime())))}
      sender={site.settings.senders.mail}
      typed={typed}
      errors={errors}
      wrong={wrong}
    />,
    { status: errors.length > 0 || wrong ? 422 : 200 },
  );
}

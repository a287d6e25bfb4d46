import type { Form } from '../auth/form';
import { type OfficeActQuestion, officeActAnswer, officeActPage, type ShownOfficeAct } from '../auth/office-act';
import { consoleNotice, maySee, notFound, type StaffVisit, showConsole, staffForms, staffPage } from '../auth/staff-visit';
import { CouponActPage } from '../components/console/coupon-act-page';
import { isPermitted } from '../domain/access';
import { OFFICE_ACTS } from '../domain/office-acts';
import { isUuid } from '../domain/uuid';
import { type CouponPage, findCouponPage } from '../views/coupon-page';

const ROUTE = 'admin.coupons.$id.$act';
const ACTS = ['put_back', 'extend_coupon'] as const;
type Act = (typeof ACTS)[number];

/** One act on one coupon. Payments are chosen first, by address; then what it comes to is shown and proposed. */
export const loader = staffPage(ROUTE, async (visit) => {
  const act = ACTS.find((each) => each === visit.params.act);
  if (!act) return notFound(visit);
  const { role } = visit.staff;
  if (!isPermitted(role, OFFICE_ACTS[act].permission)) return consoleNotice(visit, 'forbidden', 403, { role: visit.t(`role.${role}`) });
  const coupon = await findOwn(visit);
  if (!coupon) return notFound(visit);
  return page(visit, act, coupon, { asked: visit.query, shown: await officeActPage(visit, questionOf(act, coupon, visit.query)) });
});

export const action = staffForms(ROUTE, {
  put_back: (visit, form) => propose(visit, form, 'put_back'),
  extend_coupon: (visit, form) => propose(visit, form, 'extend_coupon'),
});

/** The form's act must be the page's: what was shown is what is done. */
async function propose(visit: StaffVisit, form: Form, act: Act): Promise<Response> {
  const coupon = await findOwn(visit);
  if (!coupon || visit.params.act !== act) return notFound(visit);
  const answer = await officeActAnswer(visit, form, questionOf(act, coupon, form));
  return answer instanceof Response ? answer : page(visit, act, coupon, { asked: form, shown: answer }, 422);
}

function questionOf(act: Act, coupon: CouponPage, asked: Form): OfficeActQuestion {
  const { id, campaignId } = coupon.sheet;
  const payments = (asked.all('payment') ?? []).join(' ');
  return { act, campaignId, subject: id, fields: act === 'put_back' ? { coupon: id, payments } : { coupon: id } };
}

async function findOwn(visit: StaffVisit): Promise<CouponPage | null> {
  const { id } = visit.params;
  const coupon = isUuid(id) ? await findCouponPage(visit.portal, id) : null;
  return coupon && maySee(visit, coupon.sheet.campaignId) ? coupon : null;
}

function page(
  visit: StaffVisit,
  act: Act,
  coupon: CouponPage,
  { asked, shown }: { asked: Form; shown: ShownOfficeAct },
  status = 200,
): Promise<Response> {
  const { t, token } = visit;
  const chosen = asked.all('payment') ?? [];
  const title = t(`coupon.act.${act}`);
  return showConsole(visit, title, <CouponActPage t={t} token={token} act={act} coupon={coupon} shown={shown} chosen={chosen} />, {
    status,
  });
}

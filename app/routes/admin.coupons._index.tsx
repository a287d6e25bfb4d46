import { type StaffVisit, showConsole, staffForms, staffPage } from '../auth/staff-visit';
import { goTo } from '../auth/visit';
import { CouponsPage, type CouponsPageProps } from '../components/console/coupons-page';
import { isPermitted } from '../domain/access';
import { findCouponsByNumber } from '../views/coupon-page';

/** Finding a coupon. The number is posted: it stands in no address and no log. */
export const loader = staffPage('admin.coupons._index', (visit) => page(visit, {}));

export const action = staffForms('admin.coupons._index', {
  async find_coupon(visit, form) {
    const typed = form.one('number') ?? '';
    const hits = await findCouponsByNumber(visit.portal, { text: typed, scope: visit.staff.scope });
    if (hits === null) return page(visit, { typed, problem: typed.trim() === '' ? 'missing' : 'unreadable' }, 422);
    const [only, ...others] = hits;
    return only && others.length === 0 ? goTo(`/admin/coupons/${only.id}`) : page(visit, { typed, hits });
  },
});

function page(visit: StaffVisit, shown: Partial<CouponsPageProps>, status = 200): Promise<Response> {
  const { t, token } = visit;
  const own = { typed: '', problem: null, hits: null, seesRegister: isPermitted(visit.staff.role, 'see.register'), ...shown };
  return showConsole(visit, t('coupons.title'), <CouponsPage t={t} token={token} {...own} />, { status });
}

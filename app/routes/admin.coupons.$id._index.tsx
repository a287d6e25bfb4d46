import { maySee, notFound, showConsole, staffPage } from '../auth/staff-visit';
import { CouponView } from '../components/console/coupon-page';
import { isPermitted } from '../domain/access';
import { isUuid } from '../domain/uuid';
import { findCouponPage } from '../views/coupon-page';

/** One coupon: its account, payments, put-backs, validity, and who holds it. */
export const loader = staffPage('admin.coupons.$id._index', async (visit) => {
  const { t, portal, staff, params } = visit;
  const coupon = isUuid(params.id) ? await findCouponPage(portal, params.id) : null;
  if (!coupon || !maySee(visit, coupon.sheet.campaignId)) return notFound(visit);
  const may = (permission: 'put_back' | 'extend_coupon' | 'see.person' | 'see.claims' | 'see.cases' | 'work_case') =>
    isPermitted(staff.role, permission);
  return showConsole(
    visit,
    coupon.sheet.inquiryNumber,
    <CouponView
      t={t}
      coupon={coupon}
      mayPutBack={may('put_back')}
      mayExtend={may('extend_coupon')}
      seesPeople={may('see.person')}
      seesClaims={may('see.claims')}
      seesCases={may('see.cases')}
      startsCase={may('work_case')}
    />,
  );
});

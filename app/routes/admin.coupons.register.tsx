import { chosenOf } from '../auth/choose-campaign';
import { notFound, showConsole, staffPage } from '../auth/staff-visit';
import { CouponRegisterPage } from '../components/console/coupon-register-page';
import { isPermitted } from '../domain/access';
import { listRegisterCampaigns } from '../views/campaign-choices';
import { findCouponRegister } from '../views/coupon-register';

/** The register as a whole: totals, and where it and the file differ. */
export const loader = staffPage('admin.coupons.register', async (visit) => {
  const { t, portal, staff, query } = visit;
  const campaigns = await listRegisterCampaigns(portal, staff.scope);
  const chosen = chosenOf(campaigns, query.one('campaign'));
  if (chosen === 'unknown') return notFound(visit);
  const register = chosen ? await findCouponRegister(portal, chosen.id) : null;
  const mayExtend = isPermitted(staff.role, 'extend_coupons') && register?.takenYen === 0n;
  const shown = { campaigns, chosen, register, mayExtend };
  return showConsole(visit, t('register.title'), <CouponRegisterPage t={t} {...shown} />);
});

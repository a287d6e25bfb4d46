import { ENDED_STAFF_COOKIE } from '../auth/staff-cookie';
import { staffForms, staffPage } from '../auth/staff-visit';
import { signOut } from '../services/sign-out';

/** Only the button ends a session; whoever opens the address goes home. */
export const loader = staffPage('admin.sign-out', () => new Response(null, { status: 303, headers: { location: '/admin' } }));

export const action = staffForms('admin.sign-out', {
  async sign_out(visit) {
    await signOut(visit.portal, { staffId: visit.staff.id, sessionId: visit.session.id, now: visit.now });
    return new Response(null, { status: 303, headers: { location: '/admin/sign-in', 'set-cookie': ENDED_STAFF_COOKIE } });
  },
});

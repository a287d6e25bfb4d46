import { openSid } from '../auth/open-visit';
import { signInByPassword, signInPage } from '../auth/sign-in';
import { consoleNotice, openForms, openPage } from '../auth/staff-visit';

/** The way in: a passkey, or login, password and number. */
export const loader = openPage('admin.sign-in', signInPage);

export const action = openForms('admin.sign-in', openSid, {
  password: signInByPassword,
  passkey: (visit) => consoleNotice(visit, 'form', 403),
});

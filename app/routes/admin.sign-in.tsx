import { openSid } from '../auth/open-visit';
import { signInByPasskey, signInByPassword, signInPage } from '../auth/sign-in';
import { openForms, openPage } from '../auth/staff-visit';

/** The way in: a passkey, or login, password and number. */
export const loader = openPage('admin.sign-in', signInPage);

export const action = openForms('admin.sign-in', openSid, {
  password: signInByPassword,
  passkey: signInByPasskey,
});

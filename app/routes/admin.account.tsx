import { accountPage, addPasskey, confirmTotp, endSession, removePasskey, setPassword, startTotp } from '../auth/account';
import { staffForms, staffPage } from '../auth/staff-visit';

/** One's own account: what one signs in with, and where one is signed in. */
export const loader = staffPage('admin.account', accountPage);

export const action = staffForms('admin.account', {
  add_passkey: addPasskey,
  remove_passkey: removePasskey,
  set_password: setPassword,
  start_totp: startTotp,
  confirm_totp: confirmTotp,
  end_session: endSession,
});

import { acceptPasskey, acceptPassword, acceptTotp, invitationPage } from '../auth/invitation';
import { openSid } from '../auth/open-visit';
import { openForms, openPage } from '../auth/staff-visit';

/** A one-time invitation: an invited person chooses what to sign in with. */
export const loader = openPage('admin.invitations.$token', invitationPage);

export const action = openForms('admin.invitations.$token', openSid, {
  password: acceptPassword,
  totp: acceptTotp,
  passkey: acceptPasskey,
});

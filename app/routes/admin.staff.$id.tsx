import { change, disable, enable, endSessions, inviteAgain, staffMemberPage } from '../auth/staff-member';
import { staffForms, staffPage } from '../auth/staff-visit';

/** One person of the staff. */
export const loader = staffPage('admin.staff.$id', staffMemberPage);

export const action = staffForms('admin.staff.$id', { change, disable, enable, invite_again: inviteAgain, end_sessions: endSessions });

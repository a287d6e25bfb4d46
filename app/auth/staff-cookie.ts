import { readCookie } from './session';

/** Where a member of staff is known by: an unguessable token, in nobody's reach but the browser's own. */
const COOKIE = '__Host-staff';

/** The session token of a request; null when there is none that could be one. */
export function readStaffToken(request: Request): string | null {
  const token = readCookie(request, COOKIE);
  return token && /^[A-Za-z0-9_-]{44}$/.test(token) ? token : null;
}

/** The Set-Cookie line of a session; it goes with the browser. */
export function staffCookie(token: string): string {
  return `${COOKIE}=${token}; Path=/; Secure; HttpOnly; SameSite=Strict`;
}

/** Takes the session away from the browser. */
export const ENDED_STAFF_COOKIE = `${COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0`;

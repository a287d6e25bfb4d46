import { appendAudit } from '#db/audit';
import type { Trx } from '#db/database';
import { endSessions, insertSession } from '#db/staff-sessions';
import type { Portal } from '../../portal';

/** A session ends after so long, whatever is done in it. */
const SESSION_HOURS = 12;

/** By what somebody signed in. */
export type SignInMeans = 'password' | 'passkey';

/** A new token of a session: 256 bits. */
export function newSessionToken(crypto: Pick<Portal['crypto'], 'newKey'>): string {
  return crypto.newKey() + crypto.newKey();
}

/** Begins a session in the transaction of the sign-in and ends the one this browser had. @returns the token of its cookie */
export async function openSession(
  trx: Trx,
  crypto: Portal['crypto'],
  {
    staffId,
    means,
    client,
    previousSessionId,
    now,
  }: { staffId: string; means: SignInMeans; client: string; previousSessionId: string | null; now: Date },
): Promise<string> {
  if (previousSessionId) await endSessions(trx, { sessionId: previousSessionId }, { reason: 'signed_out', now });
  const token = newSessionToken(crypto);
  const id = crypto.newId(now);
  const ends_at = new Date(now.getTime() + SESSION_HOURS * 3_600_000);
  const digest = crypto.tokenDigest('staff-session', token);
  await insertSession(trx, { id, digest, staff_id: staffId, created_at: now, seen_at: now, ends_at, client });
  await appendAudit(trx, {
    id: crypto.newId(now),
    campaignId: null,
    at: now,
    actor: `staff:${staffId}`,
    act: 'sign_in',
    subjectKind: 'session',
    subjectId: id,
    detail: { means },
  });
  return token;
}

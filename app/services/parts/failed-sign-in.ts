import { appendAudit } from '#db/audit';
import type { Trx } from '#db/database';
import type { Portal } from '../../portal';
import type { SignInMeans } from './open-session';

/**
 * Puts a failed sign-in on the record. A login is named only when somebody has it: people type their password into
 * the wrong field. What nobody is called stands as a keyed tag, by which repeated tries can be recognised.
 */
export async function auditFailedSignIn(
  trx: Trx,
  crypto: Pick<Portal['crypto'], 'newId' | 'tag'>,
  { login, known, means, now }: { login: string | null; known: boolean; means: SignInMeans; now: Date },
): Promise<void> {
  await appendAudit(trx, {
    id: crypto.newId(now),
    campaignId: null,
    at: now,
    actor: 'sign-in',
    act: 'sign_in_failed',
    subjectKind: known ? 'login' : 'unknown_login',
    subjectId: known && login !== null ? login : crypto.tag('unknown-login', login ?? ''),
    detail: { means },
  });
}

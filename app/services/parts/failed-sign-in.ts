import { appendAudit } from '#db/audit';
import type { Trx } from '#db/database';
import type { Portal } from '../../portal';
import type { SignInMeans } from './open-session';

/** What happened: one failed, or trying was stopped for a while. */
type FailedAct = { readonly act: 'sign_in_failed'; readonly means: SignInMeans } | { readonly act: 'sign_in_stopped' };

/**
 * Puts a failed or stopped sign-in on the record. A login is named only when somebody has it: people type their password into
 * the wrong field. What nobody is called stands as a keyed tag, by which repeated tries can be recognised.
 */
export async function auditFailedSignIn(
  trx: Trx,
  crypto: Pick<Portal['crypto'], 'newId' | 'tag'>,
  { login, known, now, ...what }: { login: string | null; known: boolean; now: Date } & FailedAct,
): Promise<void> {
  await appendAudit(trx, {
    id: crypto.newId(now),
    campaignId: null,
    at: now,
    actor: 'sign-in',
    act: what.act,
    subjectKind: known ? 'login' : 'unknown_login',
    subjectId: known && login !== null ? login : crypto.tag('unknown-login', login ?? ''),
    ...(what.act === 'sign_in_failed' ? { detail: { means: what.means } } : {}),
  });
}

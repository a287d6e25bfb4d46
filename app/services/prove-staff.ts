import { appendAudit } from '#db/audit';
import type { Trx } from '#db/database';
import { findStaff, takeTotpStep } from '#db/staff';
import { renewSession } from '#db/staff-sessions';
import { inTransaction } from '#db/transaction';
import type { PasskeyPlace } from '../domain/passkey';
import { readTotp } from '../domain/totp';
import type { Portal } from '../portal';
import { newSessionToken } from './parts/open-session';
import { type PasskeyAnswer, verifyPasskey } from './parts/passkey';

/** What somebody who is signed in brings as proof that it is they. */
export type Proof = { readonly kind: 'totp'; readonly number: string } | ({ readonly kind: 'passkey' } & PasskeyAnswer);

export type ProofResult =
  /** The session has this token from now on; null when another request of the session has just given it one. */
  { readonly kind: 'proven'; readonly token: string | null } | { readonly kind: 'refused'; readonly reason: 'wrong' | 'expired' | 'none' };

export interface ProofRequest {
  readonly staffId: string;
  readonly sessionId: string;
  /** The token that the request came with. */
  readonly sessionToken: string;
  /** For which act, for the record of failures. */
  readonly act: string;
  readonly proof: Proof;
  readonly place: PasskeyPlace;
  readonly now: Date;
}

/**
 * Takes a number of the authenticator or an answer of a passkey as proof that the person is at the keyboard, each
 * once, and gives the session a new token.
 */
export async function proveStaff(portal: Pick<Portal, 'db' | 'crypto'>, request: ProofRequest): Promise<ProofResult> {
  const { crypto } = portal;
  const { staffId, sessionId, now, proof } = request;
  return inTransaction(portal.db, async (trx): Promise<ProofResult> => {
    const outcome =
      proof.kind === 'totp' ? await takeNumber(trx, crypto, proof.number, request) : await takePasskey(trx, crypto, proof, request);
    if (outcome !== 'right') {
      if (outcome === 'wrong') {
        await appendAudit(trx, {
          id: crypto.newId(now),
          campaignId: null,
          at: now,
          actor: `staff:${staffId}`,
          act: 'proof_failed',
          subjectKind: 'session',
          subjectId: sessionId,
          detail: { for: request.act, means: proof.kind },
        });
      }
      return { kind: 'refused', reason: outcome };
    }
    const token = newSessionToken(crypto);
    const digestOf = (text: string) => crypto.tokenDigest('staff-session', text);
    const renewed = await renewSession(trx, { sessionId, from: digestOf(request.sessionToken), to: digestOf(token) });
    if (renewed === 'ended') return { kind: 'refused', reason: 'expired' };
    return { kind: 'proven', token: renewed === 'renewed' ? token : null };
  });
}

type Outcome = 'right' | 'wrong' | 'none';

async function takeNumber(trx: Trx, crypto: Portal['crypto'], number: string, { staffId, now }: ProofRequest): Promise<Outcome> {
  const staff = await findStaff(trx, { id: staffId });
  if (!staff?.totp_sealed || !staff.totp_key_id) return 'none';
  const step = readTotp(crypto.open('staff.totp', staff.id, staff.totp_sealed, staff.totp_key_id), number, now);
  return step !== null && (await takeTotpStep(trx, { staffId, step })) ? 'right' : 'wrong';
}

async function takePasskey(
  trx: Trx,
  crypto: Portal['crypto'],
  answer: PasskeyAnswer,
  { staffId, place, now }: ProofRequest,
): Promise<Outcome> {
  const owner = await verifyPasskey(trx, crypto, answer, { place, now });
  return owner?.staffId === staffId ? 'right' : 'wrong';
}

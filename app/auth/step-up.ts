import type { Permission } from '../domain/access';
import { passkeyPlace } from '../domain/passkey';
import { type Proof, proveStaff } from '../services/prove-staff';
import { findStaffKeys } from '../views/staff-keys';
import { issueChallenge, openChallenge } from './challenge';
import type { Form } from './form';
import { proofOptions } from './passkey-options';
import { readStaffToken, staffCookie } from './staff-cookie';
import type { StaffVisit } from './staff-visit';

/** What a proof is good for: one act on one thing for one amount, once. */
export interface StepUpBinding {
  readonly act: Permission;
  /** Of what: an id. */
  readonly subject: string;
  /** Null for acts without an amount. */
  readonly yen: bigint | null;
}

/** What the page needs to ask for the proof. */
export interface StepUpOffer {
  readonly binding: StepUpBinding;
  readonly totp: boolean;
  /** The challenge for the browser's passkey, and the sealed form of it that comes back with the form; null without one. */
  readonly passkey: { readonly options: string; readonly sealed: string } | null;
}

export type StepUpResult =
  | { readonly kind: 'proven'; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'refused'; readonly reason: 'wrong' | 'expired' | 'none' | 'tooMany'; readonly minutes?: number };

/** Prepares the proof that an act's form asks for. */
export async function offerStepUp(visit: StaffVisit, binding: StepUpBinding): Promise<StepUpOffer> {
  const keys = await findStaffKeys(visit.portal, visit.staff.id);
  if (keys.passkeys.length === 0) return { binding, totp: keys.hasTotp, passkey: null };
  const { challenge, sealed } = issueChallenge(visit.portal.crypto, boundTo(visit, binding), visit.now);
  const options = await proofOptions(visit.context.publicUrl, challenge, keys.passkeys);
  return { binding, totp: keys.hasTotp, passkey: { options, sealed } };
}

/**
 * Checks the proof that came with an act's form, against exactly this act, thing and amount. Do the act only after
 * `proven`. The session has a new token; its cookie goes with the answer by itself, whatever that is.
 */
export async function checkStepUp(visit: StaffVisit, form: Form, binding: StepUpBinding): Promise<StepUpResult> {
  const read = readProof(visit, form, binding);
  if (read === 'wrong' || read === 'expired') return { kind: 'refused', reason: read };
  // A passkey cannot be guessed, and so its owner is never kept waiting by somebody's guesses at numbers.
  const verdict = read.kind === 'totp' ? await visit.console.allowProof(visit.staff.id) : null;
  if (verdict && !verdict.ok) return { kind: 'refused', reason: 'tooMany', minutes: Math.ceil(verdict.retryAfterSeconds / 60) };
  const result = await proveStaff(visit.portal, {
    staffId: visit.staff.id,
    sessionId: visit.session.id,
    sessionToken: readStaffToken(visit.request) ?? '',
    act: binding.act,
    proof: read,
    place: passkeyPlace(visit.context.publicUrl),
    now: visit.now,
  });
  if (result.kind === 'refused') return result;
  await verdict?.forgive();
  if (result.token === null) return { kind: 'proven', headers: {} };
  const cookie = staffCookie(result.token);
  visit.renewal.cookie = cookie;
  return { kind: 'proven', headers: { 'set-cookie': cookie } };
}

function readProof(visit: StaffVisit, form: Form, binding: StepUpBinding): Proof | 'wrong' | 'expired' {
  const response = form.one('passkey');
  if (!response) return { kind: 'totp', number: form.one('totp') ?? '' };
  const opened = openChallenge(visit.portal.crypto, form.one('passkey_challenge') ?? '', boundTo(visit, binding), visit.now);
  return typeof opened === 'string' ? opened : { kind: 'passkey', challenge: opened.challenge, response };
}

function boundTo(visit: StaffVisit, { act, subject, yen }: StepUpBinding): string {
  return JSON.stringify(['step-up', visit.session.id, act, subject, yen === null ? null : yen.toString()]);
}

import type { Permission } from '../domain/access';
import { proveStaff, type StepUpResult } from '../services/prove-staff';
import { findStaffKeys } from '../views/staff-keys';
import type { Form } from './form';
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

/** Prepares the proof that an act's form asks for. */
export async function offerStepUp(visit: StaffVisit, binding: StepUpBinding): Promise<StepUpOffer> {
  const keys = await findStaffKeys(visit.portal, visit.staff.id);
  return { binding, totp: keys.hasTotp, passkey: null };
}

/**
 * Checks the proof that came with an act's form, against exactly this act, thing and amount. Do the act only after
 * `proven`, and send `headers` with the answer: the session has a new token.
 */
export async function checkStepUp(visit: StaffVisit, form: Form, binding: StepUpBinding): Promise<StepUpResult> {
  void binding;
  return proveStaff(visit.portal, { staffId: visit.staff.id, totp: form.one('totp') ?? '', now: visit.now });
}

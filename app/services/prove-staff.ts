import { findStaff, takeTotpStep } from '#db/staff';
import { readTotp } from '../domain/totp';
import type { Portal } from '../portal';

export type StepUpResult =
  | { readonly kind: 'proven'; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'refused'; readonly reason: 'wrong' | 'expired' | 'none' };

/** Takes a TOTP number as proof that the person is at the keyboard; each number once. */
export async function proveStaff(
  portal: Pick<Portal, 'db' | 'crypto'>,
  { staffId, totp, now }: { staffId: string; totp: string; now: Date },
): Promise<StepUpResult> {
  const staff = await findStaff(portal.db, { id: staffId });
  if (!staff?.totp_sealed || !staff.totp_key_id) return { kind: 'refused', reason: 'none' };
  const secret = portal.crypto.open('staff.totp', staff.id, staff.totp_sealed, staff.totp_key_id);
  const step = readTotp(secret, totp, now);
  if (step === null || !(await takeTotpStep(portal.db, { staffId, step }))) return { kind: 'refused', reason: 'wrong' };
  return { kind: 'proven', headers: {} };
}

import { findStaff } from '#db/staff';
import type { Portal } from '../portal';

/** What a member of staff can prove themselves with. */
export interface StaffKeys {
  readonly hasPassword: boolean;
  readonly hasTotp: boolean;
}

export async function findStaffKeys(portal: Pick<Portal, 'db'>, staffId: string): Promise<StaffKeys> {
  const staff = await findStaff(portal.db, { id: staffId });
  return { hasPassword: staff?.password_hash != null, hasTotp: staff?.totp_sealed != null };
}

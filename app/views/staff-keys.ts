import { listPasskeys } from '#db/passkeys';
import { findStaff } from '#db/staff';
import type { Portal } from '../portal';

/** A passkey as its owner sees it. */
export interface PasskeyView {
  readonly slot: number;
  readonly label: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly credentialId: string;
  readonly transports: readonly string[];
}

/** What a member of staff can prove themselves with. */
export interface StaffKeys {
  readonly hasPassword: boolean;
  readonly hasTotp: boolean;
  readonly passkeys: readonly PasskeyView[];
}

/** What a member of staff can sign in with; nothing that could be used to do so. */
export async function findStaffKeys(portal: Pick<Portal, 'db'>, staffId: string): Promise<StaffKeys> {
  const staff = await findStaff(portal.db, { id: staffId });
  const passkeys = (await listPasskeys(portal.db, staffId)).map((row) => ({
    slot: row.slot,
    label: row.label,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    credentialId: row.credential_id.toString('base64url'),
    transports: row.transports,
  }));
  return { hasPassword: staff?.password_hash != null, hasTotp: staff?.totp_sealed != null, passkeys };
}

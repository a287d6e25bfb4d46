import { insertPasskey, listPasskeys } from '#db/passkeys';
import { lockStaff } from '#db/staff';
import { inTransaction, violatedConstraint } from '#db/transaction';
import { PASSKEY_SLOTS, type PasskeyPlace } from '../domain/passkey';
import type { Portal } from '../portal';
import { auditOwn } from './parts/audit-own';
import { type PasskeyAnswer, verifyNewPasskey } from './parts/passkey';

export type AddPasskeyResult = { readonly kind: 'added' } | { readonly kind: 'refused'; readonly reason: 'full' | 'wrong' };

/** Keeps a passkey that somebody made, in the first of their two places that is free. */
export async function addOwnPasskey(
  portal: Pick<Portal, 'db' | 'crypto'>,
  { staffId, answer, label, place, now }: { staffId: string; answer: PasskeyAnswer; label: string; place: PasskeyPlace; now: Date },
): Promise<AddPasskeyResult> {
  const { crypto } = portal;
  try {
    return await inTransaction(portal.db, async (trx): Promise<AddPasskeyResult> => {
      await lockStaff(trx, staffId);
      const taken = (await listPasskeys(trx, staffId)).map((passkey) => passkey.slot);
      const slot = PASSKEY_SLOTS.find((free) => !taken.includes(free));
      if (slot === undefined) return { kind: 'refused', reason: 'full' };
      const made = await verifyNewPasskey(trx, crypto, answer, { place, now });
      if (!made) return { kind: 'refused', reason: 'wrong' };
      await insertPasskey(trx, { id: crypto.newId(now), staff_id: staffId, slot, label, created_at: now, ...made });
      await auditOwn(trx, crypto, { staffId, act: 'add_passkey', detail: { slot }, now });
      return { kind: 'added' };
    });
  } catch (error) {
    if (violatedConstraint(error) === 'passkeys_credential_id_key') return { kind: 'refused', reason: 'wrong' };
    throw error;
  }
}

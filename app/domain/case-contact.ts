import type { HeldFacts } from './case-form';
import { type Contact, type ContactRow, type MaskedContact, maskContact, type Opener, openAppContact } from './contact';
import type { Yen } from './yen';

/** Where a caller's contact is sealed for. */
export const CASE_CONTACT_PLACE = 'cases.contact';
/** Where the words of a note are sealed for. */
export const CASE_NOTE_PLACE = 'case_notes.body';

/** Who called. */
export interface Caller {
  readonly name: string;
  /** E.164. */
  readonly phone: string;
  readonly mail: string | null;
}

/** Opens a caller's contact. @throws when anything was changed or moved */
export function openCaller(crypto: Opener, row: ContactRow): Caller {
  return JSON.parse(crypto.open(CASE_CONTACT_PLACE, row.id, row.contact_sealed, row.contact_key_id)) as Caller;
}

/** The same for a page, masked; null when it cannot be read. */
export function maskedCaller(crypto: Opener, row: ContactRow): MaskedContact | null {
  try {
    return maskContact({ kana: null, ...openCaller(crypto, row) });
  } catch {
    return null;
  }
}

/** What the register holds that a caller can be asked for. */
export function heldFacts(
  crypto: Opener,
  coupon: {
    readonly id: string;
    readonly issuer: string;
    readonly face_yen: Yen;
    readonly contact_sealed: Buffer | null;
    readonly contact_key_id: string | null;
  },
): HeldFacts {
  const { id, contact_sealed, contact_key_id } = coupon;
  const contact: Pick<Contact, 'phone' | 'mail'> | null =
    contact_sealed && contact_key_id ? openAppContact(crypto, { id, contact_sealed, contact_key_id }) : null;
  return { phone: contact?.phone ?? null, mail: contact?.mail ?? null, issuer: coupon.issuer, faceYen: coupon.face_yen };
}

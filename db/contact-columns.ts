import type { CopyRows } from './copy-rows';

/** The columns of `recipients` that hold a contact: sealed for its row, with indexes for search. */
export interface SealedContact {
  readonly contact_sealed: Buffer;
  readonly contact_key_id: string;
  readonly index_key_id: string;
  readonly name_index: Buffer | null;
  readonly kana_index: Buffer | null;
  readonly phone_index: Buffer | null;
  readonly mail_index: Buffer | null;
}

/** The columns of `coupons` that hold the app's contact. */
export type SealedAppContact = Pick<SealedContact, 'contact_sealed' | 'contact_key_id' | 'index_key_id' | 'phone_index' | 'mail_index'>;

/** The columns that `putAppContact` fills, in its order. */
export const APP_CONTACT_COLUMNS = ['contact_sealed', 'contact_key_id', 'index_key_id', 'phone_index', 'mail_index'] as const;

/** Puts the app's contact into the row that was begun; null where the app has none. */
export function putAppContact(row: CopyRows, contact: SealedAppContact | null): void {
  row
    .blob(contact?.contact_sealed ?? null)
    .text(contact?.contact_key_id ?? null)
    .text(contact?.index_key_id ?? null)
    .blob(contact?.phone_index ?? null)
    .blob(contact?.mail_index ?? null);
}

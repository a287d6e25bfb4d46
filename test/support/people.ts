import type { Contact } from '~/domain/contact';
import { sealContact } from '~/services/parts/sealed-contact';
import type { TestPortal } from './portal';
import { insertGrants } from './programme';

/** What a test's person is called; anything left out is not known. */
export type TestContact = Partial<Contact> & { readonly number?: string; readonly inquiryNumber?: string; readonly yen?: number };

/** A grant whose person has a name and an address, as owner. @returns the grant's id */
export async function insertPerson(
  owner: TestPortal,
  campaignId: string,
  { number, inquiryNumber, yen = 1_357, ...contact }: TestContact,
): Promise<string> {
  const [grantId = ''] = await insertGrants(owner, campaignId, [yen]);
  await owner.db
    .updateTable('grants')
    .set({ ...(number && { number }), ...(inquiryNumber && { inquiry_number: inquiryNumber }), channel: contact.phone ? 'sms' : 'mail' })
    .where('id', '=', grantId)
    .execute();
  await changeContact(owner, grantId, { name: null, kana: null, phone: null, mail: null, ...contact });
  return grantId;
}

/** Gives a grant's person another contact, as owner. */
export async function changeContact(owner: TestPortal, grantId: string, contact: Contact): Promise<void> {
  const { recipient_id } = await owner.db.selectFrom('grants').select('recipient_id').where('id', '=', grantId).executeTakeFirstOrThrow();
  await owner.db
    .updateTable('recipients')
    .set({ ...sealContact(owner.crypto, recipient_id, contact) })
    .where('id', '=', recipient_id)
    .execute();
}

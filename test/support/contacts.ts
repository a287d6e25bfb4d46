import type { Contact } from '~/domain/contact';
import { sealContact } from '~/services/parts/sealed-contact';
import type { TestPortal } from './portal';

/** Gives a grant's recipient a contact, as owner, and says by which way the grant's messages go. */
export async function giveContact(
  owner: TestPortal,
  grantId: string,
  contact: Partial<Contact>,
  channel: 'mail' | 'sms' = contact.phone ? 'sms' : 'mail',
): Promise<void> {
  const { recipient_id } = await owner.db
    .updateTable('grants')
    .set({ channel })
    .where('id', '=', grantId)
    .returning('recipient_id')
    .executeTakeFirstOrThrow();
  const whole: Contact = { name: null, kana: null, phone: null, mail: null, ...contact };
  await owner.db
    .updateTable('recipients')
    .set(sealContact(owner.crypto, recipient_id, whole))
    .where('id', '=', recipient_id)
    .execute();
}

import type { SealedAppContact, SealedContact } from '#db/contact-columns';
import type { Crypto } from '../../crypto.server';
import {
  APP_CONTACT_PLACE,
  type AppContact,
  CONTACT_PLACE,
  type Contact,
  normaliseKana,
  normaliseMail,
  normaliseName,
  openAppContact,
  openContact,
} from '../../domain/contact';

export { APP_CONTACT_PLACE, type AppContact, CONTACT_PLACE, openAppContact, openContact };

/** Seals a contact for its recipient's row and indexes its normalised values. */
export function sealContact(crypto: Pick<Crypto, 'seal' | 'index' | 'indexKeyId'>, recipientId: string, contact: Contact): SealedContact {
  const { sealed, keyId } = crypto.seal(CONTACT_PLACE, recipientId, JSON.stringify(contact));
  const index = (field: string, value: string | null) => (value ? crypto.index(field, value) : null);
  return {
    contact_sealed: sealed,
    contact_key_id: keyId,
    index_key_id: crypto.indexKeyId,
    name_index: index('name', contact.name && normaliseName(contact.name)),
    kana_index: index('kana', contact.kana && normaliseKana(contact.kana)),
    phone_index: index('phone', contact.phone),
    mail_index: index('mail', contact.mail && normaliseMail(contact.mail)),
  };
}

/** Seals the app's contact for its coupon's row. */
export function sealAppContact(
  crypto: Pick<Crypto, 'seal' | 'index' | 'indexKeyId'>,
  couponId: string,
  contact: AppContact,
): SealedAppContact {
  const { sealed, keyId } = crypto.seal(APP_CONTACT_PLACE, couponId, JSON.stringify(contact));
  return {
    contact_sealed: sealed,
    contact_key_id: keyId,
    index_key_id: crypto.indexKeyId,
    phone_index: contact.phone ? crypto.index('phone', contact.phone) : null,
    mail_index: contact.mail ? crypto.index('mail', normaliseMail(contact.mail)) : null,
  };
}

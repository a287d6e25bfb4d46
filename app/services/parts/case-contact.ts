import type { Crypto } from '../../crypto.server';
import { CASE_CONTACT_PLACE, type Caller } from '../../domain/case-contact';
import { normaliseMail, normaliseName } from '../../domain/contact';

/** Seals a caller's contact for the case's row and indexes what one searches by. */
export function sealCaller(crypto: Pick<Crypto, 'seal' | 'index' | 'indexKeyId'>, caseId: string, { name, phone, mail }: Caller) {
  const { sealed, keyId } = crypto.seal(CASE_CONTACT_PLACE, caseId, JSON.stringify({ name, phone, mail }));
  return {
    contact_sealed: sealed,
    contact_key_id: keyId,
    index_key_id: crypto.indexKeyId,
    name_index: crypto.index('name', normaliseName(name)),
    phone_index: crypto.index('phone', phone),
    mail_index: mail === null ? null : crypto.index('mail', normaliseMail(mail)),
  };
}

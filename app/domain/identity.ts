import { type Contact, normaliseKana, normaliseMail, normaliseName, readMail, readPhone } from './contact';
import { readYen } from './yen';

/** The facts about a person that a caller can be asked for, because we hold them. */
export const IDENTITY_FACTS = ['name', 'kana', 'phone', 'mail', 'number', 'inquiry', 'residual'] as const;
export type IdentityFact = (typeof IDENTITY_FACTS)[number];

/** What we hold. */
export interface KnownPerson {
  readonly contact: Contact;
  readonly number: string;
  readonly inquiryNumber: string | null;
  readonly residualYen: bigint;
}

/**
 * Whether what a caller said is what we hold, blind to width, case, kana, hyphens and spaces. Nothing that we hold
 * and nothing that was said leaves this function.
 */
function isFactRight(known: KnownPerson, fact: IdentityFact, said: string): boolean {
  const text = said.trim();
  if (text === '') return false;
  const { contact } = known;
  switch (fact) {
    case 'name':
      return contact.name !== null && normaliseName(contact.name) === normaliseName(text);
    case 'kana':
      return contact.kana !== null && normaliseKana(contact.kana) === normaliseKana(text);
    case 'phone':
      return contact.phone !== null && readPhone(text)?.e164 === contact.phone;
    case 'mail': {
      const mail = readMail(text);
      return contact.mail !== null && mail !== null && normaliseMail(mail) === normaliseMail(contact.mail);
    }
    case 'number':
      return plainNumber(known.number) === plainNumber(text);
    case 'inquiry':
      return known.inquiryNumber !== null && plainNumber(known.inquiryNumber) === plainNumber(text);
    case 'residual': {
      const yen = readYen(text);
      return yen.ok && yen.yen === known.residualYen;
    }
  }
}

/** A grant or inquiry number as it is compared: letters and digits only, upper case. */
function plainNumber(text: string): string {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '');
}

/** Two different facts, both right. */
export function isIdentified(known: KnownPerson, said: readonly { readonly fact: IdentityFact; readonly text: string }[]): boolean {
  const right = new Set(said.filter(({ fact, text }) => isFactRight(known, fact, text)).map(({ fact }) => fact));
  return right.size >= 2 && said.every(({ fact }) => right.has(fact));
}

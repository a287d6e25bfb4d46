import type { DuePerson } from '#db/waves';
import { type Contact, takesSms } from '../../domain/contact';
import type { MessageChannel } from '../../domain/message';
import type { Portal } from '../../portal';
import { openContact } from './sealed-contact';

/** A way to somebody. */
export interface Reach {
  readonly channel: MessageChannel;
  /** E.164 or a mail address. */
  readonly address: string;
  /** As written; for the first line of a mail. */
  readonly name: string | null;
}

/** Where somebody can be reached, their own way first, without the ways that surely failed. */
export function reachesOf(
  contact: Contact | null,
  { channel, failed = [] }: { channel: MessageChannel; failed?: readonly MessageChannel[] },
): Reach[] {
  if (!contact) return [];
  const { mail, phone, name } = contact;
  const all: Reach[] = [
    ...(mail ? [{ channel: 'mail' as const, address: mail, name }] : []),
    ...(phone && takesSms(phone) ? [{ channel: 'sms' as const, address: phone, name }] : []),
  ];
  const own = [...all.filter((to) => to.channel === channel), ...all.filter((to) => to.channel !== channel)];
  return own.filter((to) => !failed.includes(to.channel));
}

/** Opens a contact; null: it cannot be read, which is logged and must hold up neither an act on yen nor anybody else. */
export function readContact(
  { crypto, log }: Pick<Portal, 'crypto' | 'log'>,
  { recipientId, contactSealed, contactKeyId }: Pick<DuePerson, 'recipientId' | 'contactSealed' | 'contactKeyId'>,
): Contact | null {
  try {
    return openContact(crypto, { id: recipientId, contact_sealed: contactSealed, contact_key_id: contactKeyId });
  } catch (err) {
    log.error({ recipient: recipientId, err }, 'a contact cannot be opened');
    return null;
  }
}

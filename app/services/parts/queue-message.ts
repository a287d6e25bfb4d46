import type { Trx } from '#db/database';
import type { Crypto } from '../../crypto.server';
import { type Contact, maskMail, maskPhone, normaliseMail } from '../../domain/contact';
import { bearsLink, type MessageChannel, type MessageLanguage, type MessagePurpose, TEMPLATES } from '../../domain/message';
import type { Portal } from '../../portal';
import { openContact } from './sealed-contact';

/** Where a message goes, sealed in `messages.address_sealed`. */
export interface Addressee {
  /** E.164 or a mail address. */
  readonly address: string;
  /** As written; for the first line of a mail. */
  readonly name: string | null;
}

export const ADDRESS_PLACE = 'messages.address';

export interface MessageRequest {
  readonly grantId: string;
  readonly purpose: MessagePurpose;
  /** Who caused it: `staff:<id>`. */
  readonly actor: string;
  /** Where to. Left out: by the grant's channel to the address that stands in its contact now, within this transaction. */
  readonly to?: { readonly channel: MessageChannel; readonly address: string };
  /** The yen it speaks of (a code's); left out: the residual when it is sent. */
  readonly yen?: bigint;
  readonly language?: MessageLanguage;
}

export type QueuedMessage =
  | { readonly kind: 'queued'; readonly messageId: string; readonly channel: MessageChannel; readonly mask: string }
  /** There is nowhere to send it. The act goes on; whoever did it should read this. */
  | { readonly kind: 'no_address' };

/**
 * Writes a message and its job in the transaction of the act that causes it: both happen, or neither. The text is
 * made and the link derived when it is sent. For a change of address queue `address_changed_old` before the new
 * contact is written, or give it `to`; and `address_changed_new` after link and contact were written.
 */
export async function queueMessage(
  portal: Pick<Portal, 'crypto' | 'clock' | 'enqueue' | 'log'>,
  trx: Trx,
  request: MessageRequest,
): Promise<QueuedMessage> {
  const { crypto } = portal;
  const now = portal.clock.now();
  const row = await trx
    .selectFrom('grants as g')
    .innerJoin('recipients as r', 'r.id', 'g.recipient_id')
    .where('g.id', '=', request.grantId)
    .select(['g.campaign_id', 'g.channel', 'g.link_generation', 'r.id', 'r.contact_sealed', 'r.contact_key_id'])
    .executeTakeFirstOrThrow();
  const contact = readContact(portal, row);
  const to = request.to ?? addressOf(contact, row.channel);
  if (!to) return { kind: 'no_address' };

  const id = crypto.newId(now);
  const mask = to.channel === 'mail' ? maskMail(to.address) : maskPhone(to.address);
  await trx
    .insertInto('messages')
    .values({
      id,
      campaign_id: row.campaign_id,
      grant_id: request.grantId,
      purpose: request.purpose,
      channel: to.channel,
      ...sealAddressee(crypto, id, to.channel, { address: to.address, name: contact?.name ?? null }),
      address_mask: mask,
      language: request.language ?? 'ja',
      template: TEMPLATES[request.purpose],
      link_generation: bearsLink(request.purpose) ? row.link_generation : null,
      yen: request.yen ?? null,
      actor: request.actor,
      state: 'queued',
      queued_at: now,
      state_at: now,
    })
    .execute();
  await portal.enqueue(trx, { name: 'send-message', messageId: id, delayMs: 0 });
  return { kind: 'queued', messageId: id, channel: to.channel, mask };
}

/** The columns of `messages` that hold an address: sealed for its row, with the digest by which the search knows it. */
export function sealAddressee(
  crypto: Pick<Crypto, 'seal' | 'index' | 'indexKeyId'>,
  messageId: string,
  channel: MessageChannel,
  addressee: Addressee,
): { address_sealed: Buffer; address_key_id: string; address_digest: Buffer; index_key_id: string } {
  const { sealed, keyId } = crypto.seal(ADDRESS_PLACE, messageId, JSON.stringify(addressee));
  const { address } = addressee;
  return {
    address_sealed: sealed,
    address_key_id: keyId,
    address_digest: channel === 'mail' ? crypto.index('mail', normaliseMail(address)) : crypto.index('phone', address),
    index_key_id: crypto.indexKeyId,
  };
}

/** Opens an address. @throws when anything was changed or moved */
export function openAddressee(
  crypto: Pick<Crypto, 'open'>,
  row: { readonly id: string; readonly address_sealed: Buffer; readonly address_key_id: string },
): Addressee {
  return JSON.parse(crypto.open(ADDRESS_PLACE, row.id, row.address_sealed, row.address_key_id)) as Addressee;
}

/** The grant's own way, or the other where that is all we have. */
function addressOf(contact: Contact | null, channel: MessageChannel): MessageRequest['to'] | null {
  if (!contact) return null;
  const mail = contact.mail ? ({ channel: 'mail', address: contact.mail } as const) : null;
  const sms = contact.phone ? ({ channel: 'sms', address: contact.phone } as const) : null;
  return channel === 'mail' ? (mail ?? sms) : (sms ?? mail);
}

/** An act on yen must not fail because an address cannot be read. */
function readContact(
  { crypto, log }: Pick<Portal, 'crypto' | 'log'>,
  row: { id: string; contact_sealed: Buffer; contact_key_id: string },
): Contact | null {
  try {
    return openContact(crypto, row);
  } catch (err) {
    log.error({ recipient: row.id, err }, 'a contact cannot be opened');
    return null;
  }
}

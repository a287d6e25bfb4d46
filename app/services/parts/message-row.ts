import type { NewMessage } from '#db/tables/messages';
import type { Crypto } from '../../crypto.server';
import { maskMail, maskPhone, normaliseMail } from '../../domain/contact';
import { bearsLink, type MessageChannel, type MessageLanguage, type MessagePurpose, TEMPLATES } from '../../domain/message';
import type { Reach } from './reach';

/** Where a message goes, sealed in `messages.address_sealed`. */
export type Addressee = Pick<Reach, 'address' | 'name'>;

export const ADDRESS_PLACE = 'messages.address';

/** A message that waits to be sent, as a row: its address is sealed and masked; the text is made when it is sent. */
export function messageRow(
  crypto: Pick<Crypto, 'seal' | 'index' | 'indexKeyId' | 'newId'>,
  message: {
    readonly campaignId: string;
    readonly grantId: string;
    readonly purpose: MessagePurpose;
    readonly to: Reach;
    readonly linkGeneration: number;
    readonly language?: MessageLanguage;
    readonly actor: string;
    readonly now: Date;
  },
): NewMessage & { readonly id: string; readonly address_mask: string } {
  const { to, purpose, now } = message;
  const id = crypto.newId(now);
  return {
    id,
    campaign_id: message.campaignId,
    grant_id: message.grantId,
    purpose,
    channel: to.channel,
    ...sealAddressee(crypto, id, to.channel, { address: to.address, name: to.name }),
    address_mask: to.channel === 'mail' ? maskMail(to.address) : maskPhone(to.address),
    language: message.language ?? 'ja',
    template: TEMPLATES[purpose],
    link_generation: bearsLink(purpose) ? message.linkGeneration : null,
    actor: message.actor,
    state: 'queued',
    queued_at: now,
    state_at: now,
  };
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

/** All digests by which messages to an address may be known: one for each index key. */
export function addressDigests(crypto: Pick<Crypto, 'indexAll'>, { channel, address }: Pick<Reach, 'channel' | 'address'>): Buffer[] {
  return channel === 'mail' ? crypto.indexAll('mail', normaliseMail(address)) : crypto.indexAll('phone', address);
}

/** Opens an address. @throws when anything was changed or moved */
export function openAddressee(
  crypto: Pick<Crypto, 'open'>,
  row: { readonly id: string; readonly address_sealed: Buffer; readonly address_key_id: string },
): Addressee {
  return JSON.parse(crypto.open(ADDRESS_PLACE, row.id, row.address_sealed, row.address_key_id)) as Addressee;
}

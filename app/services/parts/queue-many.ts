import type { Trx } from '#db/database';
import { addSendJobs } from '#db/jobs';
import type { DuePerson } from '#db/waves';
import { type Contact, maskMail, maskPhone } from '../../domain/contact';
import { type MessageChannel, TEMPLATES } from '../../domain/message';
import type { ReminderStep, WavePurpose } from '../../domain/wave';
import type { Portal } from '../../portal';
import { sealAddressee } from './queue-message';
import { openContact } from './sealed-contact';

/** A message of a wave that is due now. */
export interface DueMessage {
  readonly person: DuePerson;
  readonly to: Reach;
  readonly reminder: { readonly step: ReminderStep; readonly lastDay: string } | null;
}

/** A way to somebody. */
export interface Reach {
  readonly channel: MessageChannel;
  readonly address: string;
  readonly name: string | null;
}

const SEND_ATTEMPTS = 25;

/**
 * Queues messages of a wave with their jobs. Whoever has one already, by the database's own count, is passed over.
 * @returns the ids by grant
 */
export async function queueMany(
  portal: Pick<Portal, 'crypto' | 'clock'>,
  trx: Trx,
  { wave, messages }: { wave: { id: string; campaignId: string; purpose: WavePurpose }; messages: readonly DueMessage[] },
): Promise<Map<string, string>> {
  if (messages.length === 0) return new Map();
  const { crypto } = portal;
  const now = portal.clock.now();
  const rows = messages.map(({ person, to, reminder }) => {
    const id = crypto.newId(now);
    return {
      id,
      campaign_id: wave.campaignId,
      grant_id: person.grantId,
      purpose: wave.purpose,
      channel: to.channel,
      ...sealAddressee(crypto, id, to.channel, { address: to.address, name: to.name }),
      address_mask: to.channel === 'mail' ? maskMail(to.address) : maskPhone(to.address),
      language: 'ja' as const,
      template: TEMPLATES[wave.purpose],
      link_generation: person.linkGeneration,
      actor: `wave:${wave.id}`,
      state: 'queued' as const,
      queued_at: now,
      state_at: now,
      wave_id: wave.id,
      reminder_step: reminder?.step ?? null,
      reminder_for: reminder?.lastDay ?? null,
    };
  });
  const written = await trx
    .insertInto('messages')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .returning(['id', 'grant_id'])
    .execute();
  if (written.length > 0)
    await addSendJobs(
      trx,
      written.map(({ id }) => id),
      SEND_ATTEMPTS,
    );
  return new Map(written.map(({ id, grant_id }) => [grant_id, id]));
}

/** Where somebody can be reached, their own way first, without the ways that surely failed. */
export function reachesOf(contact: Contact, { channel, failed }: Pick<DuePerson, 'channel' | 'failed'>): Reach[] {
  const all: Reach[] = [
    ...(contact.mail ? [{ channel: 'mail' as const, address: contact.mail, name: contact.name }] : []),
    ...(contact.phone ? [{ channel: 'sms' as const, address: contact.phone, name: contact.name }] : []),
  ];
  const own = [...all.filter((to) => to.channel === channel), ...all.filter((to) => to.channel !== channel)];
  return own.filter((to) => !failed.includes(to.channel));
}

/** Opens somebody's contact; null: it cannot be read, which is logged and must hold up nobody else. */
export function contactOf({ crypto, log }: Pick<Portal, 'crypto' | 'log'>, person: DuePerson): Contact | null {
  try {
    return openContact(crypto, { id: person.recipientId, contact_sealed: person.contactSealed, contact_key_id: person.contactKeyId });
  } catch (err) {
    log.error({ recipient: person.recipientId, err }, 'a contact cannot be opened');
    return null;
  }
}

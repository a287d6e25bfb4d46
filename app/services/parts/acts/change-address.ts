import { appendAudit, countAudits } from '#db/audit';
import { refuseAct, whyNot, yenOf } from '../../../domain/acts';
import { type Contact, maskMail, maskPhone, normaliseMail, readMail, readPhone } from '../../../domain/contact';
import { IDENTITY_FACTS, type IdentityFact, isIdentified } from '../../../domain/identity';
import { queueMessage } from '../queue-message';
import { openContact, sealContact } from '../sealed-contact';
import { type ActContext, actorOf, type CheckedAct } from './act';

const WRONG = 'identity_wrong';
/** How often somebody may fail to prove themselves for one grant within a day. */
const GUESSES_A_DAY = 5;
const DAY_MS = 86_400_000;

/**
 * A new address (宛先変更): the caller proves themselves by two facts we hold, the old link dies, codes and yen stay.
 * Whoever holds the new link can take what is left and read what was issued, so all of it counts for the policy.
 */
export const changeAddress: CheckedAct = {
  /** Asked once, of the agent who has the caller on the line; only which facts were asked is kept. Guesses are few. */
  async check(context, { fields }, staffId) {
    const subject = { kind: 'grant', id: context.grant.id };
    const since = new Date(context.now.getTime() - DAY_MS);
    if ((await countAudits(context.trx, { subject, act: WRONG, since })) >= GUESSES_A_DAY) return refuseAct('too_many_today');
    const contact = await readContact(context);
    const said = [1, 2].map((n) => ({ fact: (fields[`fact${n}`] ?? '') as IdentityFact, text: fields[`said${n}`] ?? '' }));
    const { grant, person } = context;
    const known = { contact, number: grant.number, inquiryNumber: grant.inquiry_number, residualYen: person.residualYen };
    const kinds = new Set(said.map(({ fact }) => fact));
    const listed = said.every(({ fact }) => IDENTITY_FACTS.includes(fact));
    if (listed && kinds.size === 2 && isIdentified(known, said)) return null;
    await appendAudit(context.trx, {
      id: context.portal.crypto.newId(context.now),
      campaignId: grant.campaign_id,
      at: context.now,
      actor: actorOf(staffId),
      act: WRONG,
      subjectKind: subject.kind,
      subjectId: subject.id,
      detail: {
        asked: said
          .filter(({ fact }) => IDENTITY_FACTS.includes(fact))
          .map(({ fact }) => fact)
          .join(' '),
      },
    });
    return refuseAct('identity_wrong', 'said1');
  },
  async plan(context, { fields, secret }) {
    const { person, now } = context;
    const no = whyNot('change_address', person, null, now);
    if (no) return refuseAct(no);
    const wanted = readSecret(secret);
    if (!wanted) return refuseAct('address_invalid', 'address');
    const contact = await readContact(context);
    const same =
      (wanted.phone !== undefined && wanted.phone === contact.phone) ||
      (wanted.mail !== undefined && contact.mail !== null && normaliseMail(wanted.mail) === normaliseMail(contact.mail));
    if (same) return refuseAct('address_same', 'address');
    return {
      input: { identity: fields.identity ?? [fields.fact1, fields.fact2].join(' ') },
      yen: Number(yenOf('change_address', person, null)),
      before: { channel: context.grant.channel, ...masked(contact), link: context.grant.link_generation },
      after: {
        channel: wanted.phone ? 'sms' : 'mail',
        ...masked({ phone: wanted.phone ?? contact.phone, mail: wanted.mail ?? contact.mail }),
        link: context.grant.link_generation + 1,
      },
    };
  },
  async carryOut(context, { secret }, _plan, leave) {
    const { portal, trx, grant } = context;
    const wanted = readSecret(secret);
    if (!wanted) throw new Error('the new address is gone');
    const contact = await readContact(context);
    const changed: Contact = { ...contact, ...wanted };
    const told = { grantId: grant.id, actor: actorOf(leave.staffId) };
    // Whoever still reads the old address learns that it was changed, before it is forgotten.
    await queueMessage(portal, trx, { ...told, purpose: 'address_changed_old' });
    await trx
      .updateTable('recipients')
      .set(sealContact(portal.crypto, grant.recipient_id, changed))
      .where('id', '=', grant.recipient_id)
      .execute();
    // Every grant of this person gets a new link: each of the old ones went to the old address.
    const grants = await trx
      .selectFrom('grants')
      .select(['id', 'link_generation'])
      .where('recipient_id', '=', grant.recipient_id)
      .orderBy('id')
      .forNoKeyUpdate()
      .execute();
    for (const own of grants) {
      const generation = own.link_generation + 1;
      await trx
        .updateTable('grants')
        .set({
          link_generation: generation,
          link_key_id: portal.crypto.linkKeyId,
          link_digest: portal.crypto.linkDigest(portal.crypto.linkToken(own.id, generation)),
          channel: wanted.phone ? 'sms' : 'mail',
        })
        .where('id', '=', own.id)
        .execute();
    }
    await queueMessage(portal, trx, {
      ...told,
      purpose: 'address_changed_new',
      to: wanted.phone ? { channel: 'sms', address: wanted.phone } : { channel: 'mail', address: wanted.mail ?? '' },
    });
    return 'done';
  },
};

async function readContact({ portal, trx, grant }: ActContext): Promise<Contact> {
  const row = await trx
    .selectFrom('recipients')
    .select(['id', 'contact_sealed', 'contact_key_id'])
    .where('id', '=', grant.recipient_id)
    .executeTakeFirstOrThrow();
  return openContact(portal.crypto, row);
}

/** The new address as it was typed: a mobile number that can take an SMS, or a mail address. */
function readNewAddress(text: string): { phone: string } | { mail: string } | null {
  const phone = readPhone(text);
  if (phone) return phone.kind === 'mobile' ? { phone: phone.e164 } : null;
  const mail = readMail(text);
  return mail ? { mail } : null;
}

function readSecret(secret: string | null): { phone?: string; mail?: string } | null {
  return secret === null ? null : readNewAddress(secret);
}

function masked({ phone, mail }: Pick<Contact, 'phone' | 'mail'>): { phone: string | null; mail: string | null } {
  return { phone: phone && maskPhone(phone), mail: mail && maskMail(mail) };
}

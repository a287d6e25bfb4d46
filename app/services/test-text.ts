import { appendAudit } from '#db/audit';
import { findCampaign } from '#db/campaigns';
import type { TextKey } from '#db/message-texts';
import { lockStaff } from '#db/staff';
import { inTransaction } from '#db/transaction';
import { maskMail, maskPhone, readMail, readPhone } from '../domain/contact';
import type { TextProblem, TextTemplate } from '../domain/text-template';
import type { Portal } from '../portal';
import { actorOf } from './parts/acts/act';
import { problemsOf } from './parts/text-check';
import { TEST_ADDRESS_PLACE } from './parts/text-test';

/** A test is for the writer's own eyes; more in a day would be a way to write to strangers. */
const TESTS_A_DAY = 20;
const DAY_MS = 86_400_000;

export type TextTested =
  | { readonly kind: 'queued'; readonly mask: string }
  | { readonly kind: 'refused'; readonly reason: 'address' | 'landline' | 'too_many' }
  | { readonly kind: 'wrong'; readonly problems: readonly TextProblem[] }
  | { readonly kind: 'not_found' };

/**
 * Sends a text, as it stands in the editor, to the writer's own address: with a sample person's data and a link that
 * opens nothing. What may not be saved may not be sent either: it goes out from the official sender.
 */
export async function testText(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto' | 'enqueue'>,
  request: {
    readonly staffId: string;
    readonly key: TextKey;
    readonly text: TextTemplate;
    readonly address: string;
    readonly publicUrl: string;
  },
): Promise<TextTested> {
  const { staffId, key, text, publicUrl } = request;
  return inTransaction(portal.db, async (trx) => {
    const campaign = await findCampaign(trx, key.campaignId);
    if (!campaign) return { kind: 'not_found' };
    const problems = problemsOf(text, { key, campaign, publicUrl });
    if (problems.length > 0) return { kind: 'wrong', problems };
    const to = readAddress(key.channel, request.address);
    if ('reason' in to) return { kind: 'refused', reason: to.reason };
    // Of many at once each counts those before it.
    await lockStaff(trx, staffId);
    const now = portal.clock.now();
    const today = await trx
      .selectFrom('text_tests')
      .select('id')
      .where('staff_id', '=', staffId)
      .where('queued_at', '>', new Date(now.getTime() - DAY_MS))
      .limit(TESTS_A_DAY)
      .execute();
    if (today.length >= TESTS_A_DAY) return { kind: 'refused', reason: 'too_many' };
    const id = portal.crypto.newId(now);
    const { sealed, keyId } = portal.crypto.seal(TEST_ADDRESS_PLACE, id, to.address);
    await trx
      .insertInto('text_tests')
      .values({
        id,
        campaign_id: key.campaignId,
        staff_id: staffId,
        purpose: key.purpose,
        channel: key.channel,
        language: key.language,
        subject: text.subject,
        body: text.body,
        address_sealed: sealed,
        address_key_id: keyId,
        address_mask: to.mask,
        state: 'queued',
        queued_at: now,
        state_at: now,
      })
      .execute();
    await portal.enqueue(trx, { name: 'send-text-test', testId: id, delayMs: 0 });
    await appendAudit(trx, {
      id: portal.crypto.newId(now),
      campaignId: key.campaignId,
      at: now,
      actor: actorOf(staffId),
      act: 'text.tested',
      subjectKind: 'text',
      subjectId: `${key.purpose}.${key.channel}.${key.language}`,
      detail: { test: id, to: to.mask },
    });
    return { kind: 'queued', mask: to.mask };
  });
}

function readAddress(
  channel: TextKey['channel'],
  typed: string,
): { readonly address: string; readonly mask: string } | { readonly reason: 'address' | 'landline' } {
  if (channel === 'mail') {
    const mail = readMail(typed);
    return mail ? { address: mail, mask: maskMail(mail) } : { reason: 'address' };
  }
  const phone = readPhone(typed);
  if (!phone) return { reason: 'address' };
  return phone.kind === 'mobile' ? { address: phone.e164, mask: maskPhone(phone.e164) } : { reason: 'landline' };
}

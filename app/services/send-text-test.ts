import type { OutgoingMessage } from '#adapters/channels/port';
import { findCampaign } from '#db/campaigns';
import type { MessageLanguage } from '../domain/message';
import type { TextTemplate } from '../domain/text-template';
import { writeMessage } from '../messages/own-text';
import { sampleFacts } from '../messages/sample';
import type { Portal, Sending } from '../portal';
import { TEST_ADDRESS_PLACE } from './parts/text-test';

/** A name and a sum that nobody takes for real. */
const SAMPLE = { ja: { name: '見本 花子' }, en: { name: 'Hanako Mihon' } } as const;
const SAMPLE_YEN = 1_357n;
/** Whoever else gets it reads that it is nothing but a test. */
const MARK = {
  ja: { subject: '【試し送信】', text: '【試し送信】文面の確認です。実際のご案内ではありません。' },
  en: { subject: '[Test] ', text: '[Test] This is a test of a text, and no real message.' },
} as const;

/** Sends one test of a text, once: a test that got lost is pressed again by whoever waits for it. */
export async function sendTextTest(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto'>,
  { testId }: { testId: string },
  { sending, signal }: { sending: Sending; signal?: AbortSignal },
): Promise<'nothing_to_do' | 'sent' | 'failed' | 'unknown'> {
  const now = portal.clock.now();
  const test = await portal.db
    .updateTable('text_tests')
    .set({ state: 'sending', state_at: now })
    .where('id', '=', testId)
    .where('state', '=', 'queued')
    .returningAll()
    .executeTakeFirst();
  const campaign = test && (await findCampaign(portal.db, test.campaign_id));
  if (!test || !campaign) return 'nothing_to_do';
  const settle = async (state: 'sent' | 'failed' | 'unknown', reason: string | null = null) => {
    await portal.db.updateTable('text_tests').set({ state, reason, state_at: portal.clock.now() }).where('id', '=', testId).execute();
    return state;
  };
  const channel = sending.channels.get(test.channel);
  if (!channel) return settle('failed', 'no_channel');
  const { settings } = campaign;
  const { language, purpose } = test;
  const person = { ...SAMPLE[language], yen: SAMPLE_YEN, deadlineAt: campaign.redeemUntil };
  const facts = sampleFacts(person, { settings, purpose, language, publicUrl: sending.publicUrl });
  const outgoing: OutgoingMessage = {
    id: test.id,
    attempt: 1,
    kind: test.channel,
    to: portal.crypto.open(TEST_ADDRESS_PLACE, test.id, test.address_sealed, test.address_key_id),
    from: { name: settings.office[language], address: settings.senders[test.channel] },
    language,
    purpose,
    notAfter: null,
    unsubscribe: null,
    ...writeMessage(facts, test.channel, test.body === null ? null : marked(test.subject, test.body, language)),
  };
  const outcome = await channel.connection.send(outgoing, { now, signal });
  if (outcome.kind === 'failed') return settle('failed', outcome.reason);
  return outcome.kind === 'unknown' ? settle('unknown', outcome.cause) : settle('sent');
}

function marked(subject: string | null, body: string, language: MessageLanguage): TextTemplate {
  const mark = MARK[language];
  return { subject: subject === null ? null : mark.subject + subject, body: `${mark.text}\n\n${body}` };
}

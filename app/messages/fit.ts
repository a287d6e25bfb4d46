import type { CampaignSettings } from '../domain/campaign';
import type { MessageFit } from '../domain/campaign-check';
import { segments } from '../domain/segments';
import { letterOf } from './letter';
import { letterFits } from './letter-pdf';
import { sampleFacts } from './sample';
import { smsOf } from './sms';

/** What bears the longest names that our records take. */
const NUMBER = 'G0000000000';

/**
 * Measures what a programme sends with its own names, call centre and dates, the largest amount and a link as long as
 * ours are: how many parts an SMS has, and whether a letter stays on its page.
 */
export function messageFit(
  { settings, redeemUntil, grantCeilingYen }: { settings: CampaignSettings; redeemUntil: Date; grantCeilingYen: bigint },
  publicUrl: string,
): MessageFit {
  const person = { name: null, yen: grantCeilingYen, deadlineAt: redeemUntil };
  const of = { settings, language: 'ja', publicUrl } as const;
  const sms = (['invitation', 'reminder'] as const).map((purpose) => {
    const { segments: parts, tooLong } = segments(smsOf(sampleFacts(person, { ...of, purpose })));
    return { purpose, segments: parts, tooLong };
  });
  const { link, phrase, ...facts } = sampleFacts(person, { ...of, purpose: 'invitation' });
  const letter = letterOf({ ...facts, link: link ?? '', phrase: phrase ?? '', number: NUMBER, writtenAt: redeemUntil });
  return { sms, letterFits: letterFits(letter) };
}

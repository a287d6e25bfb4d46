import { type CampaignSettings, sendersFor } from '../domain/campaign';
import { bearsLink, type MessageLanguage, type MessagePurpose } from '../domain/message';
import { writePhrase } from '../domain/phrase';
import { stopTokenOf } from '../domain/stop-link';
import type { MessageFacts } from './facts';

/** As long as a link's token, and none. */
const SAMPLE_TOKEN = '-'.repeat(22);
/** Of a grant and a proof. */
const STOP_TOKEN = stopTokenOf('00000000-0000-7000-8000-000000000000', SAMPLE_TOKEN).length;
/** As long as the longest: what is counted with it may cost less, never more. */
const SAMPLE_PHRASE = { first: 'かんざし', second: 'おにぎり' };

export interface SamplePerson {
  readonly name: string | null;
  readonly yen: bigint;
  readonly deadlineAt: Date;
}

/** A message to somebody, with a link that opens nothing: for previews, plans and tests. */
export function sampleFacts(
  person: SamplePerson,
  of: { settings: CampaignSettings; purpose: MessagePurpose; language: MessageLanguage; publicUrl: string },
): MessageFacts {
  const { settings, purpose, language, publicUrl } = of;
  const { name: programme, office, callCentre, senders } = settings;
  const bears = bearsLink(purpose);
  return {
    ...person,
    purpose,
    language,
    programme,
    office,
    callCentre,
    senders: sendersFor(senders, purpose),
    open: true,
    link: bears ? `${publicUrl}/r/${SAMPLE_TOKEN}` : null,
    phrase: bears ? writePhrase(SAMPLE_PHRASE, language) : null,
    checkUrl: `${publicUrl}/check`,
    stopLink: purpose === 'reminder' ? `${publicUrl}/stop/${'-'.repeat(STOP_TOKEN)}` : null,
  };
}

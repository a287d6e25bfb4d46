import { CLAIM_ASKS, CLAIM_REFUSALS, type ClaimState } from '../domain/claim';
import { type ClaimTimes, isPast, isTooLate, type SendingPeriod } from '../domain/claim-times';
import { lastMoment } from '../domain/deadline';
import type { ClaimTexts } from './claim';

interface Standing {
  readonly state: ClaimState;
  readonly reason: string | null;
}

/** How a claim stands in a few words: the heading above its sentence. */
export function claimHeading(c: ClaimTexts, { state, reason }: Standing, times: ClaimTimes): string {
  const refusal = state === 'refused' && CLAIM_REFUSALS.find((each) => each === reason);
  if (refusal) return c(`heading.${refusal}`);
  return state !== 'collected' && isTooLate(times) ? c('heading.late') : c(`state.${state}`);
}

/** The sentence of a claim's state: what the applicant reads, and what the call centre reads out. */
export function claimSentence(c: ClaimTexts, { state, reason }: Standing, times: ClaimTimes): string {
  const deadline = c.moment(lastMoment(times.deadlineAt));
  const late = isTooLate(times);
  if (state === 'refused') return refusedSentence(c, reason, times);
  if (state === 'collected') return c('sentence.collected');
  if (late) return c(state === 'sent' || state === 'approved' ? `late.${state}` : 'late.open', { deadline });
  if (state === 'more_needed')
    return join(c, c('sentence.more_needed'), reasonSentence(c, state, reason), c('sentence.more_needed.do', { deadline }));
  if (state === 'sent') return c('sentence.sent', { deadline });
  if (state !== 'approved') return c(`sentence.${state}`);
  const { claim } = times;
  return claim && !isPast(claim, times.now)
    ? c('sentence.approved', { period: periodText(c, claim) })
    : c('sentence.approved.later', { deadline });
}

/** 2023年4月28日（金）から5月10日（水）まで */
export function periodText(c: ClaimTexts, { from, until }: SendingPeriod): string {
  return c('period', { from: c.day(from), until: c.day(until) });
}

/** Why a claim was refused, or what is asked for; nothing for a reason without words. */
export function reasonSentence(c: ClaimTexts, state: 'refused' | 'more_needed', reason: string | null): string {
  const ask = CLAIM_ASKS.find((each) => each === reason);
  const refusal = CLAIM_REFUSALS.find((each) => each === reason);
  if (state === 'more_needed') return ask ? c(`ask.${ask}`) : '';
  return refusal ? c(`refusal.${refusal}`) : '';
}

function refusedSentence(c: ClaimTexts, reason: string | null, times: ClaimTimes): string {
  const deadline = c.moment(lastMoment(times.deadlineAt));
  const late = isTooLate(times);
  const why = reasonSentence(c, 'refused', reason);
  // Its holder is owed money all the same, and gets it by the other way.
  if (reason === 'with_app') {
    const { app, now } = times;
    const link = late
      ? c('with_app.late', { deadline })
      : app === null
        ? c('with_app.later', { deadline })
        : isPast(app, now)
          ? c('with_app.sent', { deadline })
          : c('with_app.coming', { period: periodText(c, app) });
    return join(c, why, link);
  }
  if (reason === 'withdrawn') return join(c, why, c(late ? 'refused.late' : 'refused.withdrawn', { deadline }));
  return join(c, why, c(late ? 'refused.late' : 'refused.again', { deadline }));
}

/** Japanese sentences stand without a space between them. */
function join(c: ClaimTexts, ...sentences: readonly string[]): string {
  return sentences.filter(Boolean).join(c.language === 'ja' ? '' : ' ');
}

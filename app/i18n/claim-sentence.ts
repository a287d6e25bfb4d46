import { CLAIM_ASKS, CLAIM_REFUSALS, type ClaimState } from '../domain/claim';
import type { ClaimTexts } from './claim';

/** Days on which links are sent to applicants, as the campaign's settings say. */
export interface SendingPeriod {
  readonly from: string;
  readonly until: string;
}

/** The sentence of a claim's state: what the applicant reads, and what the call centre reads out. */
export function claimSentence(
  c: ClaimTexts,
  { state, reason }: { readonly state: ClaimState; readonly reason: string | null },
  sending: SendingPeriod | null,
): string {
  if (state === 'refused' || state === 'more_needed')
    return [reasonSentence(c, state, reason), c(`sentence.${state}`)].filter(Boolean).join(' ');
  if (state !== 'approved') return c(`sentence.${state}`);
  return sending ? c('sentence.approved', { period: periodText(c, sending) }) : c('sentence.approved.later');
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

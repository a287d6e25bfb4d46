import type { CampaignSettings } from './campaign';
import { isBeforeDeadline } from './deadline';

/** Days on which links are sent, from the first to the last. */
export interface SendingPeriod {
  readonly from: string;
  readonly until: string;
}

/** What the sentence of a claim depends on besides its state. */
export interface ClaimTimes {
  /** When links go to applicants; null: nothing is announced. */
  readonly claim: SendingPeriod | null;
  /** When links go to people whom the app can reach. */
  readonly app: SendingPeriod | null;
  /** Exclusive instant; its own where a grant was extended. */
  readonly deadlineAt: Date;
  readonly now: Date;
}

const DAY_MS = 86_400_000;

/** The times of a claim; a wave that was planned beyond the announced days moves their end. */
export function claimTimesOf(
  settings: Pick<CampaignSettings, 'sending'>,
  { deadlineAt, waveUntil, now }: { readonly deadlineAt: Date; readonly waveUntil: string | null; readonly now: Date },
): ClaimTimes {
  const { claim = null, app = null } = settings.sending ?? {};
  const later = claim && waveUntil !== null && waveUntil > claim.until ? { from: claim.from, until: waveUntil } : claim;
  return { claim: later, app, deadlineAt, now };
}

/** Whether the last of the days has ended in Japan. */
export function isPast(period: SendingPeriod, now: Date): boolean {
  return now.getTime() >= Date.parse(`${period.until}T00:00:00+09:00`) + DAY_MS;
}

/** Whether nothing can be received any more. */
export function isTooLate({ now, deadlineAt }: ClaimTimes): boolean {
  return !isBeforeDeadline(now, deadlineAt);
}

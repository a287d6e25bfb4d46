import { progressMark } from '../components/progress-page';
import type { RedemptionState } from '../domain/redemption';
import type { RecipientPage } from '../views/recipient-page';

/** Whether the recipient still waits for it; doubt is waiting, too. */
export function isWaiting(state: RedemptionState): boolean {
  return state === 'requested' || state === 'issuing' || state === 'in_doubt';
}

/** Where somebody belongs who asks how things stand. */
export function nextPlace({ redemptions }: RecipientPage): string {
  if (redemptions.some(({ state }) => isWaiting(state) || state === 'failed')) return '/receive/progress';
  const newest = redemptions[0];
  if (!newest) return '/receive';
  // What was confirmed together carries the same instant.
  const together = redemptions.filter(({ acceptedAt }) => acceptedAt.getTime() === newest.acceptedAt.getTime());
  const codes = together.flatMap((redemption) => redemption.codes.filter(({ situation }) => situation === 'issued'));
  return codes.length === 1 ? `/receive/codes/${codes[0]?.id}` : '/receive/codes';
}

/** Whether the oldest that is waited for has taken longer than was promised. */
export function isLate({ campaign, redemptions }: RecipientPage, now: Date): boolean {
  const promised = campaign.promiseMinutes * 60_000;
  return redemptions.some(({ state, acceptedAt }) => isWaiting(state) && now.getTime() > acceptedAt.getTime() + promised);
}

/** What the page's script compares. */
export function progressOf(page: RecipientPage, now: Date): { waiting: boolean; mark: string } {
  const items = page.redemptions.filter(({ state }) => isWaiting(state) || state === 'failed');
  return { waiting: items.some(({ state }) => isWaiting(state)), mark: progressMark(items, isLate(page, now)) };
}

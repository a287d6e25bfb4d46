import type { RedemptionState } from './redemption';
import type { Yen } from './yen';

/** How things stand with one person, in one word; what needs a hand comes first. */
export type PersonState = 'frozen' | 'failed' | 'in_doubt' | 'issuing' | 'open' | 'partly' | 'done' | 'lapsed';

export interface PersonStateFacts {
  readonly frozen: boolean;
  /** Before the deadline. */
  readonly open: boolean;
  readonly residualYen: Yen;
  readonly lapsedYen: Yen;
  /** Of all redemptions; cancelled ones do not count. */
  readonly states: readonly RedemptionState[];
}

/** The word for it. */
export function personState({ frozen, open, residualYen, lapsedYen, states }: PersonStateFacts): PersonState {
  const has = (state: RedemptionState) => states.includes(state);
  if (frozen) return 'frozen';
  if (has('failed')) return 'failed';
  if (has('in_doubt')) return 'in_doubt';
  if (has('requested') || has('issuing')) return 'issuing';
  if (residualYen > 0n) return open ? (has('issued') ? 'partly' : 'open') : 'lapsed';
  return lapsedYen > 0n ? 'lapsed' : 'done';
}

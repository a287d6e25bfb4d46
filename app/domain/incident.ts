import { type PaymentOutcome, tookBalance } from './payment-row';
import type { Yen } from './yen';

/**
 * What probably happened to payments in the failure: candidates for (B) of the notice, each with its evidence. Pure.
 * They are for a person to look at; nothing is ever paid by them.
 */

export interface IncidentPayment {
  readonly number: string;
  readonly shop: string;
  readonly yen: Yen;
  readonly paidAt: Date;
  readonly outcome: PaymentOutcome;
}

export interface Candidate {
  /** B(1): nobody was told anything and the balance was taken. B(2): pressed again and charged again. */
  readonly kind: 'unanswered' | 'repeated';
  /** All payments that show it, in the order of their times. */
  readonly evidence: readonly IncidentPayment[];
  /** Those that were probably too much, and how much that is. */
  readonly excess: readonly IncidentPayment[];
  readonly excessYen: Yen;
}

/**
 * Candidates among one coupon's payments of the failure, in the order of time. Payments at the same shop of the same
 * amount, each within `repeatMs` of the one before, are one thing pressed several times: if the shop was told yes at
 * least once, all but the first yes are too much; if it was never told, every one is. A payment that took nothing is
 * no evidence. Each payment stands in one candidate only.
 */
export function findCandidates(payments: readonly IncidentPayment[], repeatMs: number): Candidate[] {
  const charged = payments.filter((payment) => tookBalance(payment.outcome)).sort(inTime);
  const groups: IncidentPayment[][] = [];
  for (const payment of charged) {
    const same = groups.findLast((group) => isSame(group.at(-1), payment));
    const last = same?.at(-1);
    if (same && last && payment.paidAt.getTime() - last.paidAt.getTime() <= repeatMs) same.push(payment);
    else groups.push([payment]);
  }
  return groups.flatMap((group): Candidate[] => {
    const told = group.find(({ outcome }) => outcome === 'paid');
    const excess = group.filter((payment) => payment !== told);
    if (excess.length === 0) return [];
    return [{ kind: told ? 'repeated' : 'unanswered', evidence: group, excess, excessYen: excess.reduce((sum, { yen }) => sum + yen, 0n) }];
  });
}

function isSame(a: IncidentPayment | undefined, b: IncidentPayment): boolean {
  return a !== undefined && a.shop === b.shop && a.yen === b.yen;
}

function inTime(a: IncidentPayment, b: IncidentPayment): number {
  return a.paidAt.getTime() - b.paidAt.getTime() || (a.number < b.number ? -1 : 1);
}

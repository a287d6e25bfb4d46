import { describe, expect, it } from 'vitest';
import { findCandidates, type IncidentPayment } from '~/domain/incident';

const MINUTE = 60_000;
const at = (minutes: number, outcome: IncidentPayment['outcome'] = 'paid', of: Partial<IncidentPayment> = {}): IncidentPayment => ({
  number: `P${minutes}`,
  shop: '店',
  yen: 500n,
  paidAt: new Date(Date.UTC(2023, 1, 24, 9) + minutes * MINUTE),
  outcome,
  ...of,
});
const found = (payments: IncidentPayment[]) =>
  findCandidates(payments, 10 * MINUTE).map(({ kind, evidence, excess, excessYen }) => [
    kind,
    evidence.map(({ number }) => number).join(' '),
    excess.map(({ number }) => number).join(' '),
    excessYen,
  ]);

describe('candidates of the failure', () => {
  it.each<[string, IncidentPayment[], unknown[]]>([
    ['nothing happened', [at(0)], []],
    ['an unanswered press', [at(0, 'unanswered')], [['unanswered', 'P0', 'P0', 500n]]],
    ['a time-out took nothing', [at(0, 'timed_out'), at(1, 'timed_out')], []],
    ['pressed twice', [at(0), at(1)], [['repeated', 'P0 P1', 'P1', 500n]]],
    ['pressed three times', [at(2), at(0), at(1)], [['repeated', 'P0 P1 P2', 'P1 P2', 1_000n]]],
    ['unanswered, then answered: the answered one stands', [at(0, 'unanswered'), at(1)], [['repeated', 'P0 P1', 'P0', 500n]]],
    ['unanswered twice', [at(0, 'unanswered'), at(1, 'unanswered')], [['unanswered', 'P0 P1', 'P0 P1', 1_000n]]],
    ['within the minutes', [at(0), at(10)], [['repeated', 'P0 P10', 'P10', 500n]]],
    ['a moment too late', [at(0), at(10, 'paid', { paidAt: new Date(at(10).paidAt.getTime() + 1) })], []],
    ['another shop', [at(0), at(1, 'paid', { shop: '別の店' })], []],
    ['another amount', [at(0), at(1, 'paid', { yen: 501n })], []],
    ['something else in between', [at(0), at(1, 'paid', { yen: 20n }), at(2)], [['repeated', 'P0 P2', 'P2', 500n]]],
  ])('%s', (_what, payments, candidates) => {
    expect(found(payments)).toEqual(candidates);
  });
});

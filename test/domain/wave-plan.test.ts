import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PlanField, planOf, readPlan, type TypedPlan, typedPlan } from '~/domain/wave-plan';

const NOW = new Date('2023-04-10T08:00:00+09:00');
const TERMS = { now: NOW, lastDay: '2023-05-31' };
const GOOD: TypedPlan = {
  group: 'app',
  purpose: 'invitation',
  from: '2023-04-10',
  until: '2023-04-21',
  first: '9',
  end: '20',
  perHour: '1,000',
  domains: 'docomo.ne.jp=300、ezweb.ne.jp=200',
  warmUp: '100 500',
};
const PLAN = {
  group: 'app',
  purpose: 'invitation',
  hours: { fromOn: '2023-04-10', untilOn: '2023-04-21', firstHour: 9, endHour: 20 },
  perHour: 1_000,
  domainPerHour: { 'docomo.ne.jp': 300, 'ezweb.ne.jp': 200 },
  warmUp: [100, 500],
} as const;

describe('a plan that is typed', () => {
  it('is read as it is meant, also in full width, and written again the same', () => {
    expect(readPlan(GOOD, TERMS)).toEqual({ plan: PLAN });
    expect(readPlan({ ...GOOD, perHour: '１０００', first: '９' }, TERMS)).toEqual({ plan: PLAN });
    expect(readPlan(typedPlan(PLAN), TERMS)).toEqual({ plan: PLAN });
  });

  it.each<[PlanField, string, string]>([
    ['from', '2023-02-30', 'day'],
    ['from', '', 'day'],
    ['from', '0000-01-01', 'day'],
    ['from', '1999-12-31', 'day'],
    ['until', '9999-12-31', 'day'],
    ['until', '2023-04-09', 'order'],
    ['until', '2023-06-01', 'past_deadline'],
    ['first', '24', 'hour'],
    ['end', '9', 'hour'],
    ['end', '25', 'hour'],
    ['perHour', '0', 'number'],
    ['perHour', '1e9', 'number'],
    ['domains', 'docomo.ne.jp', 'domains'],
    ['domains', 'a=1', 'domains'],
    ['warmUp', '100 x', 'numbers'],
    ['warmUp', Array.from({ length: 32 }, () => '1').join(' '), 'numbers'],
    ['group', 'all', 'choice'],
    ['purpose', 'resend', 'choice'],
  ])('with %s %j is refused: %s', (field, text, problem) => {
    expect(readPlan({ ...GOOD, [field]: text }, TERMS)).toEqual({ problems: expect.arrayContaining([{ field, problem }]) });
  });

  it('whose last day is over is refused', () => {
    expect(readPlan(GOOD, { ...TERMS, now: new Date('2023-04-22T00:00:00+09:00') })).toEqual({
      problems: [{ field: 'until', problem: 'over' }],
    });
    expect(readPlan(GOOD, { ...TERMS, now: new Date('2023-04-21T23:59:59+09:00') })).toHaveProperty('plan');
  });

  it('of any texts is read or refused, never failing', () => {
    fc.assert(
      fc.property(
        fc.record(Object.fromEntries(Object.keys(GOOD).map((name) => [name, fc.string({ unit: 'binary', maxLength: 40 })]))),
        (typed) => {
          const read = readPlan(typed as TypedPlan, TERMS);
          expect('plan' in read || read.problems.length > 0).toBe(true);
        },
      ),
    );
  });
});

it("begins with the campaign's own days and limits", () => {
  const settings = { sending: { app: { from: '2023-04-10', until: '2023-04-21', hours: [10, 18], perHour: 50 } } };
  const terms = { settings: settings as never, redeemUntil: new Date('2023-06-01T00:00:00+09:00'), now: NOW };
  expect(planOf({ group: 'app', purpose: 'invitation' }, terms)).toMatchObject({
    hours: { fromOn: '2023-04-10', untilOn: '2023-04-21', firstHour: 10, endHour: 18 },
    perHour: 50,
  });
  expect(planOf({ group: 'claim', purpose: 'reminder' }, terms).hours).toEqual({
    fromOn: '2023-04-10',
    untilOn: '2023-05-31',
    firstHour: 9,
    endHour: 20,
  });
});

it.each([
  ['on the last of them', '2023-04-21T23:59:59+09:00', '2023-04-10', '2023-04-21'],
  ['when they are over', '2023-04-22T00:00:00+09:00', '2023-04-22', '2023-05-31'],
])("begins with the campaign's own days, and with what is left until the deadline after them: %s", (_, now, fromOn, untilOn) => {
  const settings = { sending: { app: { from: '2023-04-10', until: '2023-04-21', hours: [10, 18], perHour: 50 } } };
  const terms = { settings: settings as never, redeemUntil: new Date('2023-06-01T00:00:00+09:00'), now: new Date(now) };
  expect(planOf({ group: 'app', purpose: 'invitation' }, terms)).toMatchObject({ hours: { fromOn, untilOn, firstHour: 10 }, perHour: 50 });
});

import { describe, expect, it } from 'vitest';
import { begunFirst, calendarOf, hasBegun } from '~/domain/calendar';

const SETTINGS = {
  incident: {
    began: '2023-02-24T17:00:00+09:00',
    couponExpiredAt: '2023-02-24T23:59:59+09:00',
    firstExtensionUntil: '2023-02-26T23:59:59+09:00',
    repeatMinutes: 10,
  },
  coupon: { extendedUntil: '2023-03-31T23:59:59+09:00', residualTakenAt: '2023-03-31T23:59:59+09:00', minimumResidualYen: 1 },
  claims: { opensAt: '2023-03-24T14:00:00+09:00', closesAt: '2023-04-30T23:59:59+09:00' },
  sending: { claim: { from: '2023-04-28', until: '2023-05-10' }, app: { from: '2023-04-10', until: '2023-04-21' } },
};

describe('the calendar of a programme', () => {
  it('names every instant of 2023 in order of time, with the last second of what ends', () => {
    const moments = calendarOf({ settings: SETTINGS, redeemUntil: new Date('2023-06-01T00:00:00+09:00') });
    expect(moments.map(({ kind, group, at }) => [kind, group, at.toISOString()])).toEqual([
      ['failure', null, '2023-02-24T08:00:00.000Z'],
      ['coupons_expired', null, '2023-02-24T14:59:59.000Z'],
      ['first_extension_ends', null, '2023-02-26T14:59:59.000Z'],
      ['claims_open', null, '2023-03-24T05:00:00.000Z'],
      ['cutoff', null, '2023-03-31T14:59:59.000Z'],
      ['sending_begins', 'app', '2023-04-09T15:00:00.000Z'],
      ['sending_ends', 'app', '2023-04-21T14:59:59.000Z'],
      ['sending_begins', 'claim', '2023-04-27T15:00:00.000Z'],
      ['claims_close', null, '2023-04-30T14:59:59.000Z'],
      ['sending_ends', 'claim', '2023-05-10T14:59:59.000Z'],
      ['deadline', null, '2023-05-31T14:59:59.000Z'],
    ]);
  });

  it('of a programme with nothing but grants is its deadline', () => {
    const moments = calendarOf({ settings: {}, redeemUntil: new Date('2024-01-01T00:00:00+09:00') });
    expect(moments).toEqual([{ kind: 'deadline', group: null, at: new Date('2023-12-31T23:59:59+09:00'), ends: true }]);
  });
});

describe('a programme that is set up for later', () => {
  const of = (settings: object, redeemUntil = '2023-06-01') => ({ settings, redeemUntil: new Date(`${redeemUntil}T00:00:00+09:00`) });
  const began = new Date(SETTINGS.incident.began);

  it('has not begun before its first date, to the second, and then it has for good', () => {
    expect(hasBegun(of(SETTINGS), new Date(began.getTime() - 1_000))).toBe(false);
    expect(hasBegun(of(SETTINGS), began)).toBe(true);
    expect(hasBegun(of({}), new Date(0))).toBe(true);
  });

  it('comes after those that have begun, which stay in their order', () => {
    const later = of({ sending: { app: { from: '2024-04-10', until: '2024-04-21' } } }, '2024-06-01');
    const [one, two] = [of(SETTINGS), of({})];
    expect(begunFirst([later, one, two], began)).toEqual([one, two, later]);
  });
});

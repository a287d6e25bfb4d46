import { describe, expect, it } from 'vitest';
import { CLAIM_ARROWS, CLAIM_STATES, claimTermsOf, claimWindow, mayClaimGo } from '~/domain/claim';
import { type ClaimDetails, readClaim, type TypedClaim } from '~/domain/claim-form';
import { decideClaim, decideCoupon } from '~/domain/claim-match';
import { claimNumber, readClaimNumber, showClaimNumber } from '~/domain/claim-number';

describe('a claim', () => {
  it('goes by its arrows and no others', () => {
    for (const from of CLAIM_STATES) {
      for (const to of CLAIM_STATES)
        expect(mayClaimGo(from, to), `${from} → ${to}`).toBe((CLAIM_ARROWS[from] as readonly string[]).includes(to));
    }
    expect(mayClaimGo('received', 'approved')).toBe(false);
    expect(mayClaimGo('approved', 'refused')).toBe(false);
    expect(CLAIM_ARROWS.collected).toEqual([]);
  });

  it('is taken from the opening instant to the last second, exact to the millisecond', () => {
    const terms = claimTermsOf({ claims: { opensAt: '2023-03-24T14:00:00+09:00', closesAt: '2023-04-30T23:59:59+09:00' } });
    if (!terms) throw new Error('no terms');
    expect(claimWindow(terms, new Date('2023-03-24T13:59:59.999+09:00'))).toBe('before');
    expect(claimWindow(terms, new Date('2023-03-24T14:00:00+09:00'))).toBe('open');
    expect(claimWindow(terms, new Date('2023-04-30T23:59:59.999+09:00'))).toBe('open');
    expect(claimWindow(terms, new Date('2023-05-01T00:00:00+09:00'))).toBe('after');
    expect(claimTermsOf({})).toBeNull();
  });
});

describe('a reference number', () => {
  const numbers = [0n, 1n, 123_456_789n, 899_999_999n, 900_000_000n, 2n ** 128n - 1n].map(claimNumber);

  it('has ten digits, the first no 0, and reads as itself in any width', () => {
    for (const number of numbers) {
      expect(number).toMatch(/^[1-9]\d{9}$/);
      expect(readClaimNumber(showClaimNumber(number))).toBe(number);
      expect(readClaimNumber(` ${[...number].map((d) => String.fromCharCode(d.charCodeAt(0) + 0xfee0)).join('')} `)).toBe(number);
    }
  });

  it('shows every single wrong digit and every two neighbours that changed places', () => {
    for (const number of numbers) {
      for (let i = 0; i < 10; i += 1) {
        for (let digit = 0; digit < 10; digit += 1) {
          const wrong = number.slice(0, i) + String(digit) + number.slice(i + 1);
          if (wrong !== number) expect(readClaimNumber(wrong), wrong).toBeNull();
        }
        const swapped =
          number.slice(0, i) +
          number
            .slice(i, i + 2)
            .split('')
            .reverse()
            .join('') +
          number.slice(i + 2);
        if (swapped !== number) expect(readClaimNumber(swapped), swapped).toBeNull();
      }
    }
    expect(readClaimNumber('')).toBeNull();
    expect(readClaimNumber('12345678901')).toBeNull();
  });
});

const TYPED: TypedClaim = {
  name: '　髙橋　 花子',
  kana: 'たかはし ﾊﾅｺ',
  postal: '〒８６０－０８０６',
  address: '熊本県熊本市中央区花畑町１−２−３',
  phone: '０９０ー００００－００１２',
  mail: 'Ｈａｎａｋｏ＠Example.JP',
  numbers: ['４３７０−００００−００７４', '', ' 437000000123 '],
};

describe('the form of a claim', () => {
  it('puts widths, kana, hyphens and spaces right', () => {
    expect(readClaim(TYPED)).toEqual({
      ok: true,
      details: {
        name: '髙橋 花子',
        kana: 'タカハシ ハナコ',
        postal: '8600806',
        address: '熊本県熊本市中央区花畑町１−２−３',
        phone: '+819000000012',
        mail: 'Hanako@example.jp',
        numbers: ['437000000074', '437000000123'],
      } satisfies ClaimDetails,
    });
  });

  it.each([
    ['+886 912-345-678', '+886912345678'],
    ['＋１ (415) 555-0100', '+14155550100'],
    ['+81 90-0000-0012', '+819000000012'],
    ['+0 912 345 678', null],
    ['912 345 678', null],
  ])('takes the telephone %s as %s', (phone, e164) => {
    const read = readClaim({ ...TYPED, phone });
    expect(read.ok ? read.details.phone : null).toBe(e164);
  });

  it('says everything that is wrong at once, with the row of an inquiry number', () => {
    const wrong = readClaim({
      name: ' ',
      kana: '花',
      postal: '123',
      address: '',
      phone: '12',
      mail: 'a@b',
      numbers: ['437', '４３７', '<x>'],
    });
    expect(wrong).toEqual({
      ok: false,
      errors: [
        { field: 'name', problem: 'missing' },
        { field: 'kana', problem: 'malformed' },
        { field: 'postal', problem: 'malformed' },
        { field: 'address', problem: 'missing' },
        { field: 'phone', problem: 'malformed' },
        { field: 'mail', problem: 'malformed' },
        { field: 'numbers', problem: 'twice', row: 1 },
        { field: 'numbers', problem: 'malformed', row: 2 },
      ],
    });
    expect(readClaim({ ...TYPED, numbers: ['', ' '] })).toEqual({ ok: false, errors: [{ field: 'numbers', problem: 'missing', row: 0 }] });
  });
});

describe('matching a claim with the register', () => {
  const register = { couponId: 'c', way: 'claim' as const, takenYen: 700n, granted: false, inApp: false, remainingYen: 0n };
  const coupon = { register, elsewhere: false, claimedFirstBy: null, cutOff: true };

  it('says what each coupon comes to', () => {
    expect(decideCoupon(coupon)).toBe('payable');
    expect(decideCoupon({ ...coupon, register: { ...register, way: 'app' } })).toBe('with_app');
    expect(decideCoupon({ ...coupon, register: { ...register, granted: true } })).toBe('already_granted');
    expect(decideCoupon({ ...coupon, register: { ...register, way: null, takenYen: 0n } })).toBe('balance_zero');
    expect(decideCoupon({ ...coupon, claimedFirstBy: '1234567897' })).toBe('already_claimed');
    expect(decideCoupon({ ...coupon, register: null, elsewhere: true })).toBe('wrong_programme');
    expect(decideCoupon({ ...coupon, register: null })).toBe('unknown');
    const before = { ...coupon, cutOff: false, register: { ...register, way: null, takenYen: 0n, remainingYen: 700n } };
    expect(decideCoupon(before)).toBe('before_cutoff');
    expect(decideCoupon({ ...before, register: { ...before.register, inApp: true } })).toBe('with_app');
    expect(decideCoupon({ ...before, register: { ...before.register, remainingYen: 0n } })).toBe('balance_zero');
  });

  it('is whole only when every coupon is payable, and counts only those', () => {
    const named = (inquiryNumber: string, rest: object = {}) => ({ inquiryNumber, ...coupon, ...rest });
    expect(decideClaim([named('1'), named('2')])).toMatchObject({ whole: true, yen: 1_400n });
    expect(decideClaim([named('1'), named('2', { register: null })])).toMatchObject({ whole: false, yen: 700n });
    expect(decideClaim([])).toMatchObject({ whole: false, yen: 0n });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readExactYen, readYen, sumYen } from '~/domain/yen';

describe('an amount as people write it', () => {
  it.each([
    ['1000', 1000n],
    ['1,357', 1357n],
    ['１，２３４', 1234n],
    ['１０００', 1000n],
    ['¥2,500', 2500n],
    ['￥2,500', 2500n],
    ['7円', 7n],
    [' 12 ', 12n],
    ['007', 7n],
  ])('%s is %s', (text, yen) => expect(readYen(text)).toEqual({ ok: true, yen }));

  it.each([
    ['', 'missing'],
    ['　', 'missing'],
    ['0', 'zero'],
    ['-1', 'negative'],
    ['－５００', 'negative'],
    ['1.5', 'fraction'],
    ['12.5', 'fraction'],
    ['1e3', 'not_a_number'],
    ['0x10', 'not_a_number'],
    ['12,34', 'not_a_number'],
    ['千円', 'not_a_number'],
    ['1\u0000', 'not_a_number'],
    ['99999999999999999999', 'too_large'],
    ['1000000000001', 'too_large'],
  ])('%j is refused as %s', (text, problem) => expect(readYen(text)).toEqual({ ok: false, problem }));

  it('of any whole amount reads back, in half and full width', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 1_000_000_000_000n }), (yen) => {
        const text = yen.toLocaleString('ja-JP');
        expect(readYen(text)).toEqual({ ok: true, yen });
        expect(readYen(text.replace(/[0-9,]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)))).toEqual({ ok: true, yen });
      }),
    );
  });

  it('never throws and never reads a text without a digit', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const read = readYen(text);
        if (read.ok) expect(text.normalize('NFKC')).toMatch(/\d/);
      }),
    );
  });
});

describe('an amount as a machine writes it', () => {
  it.each(['', '0', '01', '-1', '1.0', '1e3', '１０００', '1,000', ' 1', '1 ', '12345678901234', '1\n'])('%j is refused', (text) =>
    expect(readExactYen(text)).toBeNull(),
  );
  it('is plain digits', () => expect(readExactYen('1357')).toBe(1357n));
});

it('a sum of nothing is nothing', () => expect(sumYen([])).toBe(0n));

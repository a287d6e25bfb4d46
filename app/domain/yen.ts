/** Whole yen. Money is never a float and never negative outside a ledger posting. */
export type Yen = bigint;

/** Far above any programme's ceiling; keeps arithmetic and database columns in range. */
const YEN_MAX: Yen = 1_000_000_000_000n;

export type YenProblem = 'missing' | 'not_a_number' | 'fraction' | 'negative' | 'zero' | 'too_large';

/**
 * Reads an amount as people and spreadsheets write it: full-width digits, thousands separators, a yen
 * sign before or 円 behind are understood; anything else is named.
 * @returns whole yen of at least 1, or what is wrong
 */
export function readYen(text: string): { ok: true; yen: Yen } | { ok: false; problem: YenProblem } {
  const plain = text
    .normalize('NFKC')
    .trim()
    .replace(/^[¥\\]\s*/, '')
    .replace(/\s*円$/, '');
  if (plain === '') return { ok: false, problem: 'missing' };
  if (/^[-−‐ー]\s*[\d,]+$/.test(plain)) return { ok: false, problem: 'negative' };
  if (/^[\d,]*\.\d+$/.test(plain)) return { ok: false, problem: 'fraction' };
  if (!/^(\d+|\d{1,3}(,\d{3})+)$/.test(plain)) return { ok: false, problem: 'not_a_number' };
  const digits = plain.replaceAll(',', '').replace(/^0+(?=\d)/, '');
  if (digits.length > 13) return { ok: false, problem: 'too_large' };
  const yen = BigInt(digits);
  if (yen === 0n) return { ok: false, problem: 'zero' };
  return yen > YEN_MAX ? { ok: false, problem: 'too_large' } : { ok: true, yen };
}

/** Reads an amount that a machine wrote (hidden fields, commands): plain ASCII digits without a leading zero. */
export function readExactYen(text: string): Yen | null {
  return /^[1-9][0-9]{0,12}$/.test(text) ? BigInt(text) : null;
}

/** Adds up; an empty list is 0. */
export function sumYen(amounts: Iterable<Yen>): Yen {
  let sum = 0n;
  for (const yen of amounts) sum += yen;
  return sum;
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canEmpty, decideAllocation, mostOf, type OfferFacts, planCodes } from '~/domain/offer';
import { sumYen } from '~/domain/yen';

const range = (provider: string, minYen: number, maxYen: number, stepYen = 1): OfferFacts => ({
  provider,
  amount: { kind: 'range', minYen, maxYen, stepYen },
  paused: false,
  stock: null,
});
const faces = (provider: string, faceValuesYen: number[], maxCodes = 20, stock: [number, number][] | null = null): OfferFacts => ({
  provider,
  amount: { kind: 'fixed', faceValuesYen, maxCodes },
  paused: false,
  stock: stock ? new Map(stock) : null,
});
const amazon = range('amazon', 1, 500_000);
const ponta = faces('ponta', [100, 500, 1000]);
const edy = faces('edy', [100, 500, 1000, 3000]);

describe('the codes that make up an amount', () => {
  it.each([
    [amazon, 1357n, [1357n]],
    [amazon, 500_001n, null],
    [ponta, 1300n, [1000n, 100n, 100n, 100n]],
    [ponta, 1357n, null],
    [ponta, 20_000n, Array.from({ length: 20 }, () => 1000n)],
    [ponta, 20_100n, null],
    [edy, 4600n, [3000n, 1000n, 500n, 100n]],
    [range('step', 100, 1000, 50), 150n, [150n]],
    [range('step', 100, 1000, 50), 125n, null],
    [faces('odd', [400, 300]), 600n, [300n, 300n]],
    [
      faces('short', [100, 500], 20, [
        [500, 1],
        [100, 2],
      ]),
      700n,
      [500n, 100n, 100n],
    ],
    [
      faces('short', [100, 500], 20, [
        [500, 1],
        [100, 2],
      ]),
      800n,
      null,
    ],
    [faces('empty', [100], 20, []), 100n, null],
    [{ ...amazon, stock: new Map([[1000, 3]]) }, 2000n, [1000n, 1000n]],
    [{ ...amazon, stock: new Map([[1000, 3]]) }, 1357n, null],
  ] as [OfferFacts, bigint, bigint[] | null][])('%j makes %s', (offer, yen, codes) => {
    expect(planCodes(offer, yen)).toEqual(codes);
  });

  it('always add up, keep the limits, and are as few as possible', () => {
    const offer = fc.record({
      values: fc.uniqueArray(fc.constantFrom(1, 2, 3, 5, 7, 10, 50, 100), { minLength: 1, maxLength: 4 }),
      counts: fc.array(fc.nat({ max: 6 }), { minLength: 4, maxLength: 4 }),
      maxCodes: fc.integer({ min: 1, max: 8 }),
      limited: fc.boolean(),
    });
    fc.assert(
      fc.property(offer, fc.integer({ min: 1, max: 160 }), ({ values, counts, maxCodes, limited }, yen) => {
        const stock: [number, number][] | null = limited ? values.map((value, i) => [value, counts[i] ?? 0]) : null;
        const plan = planCodes(faces('any', values, maxCodes, stock), BigInt(yen));
        const best = bruteForce(values, stock ? new Map(stock) : null, maxCodes, yen);
        expect(plan?.length ?? null).toBe(best);
        if (plan) {
          expect(sumYen(plan)).toBe(BigInt(yen));
          for (const [value, count] of stock ?? []) expect(plan.filter((code) => code === BigInt(value)).length).toBeLessThanOrEqual(count);
        }
      }),
    );
  });

  it('the most that can be had is reachable, and nothing above it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30_000 }), (yen) => {
        for (const offer of [ponta, edy, amazon, range('step', 300, 9_000, 250)]) {
          const most = mostOf(offer, BigInt(yen));
          if (most > 0n) expect(planCodes(offer, most)).not.toBeNull();
          for (let above = most + 1n; above <= BigInt(yen) && above < most + 300n; above += 1n) expect(planCodes(offer, above)).toBeNull();
        }
      }),
      { numRuns: 50 },
    );
  });
});

function bruteForce(values: number[], stock: Map<number, number> | null, maxCodes: number, yen: number): number | null {
  let best: number | null = null;
  const go = (i: number, rest: number, used: number) => {
    if (rest === 0) best = best === null ? used : Math.min(best, used);
    const value = values[i];
    if (value === undefined || rest <= 0) return;
    const limit = Math.min(stock ? (stock.get(value) ?? 0) : maxCodes, maxCodes - used, Math.floor(rest / value));
    for (let n = 0; n <= limit; n += 1) go(i + 1, rest - n * value, used + n);
  };
  go(0, yen, 0);
  return best;
}

describe('a rest', () => {
  it.each([
    [57n, [amazon], true],
    [57n, [ponta], false],
    [0n, [ponta], true],
    [1300n, [ponta], true],
    [700n, [faces('five', [500]), faces('two', [200])], true],
    [600n, [faces('five', [500]), faces('seven', [700])], false],
    [600_000n, [amazon], true],
    [150n, [range('big', 100, 1000, 50), faces('one', [1])], true],
    [130n, [range('big', 100, 1000, 50), faces('thirty', [30])], true],
    [57n, [{ ...amazon, paused: true }, ponta], false],
  ] as [bigint, OfferFacts[], boolean][])('of %s yen can be received: case %#', (yen, offers, expected) => {
    expect(canEmpty(yen, offers)).toBe(expected);
  });

  it('is decided for the largest grant of a programme without hanging', () => {
    expect(canEmpty(1_000_000n, [range('even', 2, 1_000, 2), faces('odd', [999_999])])).toBe(true);
    expect(canEmpty(999_999n, [range('even', 2, 1_000, 2)])).toBe(false);
  });
});

describe('a choice', () => {
  const offers = [amazon, ponta, { ...edy, paused: true }, faces('gone', [100], 20, [])];
  it.each([
    ['the whole to one', 1357n, [['amazon', 1357n]], 'planned'],
    [
      'a split down to zero',
      1357n,
      [
        ['ponta', 1300n],
        ['amazon', 57n],
      ],
      'planned',
    ],
    ['a part whose rest can still be received', 1357n, [['ponta', 1300n]], 'planned'],
    ['nothing', 1357n, [], 'nothing_chosen'],
    ['zero yen', 1357n, [['amazon', 0n]], 'amount_invalid'],
    ['less than nothing', 1357n, [['amazon', -5n]], 'amount_invalid'],
    ['more than the residual', 1357n, [['amazon', 1358n]], 'amount_too_large'],
    [
      'parts above the residual',
      1357n,
      [
        ['amazon', 1000n],
        ['ponta', 500n],
      ],
      'amount_too_large',
    ],
    ['an amount the provider has no face value for', 1357n, [['ponta', 1357n]], 'amount_not_possible'],
    ['an empty shelf', 1357n, [['gone', 100n]], 'out_of_stock'],
    ['a paused provider', 1357n, [['edy', 100n]], 'offer_paused'],
    ['nobody', 1357n, [['nobody', 100n]], 'offer_unknown'],
    [
      'one provider twice',
      1357n,
      [
        ['amazon', 1n],
        ['amazon', 2n],
      ],
      'too_many_choices',
    ],
  ] as [string, bigint, [string, bigint][], string][])('%s', (_title, residual, parts, expected) => {
    const decision = decideAllocation(
      residual,
      parts.map(([provider, yen]) => ({ provider, yen })),
      offers,
    );
    expect(decision.kind === 'planned' ? 'planned' : decision.reason).toBe(expected);
  });

  it('whose rest could be received nowhere is refused, unless the whole could not either', () => {
    const only = [ponta, faces('edy', [300])];
    const take = (residual: bigint, yen: bigint) => decideAllocation(residual, [{ provider: 'ponta', yen }], only);
    const rigid = [faces('ponta', [300]), faces('edy', [500])];
    expect(decideAllocation(800n, [{ provider: 'ponta', yen: 600n }], rigid)).toMatchObject({ reason: 'rest_unredeemable', yen: 200n });
    expect(decideAllocation(800n, [{ provider: 'ponta', yen: 300n }], rigid)).toMatchObject({ kind: 'planned' });
    expect(take(1357n, 1300n), 'the 57 yen were never receivable').toMatchObject({ kind: 'planned' });
  });
});

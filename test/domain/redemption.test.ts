import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AttemptFacts,
  AUTOMATIC_ATTEMPTS,
  attemptInstant,
  codeSituation,
  mayGo,
  REDEMPTION_ARROWS,
  type RedemptionState,
  rollUp,
  triesAgain,
  wayTo,
} from '~/domain/redemption';

const STATES = Object.keys(REDEMPTION_ARROWS) as RedemptionState[];
const ARROWS = [
  'requested issuing',
  'requested cancelled',
  'issuing issued',
  'issuing failed',
  'issuing in_doubt',
  'in_doubt issued',
  'in_doubt failed',
  'failed issuing',
  'failed cancelled',
  'issued issuing',
];

describe('the states of a redemption', () => {
  it.each(STATES.flatMap((from) => STATES.map((to) => [from, to] as const)))('%s → %s is as the table says', (from, to) => {
    expect(mayGo(from, to)).toBe(from === to || ARROWS.includes(`${from} ${to}`));
  });

  it('can all be reached from the first', () => {
    for (const state of STATES) expect(() => wayTo('requested', state)).not.toThrow();
  });

  it('are walked only along arrows', () => {
    for (const from of STATES) {
      for (const to of STATES) {
        if (from !== to && (from === 'cancelled' || to === 'requested')) {
          expect(() => wayTo(from, to)).toThrow();
          continue;
        }
        let here = from;
        for (const next of wayTo(from, to)) {
          expect(ARROWS).toContain(`${here} ${next}`);
          if (next !== to) expect(next).not.toBe('issued');
          here = next;
        }
        expect(here).toBe(to);
      }
    }
  });

  it('a doubt that was never seen and is tried again passes through failed', () => {
    expect(wayTo('in_doubt', 'issuing')).toEqual(['failed', 'issuing']);
  });
});

describe('where a code stands', () => {
  const declined = (reason: AttemptFacts['reason']): AttemptFacts => ({ state: 'declined', reason });
  const table: [string, AttemptFacts[], boolean, string][] = [
    ['never asked', [], false, 'waiting'],
    ['asked', [{ state: 'open', reason: null }], false, 'asking'],
    ['unanswered', [{ state: 'unknown', reason: null }], false, 'in_doubt'],
    ['issued', [{ state: 'issued', reason: null }], false, 'issued'],
    ['refused for a moment', [declined('throttled')], false, 'waiting'],
    ['refused for good', [declined('rejected')], false, 'failed'],
    ['refused too often', Array.from({ length: AUTOMATIC_ATTEMPTS }, () => declined('out_of_stock')), false, 'failed'],
    ['refused, then issued', [declined('throttled'), { state: 'issued', reason: null }], false, 'issued'],
    ['voided for a re-issue', [{ state: 'voided', reason: null }], false, 'waiting'],
    ['given back', [declined('rejected')], true, 'returned'],
  ];
  it.each(table)('%s', (_title, attempts, returned, situation) => expect(codeSituation(attempts, returned)).toBe(situation));

  it('only a passing no is tried again', () => {
    expect(triesAgain([])).toBe(false);
    expect(triesAgain([{ state: 'unknown', reason: null }])).toBe(false);
    expect(triesAgain([declined('account_suspended')])).toBe(false);
    expect(triesAgain([declined('insufficient_funds')])).toBe(true);
  });
});

describe('a redemption of several codes', () => {
  const situation = fc.constantFrom('waiting', 'asking', 'in_doubt', 'failed', 'issued', 'returned' as const);
  it('is issued only when every code is issued or given back', () => {
    fc.assert(
      fc.property(fc.array(situation, { minLength: 1 }), (codes) => {
        if (rollUp(codes) === 'issued') expect(codes.every((code) => code === 'issued' || code === 'returned')).toBe(true);
        if (codes.includes('in_doubt')) expect(['in_doubt', 'issuing']).toContain(rollUp(codes));
        if (rollUp(codes) === 'failed')
          expect(codes.some((code) => code === 'waiting' || code === 'asking' || code === 'in_doubt')).toBe(false);
      }),
    );
  });
});

describe('attempts of one code', () => {
  const at = (ms: number) => ({ created_at: new Date(ms) });
  it('are in order whatever the clocks of two workers say', () => {
    expect(attemptInstant(new Date(50), [])).toEqual(new Date(50));
    expect(attemptInstant(new Date(50), [at(10)])).toEqual(new Date(50));
    expect(attemptInstant(new Date(50), [at(10), at(70)])).toEqual(new Date(71));
  });

  it('stand as the one that lives, wherever it stands', () => {
    const declined = { state: 'declined', reason: 'rejected' } as const;
    for (const state of ['open', 'unknown', 'issued'] as const) {
      const live = { state, reason: null };
      expect(codeSituation([live, declined], false)).toBe(codeSituation([declined, live], false));
    }
  });

  it('count anew after a person let one go on', () => {
    const empty = { state: 'declined', reason: 'out_of_stock' } as const;
    const four = [empty, empty, empty, empty];
    expect(codeSituation(four, false)).toBe('failed');
    const reopened = [...four.slice(1), { ...empty, reopened: true }];
    expect(codeSituation(reopened, false)).toBe('waiting');
    expect(codeSituation([...reopened, empty, empty, empty], false)).toBe('waiting');
    expect(codeSituation([...reopened, ...four], false)).toBe('failed');
  });
});

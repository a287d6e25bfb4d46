import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AttemptHistory,
  breakMs,
  decideNextCall,
  decideSettlement,
  leaseMs,
  newAttemptDelayMs,
  type ProviderAbilities,
  repeatDelayMs,
} from '~/domain/issuing';

const T0 = new Date('2023-05-20T10:00:00+09:00');
const after = (ms: number) => new Date(T0.getTime() + ms);
const abilities: ProviderAbilities = {
  repeatable: true,
  settlingDeclines: ['never_seen'],
  lookup: false,
  keyHorizonMs: 86_400_000,
  settleAfterMs: 30_000,
  throttlePauseMs: 10_000,
  timeLimitMs: 6_000,
};
const fresh: AttemptHistory = { calls: 0, createdAt: T0, leasedUntil: null, unknownSince: null, unknownAt: null, cause: null };
const doubtful: AttemptHistory = { ...fresh, calls: 1, unknownSince: T0, unknownAt: T0, cause: 'timeout' };

describe('what an answer proves', () => {
  it('a yes is a yes, whatever came before', () => {
    expect(decideSettlement(true, [], { kind: 'issued' })).toEqual({ kind: 'issued' });
  });
  it('a no of a first call is a no', () => {
    expect(decideSettlement(false, [], { kind: 'declined', reason: 'rejected' })).toEqual({ kind: 'declined', reason: 'rejected' });
  });
  it.each(['throttled', 'insufficient_funds', 'out_of_stock', 'account_suspended', 'rejected', 'invalid_amount'] as const)(
    'after an unanswered call a %s proves nothing about it',
    (reason) => {
      expect(decideSettlement(true, ['never_seen'], { kind: 'declined', reason })).toEqual({ kind: 'unknown', cause: reason });
    },
  );
  it('after an unanswered call only a settling no is a no', () => {
    expect(decideSettlement(true, ['never_seen'], { kind: 'declined', reason: 'never_seen' })).toMatchObject({ kind: 'declined' });
    expect(decideSettlement(true, [], { kind: 'declined', reason: 'never_seen' })).toMatchObject({ kind: 'unknown' });
  });
  it('a request that never left changes nothing, but does not clear an earlier doubt', () => {
    expect(decideSettlement(false, [], { kind: 'unknown', cause: 'never_sent' })).toEqual({ kind: 'unsent' });
    expect(decideSettlement(true, [], { kind: 'unknown', cause: 'never_sent' })).toMatchObject({ kind: 'unknown' });
  });
  it('no other silence is ever anything but unknown', () => {
    fc.assert(
      fc.property(
        fc.string().filter((cause) => cause !== 'never_sent'),
        fc.boolean(),
        (cause, before) => {
          expect(decideSettlement(before, ['never_seen'], { kind: 'unknown', cause })).toEqual({ kind: 'unknown', cause });
        },
      ),
    );
  });
});

describe('what to ask next', () => {
  it('a fresh attempt is asked for', () => expect(decideNextCall(fresh, abilities, T0)).toEqual({ kind: 'issue' }));
  it('one that another worker is asking for waits', () => {
    const leased = { ...fresh, leasedUntil: after(leaseMs(abilities)) };
    expect(decideNextCall(leased, abilities, T0)).toMatchObject({ kind: 'wait' });
  });
  it('one whose worker died waits until the provider can be believed, counted from the end of the lease', () => {
    const left = { ...fresh, calls: 1, leasedUntil: after(26_000) };
    expect(decideNextCall(left, abilities, after(26_000))).toMatchObject({ kind: 'wait' });
    expect(decideNextCall(left, abilities, after(56_000))).toEqual({ kind: 'issue' });
  });
  it('a doubt is looked up where that is possible, repeated where it is safe, else a person’s', () => {
    const later = after(30_000);
    expect(decideNextCall(doubtful, { ...abilities, lookup: true }, later)).toEqual({ kind: 'lookup' });
    expect(decideNextCall(doubtful, abilities, later)).toEqual({ kind: 'issue' });
    expect(decideNextCall(doubtful, { ...abilities, repeatable: false }, later)).toEqual({ kind: 'person' });
  });
  it('past the key’s horizon a repeat is never safe', () => {
    expect(decideNextCall(doubtful, abilities, after(86_399_999))).toEqual({ kind: 'issue' });
    expect(decideNextCall(doubtful, abilities, after(86_400_000))).toEqual({ kind: 'person' });
    expect(decideNextCall(doubtful, { ...abilities, lookup: true }, after(99_000_000))).toEqual({ kind: 'lookup' });
  });
  it.each(['duplicate_code', 'wrong_amount', 'voided'])('an answer that cannot be ours (%s) is a person’s', (cause) => {
    expect(decideNextCall({ ...doubtful, cause }, { ...abilities, lookup: true }, after(60_000))).toEqual({ kind: 'person' });
  });
});

describe('pauses', () => {
  it('between repeats grow to five minutes', () => {
    expect([0, 1, 2, 6, 7, 1000].map(repeatDelayMs)).toEqual([5_000, 5_000, 15_000, 300_000, 300_000, 300_000]);
  });
  it('before new attempts follow the reason', () => {
    expect(newAttemptDelayMs('never_seen', 1, abilities)).toBe(0);
    expect(newAttemptDelayMs('throttled', 2, abilities)).toBe(20_000);
    expect(newAttemptDelayMs('out_of_stock', 1, abilities)).toBe(30_000);
    expect(newAttemptDelayMs('insufficient_funds', 3, abilities)).toBe(180_000);
  });
  it('of a troubled provider start at the fifth silence and end at five minutes', () => {
    expect([0, 4, 5, 6, 9, 10, 1000].map(breakMs)).toEqual([0, 0, 15_000, 30_000, 240_000, 300_000, 300_000]);
  });
});

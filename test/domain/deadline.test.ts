import { describe, expect, it } from 'vitest';
import { daysLeft, exclusiveDeadline, isBeforeDeadline, isFrozen, lastMoment } from '~/domain/deadline';

const at = (text: string) => new Date(text);
const DEADLINE = at('2023-06-01T00:00:00+09:00');

describe('the deadline', () => {
  it('announced as 23:59:59 is stored as the next instant and shown as announced', () => {
    expect(exclusiveDeadline(at('2023-05-31T23:59:59+09:00'))).toEqual(DEADLINE);
    expect(lastMoment(DEADLINE)).toEqual(at('2023-05-31T23:59:59+09:00'));
  });

  it.each([
    ['2023-05-31T23:59:58+09:00', true],
    ['2023-05-31T23:59:59.999+09:00', true],
    ['2023-06-01T00:00:00+09:00', false],
    ['2023-06-01T00:00:01+09:00', false],
  ])('at %s still open: %s', (now, open) => expect(isBeforeDeadline(at(now), DEADLINE)).toBe(open));

  it.each([
    ['2023-05-20T00:00:00+09:00', 11],
    ['2023-05-20T23:59:59+09:00', 11],
    ['2023-05-30T23:59:59+09:00', 1],
    ['2023-05-31T00:00:00+09:00', 0],
    ['2023-05-31T23:59:59+09:00', 0],
    ['2023-06-01T00:00:00+09:00', -1],
  ])('at %s has %i days left, counted in Japan', (now, days) => expect(daysLeft(at(now), DEADLINE)).toBe(days));
});

it('a freeze holds from its start to its end', () => {
  const [from, until] = [at('2023-05-20T10:00:00+09:00'), at('2023-05-22T10:00:00+09:00')];
  expect(isFrozen(at('2023-05-20T09:59:59+09:00'), from, until)).toBe(false);
  expect(isFrozen(from, from, until)).toBe(true);
  expect(isFrozen(until, from, until)).toBe(false);
  expect(isFrozen(at('2033-01-01T00:00:00Z'), from, null)).toBe(true);
  expect(isFrozen(from, null, null)).toBe(false);
});

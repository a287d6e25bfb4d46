import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { clockFrom } from '~/clock';
import { followParentsClock } from '~/http/parents-clock';

const MAY_20 = new Date('2023-05-20T10:00:00+09:00');
const MAY_31 = new Date('2023-05-31T23:59:59+09:00');

function follow() {
  const sent: unknown[] = [];
  const channel = Object.assign(new EventEmitter(), { send: (message: unknown) => sent.push(message) });
  const since = new Date();
  const clock = clockFrom(MAY_20, since);
  const follower = followParentsClock(clock, channel);
  const set = (start: Date) => channel.emit('message', { clock: { start: start.toISOString(), since: since.toISOString() } });
  return { sent, channel, clock, follower, set };
}

it('lets nobody move the clock under a parent that never set it', () => {
  const { follower, channel } = follow();
  expect(follower.moveClock).toBeNull();
  channel.emit('message', { clock: { start: 'tomorrow' } });
  channel.emit('message', 'clock');
  expect(follower.moveClock).toBeNull();
});

it('asks the parent, and goes by what the parent sets', async () => {
  const { follower, clock, set, sent } = follow();
  set(MAY_20);
  const moved = follower.moveClock?.(MAY_31);
  expect(sent).toEqual([{ moveClockTo: MAY_31.toISOString() }]);
  expect(clock.now() < MAY_31).toBe(true);
  set(MAY_31);
  await moved;
  expect(clock.now() >= MAY_31).toBe(true);
});

import { z } from 'zod';
import type { RehearsalClock } from '../clock';

/** What a parent that keeps the rehearsal's clock tells its processes, and what they may ask of it. */
const settingMessage = z.object({ clock: z.object({ start: z.iso.datetime(), since: z.iso.datetime() }) });
export const moveMessage = z.object({ moveClockTo: z.iso.datetime() });

/** The channel to the parent, as `process` has it. */
export interface ParentChannel {
  send?(message: unknown): unknown;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

/**
 * Lets a parent set a rehearsal's clock, in all its processes at once. @returns how to ask it to move the clock on:
 * null until the parent has set it for the first time, by which it says that it can
 */
export function followParentsClock(
  clock: RehearsalClock,
  channel: ParentChannel,
): { readonly moveClock: ((to: Date) => Promise<void>) | null } {
  let canMove = false;
  let waiting: (() => void)[] = [];
  channel.on('message', (message) => {
    const read = settingMessage.safeParse(message);
    if (!read.success) return;
    canMove = true;
    const { start, since } = read.data.clock;
    clock.setAnew({ start: new Date(start), since: new Date(since) });
    for (const done of waiting) done();
    waiting = [];
  });
  const moveClock = (to: Date) =>
    new Promise<void>((resolve) => {
      waiting.push(resolve);
      channel.send?.({ moveClockTo: to.toISOString() });
    });
  return {
    get moveClock() {
      return canMove ? moveClock : null;
    },
  };
}

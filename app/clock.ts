/** The one source of "now". Everything that asks for the time takes a clock. */
export interface Clock {
  now(): Date;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => new Date() };

/** Where a running clock was set: it showed `start` when the machine's showed `since`. */
export interface ClockSetting {
  readonly start: Date;
  readonly since: Date;
}

/** A clock that runs, and can be set anew (rehearsal, demo). */
export interface RehearsalClock extends Clock {
  setAnew(setting: ClockSetting): void;
}

/** A clock that showed `start` when the machine's showed `since` (left out: now) and runs on from there (rehearsal, demo). */
export function clockFrom(start: Date, since: Date = new Date()): RehearsalClock {
  let shiftMs = start.getTime() - since.getTime();
  return {
    now: () => new Date(Date.now() + shiftMs),
    setAnew: (setting) => {
      shiftMs = setting.start.getTime() - setting.since.getTime();
    },
  };
}

/** A clock that stands until it is moved (tests, simulation). */
export interface StandingClock extends Clock {
  set(at: Date): void;
  advance(ms: number): void;
}

/** Makes a standing clock. */
export function standingClock(start: Date): StandingClock {
  let at = start.getTime();
  return {
    now: () => new Date(at),
    set: (to) => {
      at = to.getTime();
    },
    advance: (ms) => {
      at += ms;
    },
  };
}

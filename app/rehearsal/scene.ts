import type { RehearsalFacts, RehearsalScene } from '../domain/rehearsal';
import type { Stage } from './stage';

/** What came of a scene: whether all came out that had to, and what was counted. */
export interface Played {
  readonly ok: boolean;
  readonly facts: RehearsalFacts;
}

/** One moment of a programme's calendar and what is done at it. */
export interface Scene {
  readonly scene: RehearsalScene;
  readonly at: Date;
  play(stage: Stage): Promise<Played>;
}

export const SECOND_MS = 1_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** So much later, or earlier. */
export function after(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}

/** The latest of some moments. */
export function latest(...moments: readonly (Date | null)[]): Date {
  return new Date(Math.max(...moments.flatMap((at) => (at ? [at.getTime()] : []))));
}

import type { Bilingual } from './campaign';
import type { Yen } from './yen';

/** What can have happened to a person; each has its words in the console's catalogue (`timeline.*`). */
export const TIMELINE_NAMES = [
  'granted',
  'accepted',
  'returned',
  'lapsed',
  'corrected',
  'extended',
  'issued',
  'declined',
  'unknown',
  'handed_over',
  'voided',
  'shown',
  'unavailable',
  'proposed',
  'alone',
  'approved',
  'refused',
  'withdrawn',
  'expired',
  'void',
  'done',
  'failed',
  'skipped',
  'unmask',
  'freeze',
  'release',
  'resend',
  'ask_again',
  'change_address',
  'identity_wrong',
  'message_queued',
  'message_sent',
  'message_delivered',
  'message_failed',
  'message_unknown',
  'message_complained',
  'opened',
  'opened_bot',
  'opened_idle',
  'staff',
] as const;
export type TimelineName = (typeof TIMELINE_NAMES)[number];

/** A value in a sentence. Yen, moments and labels are written in the reader's language. */
export type TimelineFact = string | number | Yen | Date | Bilingual | null;

export interface TimelineEvent {
  readonly at: Date;
  readonly name: TimelineName;
  /** `recipient`, `system`, `import`, `scanner`, `somebody` (a person or a program, not known), or `staff:<id>`. */
  readonly actor: string;
  readonly facts: Readonly<Record<string, TimelineFact>>;
  /** What a person wrote about it. */
  readonly note?: string;
  /** By how much the residual changed. */
  readonly changeYen?: Yen;
}

export interface TimelineLine extends TimelineEvent {
  /** The residual after it. */
  readonly residualYen: Yen;
}

/** What happens first of what carries the same instant: yen come back before they are set aside anew. */
const SAME_INSTANT: readonly TimelineName[] = [
  'granted',
  'extended',
  'proposed',
  'alone',
  'approved',
  'voided',
  'corrected',
  'returned',
  'accepted',
];

/** Puts what several sources tell into one order, newest first, each line with the residual after it. */
export function mergeTimeline(sources: readonly (readonly TimelineEvent[])[]): TimelineLine[] {
  const rank = ({ name }: TimelineEvent) => {
    const at = SAME_INSTANT.indexOf(name);
    return at < 0 ? SAME_INSTANT.length : at;
  };
  const events = sources.flat().sort((a, b) => a.at.getTime() - b.at.getTime() || rank(a) - rank(b));
  let residualYen = 0n;
  const lines = events.map((event) => {
    residualYen += event.changeYen ?? 0n;
    return { ...event, residualYen };
  });
  return lines.reverse();
}

/** What a rehearsal (予行) plays, in no order: the calendar of each programme gives them theirs. */
export const REHEARSAL_SCENES = [
  'list',
  'register',
  'candidates',
  'extension',
  'case_before',
  'claims_early',
  'claims_open',
  'cutoff_early',
  'cutoff',
  'case_after',
  'claims_decided',
  'sending_early',
  'sending',
  'claims_last',
  'claims_closed',
  'claims_late',
  'reminders',
  'redemptions',
  'deadline_last',
  'deadline_over',
  'lapse',
  'report',
] as const;
export type RehearsalScene = (typeof REHEARSAL_SCENES)[number];

/**
 * `passed`: every scene came out as it must. `broken`: it could not be played to the end. `unavailable`: this installation
 * has nowhere to play it.
 */
export const REHEARSAL_STATES = ['waiting', 'playing', 'passed', 'failed', 'broken', 'unavailable'] as const;
export type RehearsalState = (typeof REHEARSAL_STATES)[number];

/** What is counted in a scene. Those that end in Yen are whole yen; the others are numbers of things, or a closed word. */
export const REHEARSAL_FACTS = [
  'group',
  'answer',
  'coupons',
  'faceYen',
  'remainingYen',
  'found',
  'extendedYen',
  'backYen',
  'persons',
  'grantedYen',
  'waitingYen',
  'claims',
  'sent',
  'twice',
  'missed',
  'codes',
  'redeemedYen',
  'lapsedYen',
  'unexplainedYen',
] as const;
export type RehearsalFact = (typeof REHEARSAL_FACTS)[number];
export type RehearsalFacts = Readonly<Partial<Record<RehearsalFact, number | string>>>;

/** One scene as it was played. */
export interface RehearsalStep {
  readonly scene: RehearsalScene;
  /** The moved clock's instant, ISO 8601. */
  readonly at: string;
  /** What had to come out came out, and every book agreed to the yen afterwards. */
  readonly ok: boolean;
  readonly facts: RehearsalFacts;
}

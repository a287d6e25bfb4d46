import type { Db } from '#db/database';
import type { Bilingual } from '../../domain/campaign';
import type { TimelineEvent } from '../../domain/timeline';

/** Whose story is told. */
export interface TimelineSubject {
  readonly grantId: string;
  readonly redemptionIds: readonly string[];
  /** The campaign's name of a provider. */
  labelOf(provider: string): Bilingual;
}

/** One kind of things that happened. Sources need not be in order. */
export type TimelineSource = (db: Db, subject: TimelineSubject) => Promise<TimelineEvent[]>;

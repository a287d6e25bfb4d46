import type { RehearsalState, RehearsalStep } from '../domain/rehearsal';
import type { Portal } from '../portal';

export interface RehearsalView {
  readonly id: string;
  readonly state: RehearsalState;
  readonly steps: readonly RehearsalStep[];
  readonly who: string;
  readonly askedAt: Date;
  readonly endedAt: Date | null;
}

/** How many of a programme's rehearsals are shown. */
const SHOWN = 10;

/** A programme's latest rehearsals, newest first. */
export async function listRehearsals({ db }: Pick<Portal, 'db'>, campaignId: string): Promise<RehearsalView[]> {
  const rows = await db
    .selectFrom('rehearsals')
    .innerJoin('staff', 'staff.id', 'rehearsals.asked_by')
    .where('campaign_id', '=', campaignId)
    .select(['rehearsals.id', 'state', 'steps', 'staff.name as who', 'asked_at as askedAt', 'ended_at as endedAt'])
    .orderBy('asked_at', 'desc')
    .orderBy('rehearsals.id', 'desc')
    .limit(SHOWN)
    .execute();
  return rows;
}

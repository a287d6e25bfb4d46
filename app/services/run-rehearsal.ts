import type { Db } from '#db/database';
import { type CampaignFile, campaignFile } from '../domain/campaign';
import type { RehearsalState, RehearsalStep } from '../domain/rehearsal';
import type { Portal } from '../portal';

/** Plays a calendar and tells each scene; null where this installation has nowhere to play it. */
export type RehearsalPlayer =
  | ((
      campaign: CampaignFile,
      options: { id: string; onStep: (step: RehearsalStep) => Promise<void>; signal?: AbortSignal },
    ) => Promise<RehearsalStep[]>)
  | null;

/**
 * Has a rehearsal played and keeps each scene as it ends. Begun again after a crash it is played anew.
 * @throws the signal's reason when it is stopped: it goes on with the next worker
 */
export async function runRehearsal(
  portal: Pick<Portal, 'db' | 'clock' | 'log'>,
  { rehearsalId }: { rehearsalId: string },
  { play, signal }: { play: RehearsalPlayer; signal?: AbortSignal },
): Promise<RehearsalState | 'nothing'> {
  const { db } = portal;
  const own = await db.selectFrom('rehearsals').select(['content', 'state']).where('id', '=', rehearsalId).executeTakeFirst();
  if (!own || (own.state !== 'waiting' && own.state !== 'playing')) return 'nothing';
  const end = (state: RehearsalState) => keep(db, rehearsalId, { state, ended_at: portal.clock.now() });
  if (!play) return end('unavailable');
  const steps: RehearsalStep[] = [];
  await keep(db, rehearsalId, { state: 'playing', steps: '[]' });
  try {
    await play(campaignFile.parse(own.content), {
      id: rehearsalId,
      signal,
      onStep: async (step) => {
        steps.push(step);
        await keep(db, rehearsalId, { state: 'playing', steps: JSON.stringify(steps) });
      },
    });
  } catch (err) {
    signal?.throwIfAborted();
    portal.log.error({ err, rehearsal: rehearsalId }, 'a rehearsal could not be played to its end');
    return end('broken');
  }
  return end(steps.every(({ ok }) => ok) ? 'passed' : 'failed');
}

async function keep(db: Db, id: string, row: { state: RehearsalState; steps?: string; ended_at?: Date }): Promise<RehearsalState> {
  const { steps, ...rest } = row;
  await db
    .updateTable('rehearsals')
    .set({ ...rest, ...(steps !== undefined && { steps }) })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .execute();
  return row.state;
}

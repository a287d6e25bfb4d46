import type { Trx } from '#db/database';
import { addSendJobs } from '#db/jobs';
import type { DuePerson } from '#db/waves';
import type { ReminderStep, WavePurpose } from '../../domain/wave';
import { JOB_ATTEMPTS } from '../../jobs';
import type { Portal } from '../../portal';
import { messageRow } from './message-row';
import type { Reach } from './reach';

/** A message of a wave that is due now. */
export interface DueMessage {
  readonly person: DuePerson;
  readonly to: Reach;
  readonly reminder: { readonly step: ReminderStep; readonly lastDay: string } | null;
}

/**
 * Queues messages of a wave with their jobs. Whoever has one already, by the database's own count, is passed over.
 * @returns the ids by grant
 */
export async function queueMany(
  portal: Pick<Portal, 'crypto' | 'clock'>,
  trx: Trx,
  { wave, messages }: { wave: { id: string; campaignId: string; purpose: WavePurpose }; messages: readonly DueMessage[] },
): Promise<Map<string, string>> {
  if (messages.length === 0) return new Map();
  const now = portal.clock.now();
  const { campaignId, purpose } = wave;
  const rows = messages.map(({ person: { grantId, linkGeneration }, to, reminder }) => ({
    ...messageRow(portal.crypto, { campaignId, grantId, purpose, to, linkGeneration, actor: `wave:${wave.id}`, now }),
    wave_id: wave.id,
    reminder_step: reminder?.step ?? null,
    reminder_for: reminder?.lastDay ?? null,
  }));
  const written = await trx
    .insertInto('messages')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .returning(['id', 'grant_id'])
    .execute();
  if (written.length > 0)
    await addSendJobs(
      trx,
      written.map(({ id }) => id),
      JOB_ATTEMPTS,
    );
  return new Map(written.map(({ id, grant_id }) => [grant_id, id]));
}

import type { Trx } from '#db/database';
import type { GrantSheet } from '#db/grants';
import type { Message } from '#db/tables/messages';
import { findWave, hasOptedOut } from '#db/waves';
import { isFrozen } from '../../domain/deadline';
import { decideLeave, type Leave } from '../../domain/wave';

/** May this message go out now? What was true when it was queued may hold no more. */
export async function leaveOf(
  trx: Trx,
  message: Message,
  { sheet, now }: { sheet: GrantSheet; now: Date },
): Promise<Exclude<Leave, { kind: 'go' }> | { kind: 'go'; notAfter: Date | null }> {
  const { grant } = sheet;
  // A change of address came after it: its link is dead.
  if (message.link_generation !== null && message.link_generation !== grant.link_generation) return { kind: 'outdated' };
  if (message.wave_id === null) return { kind: 'go', notAfter: null };
  const wave = await findWave(trx, message.wave_id);
  if (!wave) throw new Error(`the wave of message ${message.id} is gone`);
  const { reminder_step: step, reminder_for: lastDay } = message;
  return decideLeave(now, {
    wave,
    residualYen: sheet.residualYen,
    deadlineAt: grant.deadline_at,
    frozen: isFrozen(now, grant.frozen_at, grant.frozen_until),
    reminder: step === null || lastDay === null ? null : { step, lastDay },
    optedOut: step !== null && (await hasOptedOut(trx, grant.id)),
  });
}

import { appendAudit } from '#db/audit';
import type { Trx } from '#db/database';
import type { Wave } from '#db/tables/waves';
import { inTransaction } from '#db/transaction';
import { lockWave, takeBackMessages } from '#db/waves';
import { japanDay } from '../../domain/japan-time';
import { canMove, WAVE_MOVES, type WaveMove, type WaveState } from '../../domain/wave';
import type { Portal } from '../../portal';

/** Which wave, and who acts. */
export interface WaveAct {
  readonly campaignId: string;
  readonly number: number;
  /** `staff:<id>` or `cli:<name>`. */
  readonly actor: string;
}

export type WaveResult =
  | { readonly kind: 'done'; readonly waveId: string; readonly state: WaveState }
  /** It stands there already. */
  | { readonly kind: 'unchanged'; readonly waveId: string; readonly state: WaveState }
  | { readonly kind: 'refused'; readonly reason: 'wave_unknown' | 'wrong_state' | 'over'; readonly state?: WaveState };

/**
 * Moves a wave, with its entry in the audit, in one transaction that waits for whoever feeds it. Nothing starts or goes
 * on after its last day.
 */
export async function moveWave(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto'>,
  { campaignId, number, actor }: WaveAct,
  move: WaveMove,
): Promise<WaveResult> {
  const { to, act } = WAVE_MOVES[move];
  return inTransaction(portal.db, async (trx) => {
    const wave = await lockWave(trx, { campaignId, number });
    if (!wave) return { kind: 'refused', reason: 'wave_unknown' };
    if (wave.state === to) return { kind: 'unchanged', waveId: wave.id, state: wave.state };
    if (!canMove(wave.state, move)) return { kind: 'refused', reason: 'wrong_state', state: wave.state };
    const now = portal.clock.now();
    if (to === 'running' && japanDay(now) > wave.until_on) return { kind: 'refused', reason: 'over', state: wave.state };
    const started = move === 'start' ? { started_at: now } : {};
    await trx
      .updateTable('waves')
      .set({
        state: to,
        state_at: now,
        waits_for: null,
        ...started,
      })
      .where('id', '=', wave.id)
      .execute();
    // In the same transaction: another wave never takes for invited whom this one lets go.
    if (to === 'stopped') await takeBackMessages(trx, { waveId: wave.id, now });
    await auditWave(portal, trx, { wave, actor, act, now });
    return { kind: 'done', waveId: wave.id, state: to };
  });
}

/** The entry of an act on a wave. */
export async function auditWave(
  { crypto }: Pick<Portal, 'crypto'>,
  trx: Trx,
  { wave, actor, act, now }: { wave: Pick<Wave, 'id' | 'campaign_id' | 'number' | 'queued'>; actor: string; act: string; now: Date },
): Promise<void> {
  await appendAudit(trx, {
    id: crypto.newId(now),
    campaignId: wave.campaign_id,
    at: now,
    actor,
    act,
    subjectKind: 'wave',
    subjectId: wave.id,
    detail: { wave: wave.number, queued: wave.queued },
  });
}

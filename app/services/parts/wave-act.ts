import { appendAudit } from '#db/audit';
import type { Trx } from '#db/database';
import type { Wave } from '#db/tables/waves';
import { inTransaction } from '#db/transaction';
import { lockWave } from '#db/waves';
import type { WaveState } from '../../domain/wave';
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

/** Moves a wave to another state, with its entry in the audit, in one transaction that waits for whoever feeds it. */
export async function moveWave(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto'>,
  { campaignId, number, actor }: WaveAct,
  move: {
    readonly to: WaveState;
    readonly from: readonly WaveState[];
    readonly act: string;
    refuse?(wave: Wave, now: Date): 'over' | null;
  },
): Promise<WaveResult> {
  return inTransaction(portal.db, async (trx) => {
    const wave = await lockWave(trx, { campaignId, number });
    if (!wave) return { kind: 'refused', reason: 'wave_unknown' };
    if (wave.state === move.to) return { kind: 'unchanged', waveId: wave.id, state: wave.state };
    if (!move.from.includes(wave.state)) return { kind: 'refused', reason: 'wrong_state', state: wave.state };
    const now = portal.clock.now();
    const reason = move.refuse?.(wave, now);
    if (reason) return { kind: 'refused', reason, state: wave.state };
    const started = wave.state === 'planned' && move.to === 'running' ? { started_at: now } : {};
    await trx
      .updateTable('waves')
      .set({
        state: move.to,
        state_at: now,
        waits_for: null,
        ...started,
      })
      .where('id', '=', wave.id)
      .execute();
    await auditWave(portal, trx, { wave, actor, act: move.act, now });
    return { kind: 'done', waveId: wave.id, state: move.to };
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

import type { Portal } from '../portal';
import { moveWave, type WaveAct, type WaveResult } from './parts/wave-act';

/** Holds a wave: nothing more is queued, and what waits in the queue is not sent. */
export async function pauseWave(portal: Pick<Portal, 'db' | 'clock' | 'crypto'>, act: WaveAct): Promise<WaveResult> {
  return moveWave(portal, act, 'pause');
}

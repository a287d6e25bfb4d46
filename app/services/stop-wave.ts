import type { Portal } from '../portal';
import { moveWave, type WaveAct, type WaveResult } from './parts/wave-act';

/** Stops a wave for good: what was not sent is taken back, and its people may be invited by another. */
export async function stopWave(portal: Pick<Portal, 'db' | 'clock' | 'crypto'>, act: WaveAct): Promise<WaveResult> {
  return moveWave(portal, act, 'stop');
}

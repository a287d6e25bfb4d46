import type { Portal } from '../portal';
import { moveWave, type WaveAct, type WaveResult } from './parts/wave-act';

/** Starts a planned wave: from now on its messages are queued, within its days and hours. */
export async function startWave(portal: Pick<Portal, 'db' | 'clock' | 'crypto'>, act: WaveAct): Promise<WaveResult> {
  return moveWave(portal, act, 'start');
}

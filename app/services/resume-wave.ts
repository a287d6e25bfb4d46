import type { Portal } from '../portal';
import { moveWave, type WaveAct, type WaveResult } from './parts/wave-act';

/** Lets a paused wave go on; what waited in the queue goes out again. */
export async function resumeWave(portal: Pick<Portal, 'db' | 'clock' | 'crypto'>, act: WaveAct): Promise<WaveResult> {
  return moveWave(portal, act, 'resume');
}

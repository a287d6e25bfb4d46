import type { ReactNode } from 'react';
import { typeset } from '../typeset';
import { ConsoleFrame, type ConsoleFrameProps } from './frame';

/** A finished page of the console: no hydration data, nothing to stream. */
export function renderConsole(frame: ConsoleFrameProps, page: ReactNode): string {
  return typeset(<ConsoleFrame {...frame}>{page}</ConsoleFrame>);
}

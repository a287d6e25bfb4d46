import type { ReactNode } from 'react';
import { Frame, type FrameProps } from './frame';
import { typeset } from './typeset';

/** A finished page: no hydration data, nothing to stream. */
export function renderDocument(frame: FrameProps, page: ReactNode): string {
  return typeset(<Frame {...frame}>{page}</Frame>);
}

import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { Frame, type FrameProps } from './frame';

/** A finished page: no hydration data, nothing to stream. */
export function renderDocument(frame: FrameProps, page: ReactNode): string {
  return `<!DOCTYPE html>${renderToStaticMarkup(<Frame {...frame}>{page}</Frame>)}`;
}

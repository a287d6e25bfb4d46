import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { ConsoleFrame, type ConsoleFrameProps } from './frame';

/** A finished page of the console: no hydration data, nothing to stream. */
export function renderConsole(frame: ConsoleFrameProps, page: ReactNode): string {
  return `<!DOCTYPE html>${renderToStaticMarkup(<ConsoleFrame {...frame}>{page}</ConsoleFrame>)}`;
}

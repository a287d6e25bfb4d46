import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { Frame, type FrameProps } from './frame';

/** Answers with a finished page: no hydration data, nothing to stream. The web process adds the protective headers. */
export function respond(frame: FrameProps, page: ReactNode, status = 200, headers: HeadersInit = {}): Response {
  const html = `<!DOCTYPE html>${renderToStaticMarkup(<Frame {...frame}>{page}</Frame>)}`;
  const response = new Response(html, { status, headers });
  response.headers.set('content-type', 'text/html; charset=utf-8');
  response.headers.set('content-language', frame.t.language);
  return response;
}

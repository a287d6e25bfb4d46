import type { ActionFunctionArgs, AppLoadContext, EntryContext, LoaderFunctionArgs } from '@remix-run/node';
import { RemixServer } from '@remix-run/react';
import { renderToString } from 'react-dom/server';

/** Renders a hydrated route in one piece. The recipient's pages answer by themselves and never come here. */
export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remixContext: EntryContext,
  { nonce }: AppLoadContext,
): Response {
  const html = renderToString(<RemixServer context={remixContext} url={request.url} nonce={nonce} />);
  headers.set('content-type', 'text/html; charset=utf-8');
  headers.set('cache-control', 'no-store');
  return new Response(`<!DOCTYPE html>${html}`, { status, headers });
}

/** What no page could catch. Requests that their browser gave up are no failures. */
export function handleError(error: unknown, { request, context }: LoaderFunctionArgs | ActionFunctionArgs): void {
  if (request.signal.aborted) return;
  const { name, message, stack } = error instanceof Error ? error : { name: 'thrown', message: String(error), stack: undefined };
  context.portal.log.error({ method: request.method, error: { name, message, stack } }, 'a request failed');
}

import type { ActionFunctionArgs } from '@remix-run/node';
import { noteCallback } from '../services/note-callback';

const METHODS = { Allow: 'POST' };

/**
 * What gateways tell of messages. It is never believed: at most the message it names is asked for again. Known and
 * unknown messages are answered alike.
 */
export async function action({ request, params, context }: ActionFunctionArgs): Promise<Response> {
  if (request.method !== 'POST') return new Response(null, { status: 405, headers: METHODS });
  const { inbound, portal } = context;
  const body = await request.text();
  const note = inbound.noteOf(params.channel ?? '', {
    query: new URL(request.url).searchParams,
    header: (name) => request.headers.get(name),
    body,
  });
  if (note === undefined) return new Response(null, { status: 404 });
  if (note !== null) await noteCallback(portal, note, { allow: inbound.allowCallback });
  return new Response(null, { status: 204 });
}

/** There is nothing to read here. */
export const loader = () => new Response(null, { status: 405, headers: METHODS });

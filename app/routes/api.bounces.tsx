import type { ActionFunctionArgs } from '@remix-run/node';
import { recordBounce } from '../services/record-bounce';

const METHODS = { Allow: 'POST' };

/** Bounces and complaints as raw mails, posted by a mail server that holds the secret. Posted twice, one counts once. */
export async function action({ request, context }: ActionFunctionArgs): Promise<Response> {
  if (request.method !== 'POST') return new Response(null, { status: 405, headers: METHODS });
  const { inbound, portal } = context;
  const raw = new Uint8Array(await request.arrayBuffer());
  const signed = inbound.isSigned({
    body: raw,
    timestamp: request.headers.get('x-uketori-timestamp') ?? '',
    signature: request.headers.get('x-uketori-signature') ?? '',
  });
  if (!signed) return new Response(null, { status: 401 });
  return Response.json({ kind: await recordBounce(portal, { raw, actor: 'webhook' }) });
}

/** There is nothing to read here. */
export const loader = () => new Response(null, { status: 405, headers: METHODS });

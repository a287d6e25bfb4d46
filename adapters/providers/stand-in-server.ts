import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { parseJson } from './parse-json';
import { FAULTS, type StandIn } from './port';
import { providers } from './registry';
import { standIns } from './stand-ins';

export interface StandInServerOptions {
  /** 0 takes any free port. */
  readonly port?: number;
  readonly now: () => Date;
  /** How long a hanging answer hangs before the connection breaks, in milliseconds. */
  readonly hangMs?: number;
  readonly seed?: number;
}

export interface StandInServer {
  readonly port: number;
  /** The environment with which the portal reaches these stand-ins: base URLs and made-up credentials. */
  readonly environment: Readonly<Record<string, string>>;
  /** The fake of one provider, to set faults and to read the truth. Throws for an id that is in no registry. */
  standIn(id: string): StandIn;
  /** Breaks every open connection and gives the port back. */
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 64 * 1024;
const DEFAULT_HANG_MS = 20_000;

const control = z.union([
  z.strictObject({ fault: z.enum(FAULTS), times: z.number().int().min(1).max(10_000).optional() }),
  z.strictObject({ funds: z.number().int().min(0) }),
]);

/**
 * Serves all stand-ins under `/<id>`, on this machine only, for the demo, rehearsals and tests. Never part of
 * production.
 *
 * `POST /_control/<id>` with `{"fault": "torn", "times": 2}` or `{"funds": 0}` steers one, and
 * `GET /_control/<id>/issues` tells what it has really issued.
 *
 * @throws the error of `listen`, such as EADDRINUSE for a taken port
 */
export async function startStandInServer({
  port = 0,
  now,
  hangMs = DEFAULT_HANG_MS,
  seed = 1,
}: StandInServerOptions): Promise<StandInServer> {
  const fakes = new Map<string, StandIn>();
  const server = createServer((request, response) => {
    answer(request, response, fakes).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const listening = (server.address() as AddressInfo).port;
  const environment = standInEnvironment(`http://127.0.0.1:${listening}`);
  for (const provider of providers) {
    const parsed = provider.settings.parse(environment);
    const make = standIns[provider.id];
    if (!parsed.ok || !make) throw new Error(`no stand-in for ${provider.id}`);
    fakes.set(provider.id, make({ settings: parsed.settings, now, hangMs, seed }));
  }
  return {
    port: listening,
    environment,
    standIn(id) {
      const fake = fakes.get(id);
      if (!fake) throw new Error(`no stand-in for ${id}`);
      return fake;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Base URLs under one origin, and the example of every other variable. */
export function standInEnvironment(origin: string): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const { id, settings } of providers) {
    for (const { name, example } of settings.variables) environment[name] = name.endsWith('_BASE_URL') ? `${origin}/${id}` : example;
  }
  return environment;
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse, fakes: ReadonlyMap<string, StandIn>): Promise<void> {
  const body = await readBody(incoming);
  if (body === undefined) return write(new Response('too large', { status: 413 }), outgoing);
  const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? '127.0.0.1'}`);
  const [, first = '', id = '', rest = ''] = url.pathname.split('/');
  if (first === '_control') return write(steer(incoming, fakes.get(id), rest, body), outgoing);
  const fake = fakes.get(first);
  if (!fake) return write(new Response('no such stand-in', { status: 404 }), outgoing);
  const method = incoming.method ?? 'GET';
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) if (typeof value === 'string') headers.set(name, value);
  return write(
    await fake.handle(new Request(url, { method, headers, body: method === 'GET' || method === 'HEAD' ? undefined : body })),
    outgoing,
  );
}

function steer(incoming: IncomingMessage, fake: StandIn | undefined, rest: string, body: string): Response {
  if (!fake) return Response.json({ error: 'no such stand-in' }, { status: 404 });
  if (incoming.method === 'GET' && rest === 'issues') return Response.json({ issues: fake.issues() });
  if (incoming.method !== 'POST' || rest !== '') return Response.json({ error: 'POST here, or GET issues' }, { status: 405 });
  // A page in a browser on the same machine cannot send this type to another origin without being asked for permission first.
  if (!incoming.headers['content-type']?.startsWith('application/json'))
    return Response.json({ error: 'application/json only' }, { status: 415 });
  const read = control.safeParse(parseJson(body));
  if (!read.success) return Response.json({ error: '{"fault", "times"} or {"funds"}', faults: FAULTS }, { status: 422 });
  if ('fault' in read.data) fake.fault(read.data.fault, read.data.times);
  else fake.setFunds(read.data.funds);
  return Response.json({ ok: true });
}

async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Passes an answer on as it is; a body that breaks breaks the connection, after what came before has gone out. */
async function write(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  try {
    if (response.body) for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) await sent(outgoing, chunk);
    outgoing.end();
  } catch {
    outgoing.destroy();
  }
}

function sent(outgoing: ServerResponse, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    outgoing.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
}

import { randomUUID } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AnswerTrouble, readPosted, spoil } from '../stand-in-kit';
import { VERSION } from './wire';

/** How it treats the next sendings. */
export type KaradenManner =
  | 'well'
  | 'refuse' // validation_error on the number
  | 'busy' // 429
  | 'close the account' // unauthentication
  | AnswerTrouble; // it is taken, and then

interface Kept {
  readonly id: string;
  readonly to: string;
  readonly body: string;
  readonly tags: readonly string[];
  readonly limitedAt: string | null;
  readonly createdAt: string;
  status: 'waiting' | 'done' | 'error' | 'canceled';
  result: 'none' | 'received' | 'unconnected' | 'error' | 'unknown';
}

export interface KaradenStandIn {
  readonly url: string;
  manner: KaradenManner;
  /** How many messages one page of the list shows. */
  pageSize: number;
  /** Whether what was taken may still be taken back. */
  waits: boolean;
  readonly kept: readonly Kept[];
  /** The same of one of its messages, by its own id. */
  settleOne(id: string, status: Kept['status'], result: Kept['result']): void;
  /** Tells what became of a message of ours, as the carrier does later. */
  settle(tag: string, status: Kept['status'], result?: Kept['result']): void;
  stop(): Promise<void>;
}

/** A stateful stand-in of the SMS API on this machine; `choose` decides for each number how it is treated. */
export async function startKaraden(
  { tenant, apiKey }: { tenant: string; apiKey: string },
  choose?: (to: string) => KaradenManner,
): Promise<KaradenStandIn> {
  const kept: Kept[] = [];
  const shown = ({ createdAt, limitedAt, result, ...rest }: Kept) => ({
    object: 'message',
    ...rest,
    sent_result: result,
    created_at: createdAt,
    limited_at: limitedAt,
  });
  const server = http.createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    const problem = (status: number, code: string, errors?: object) => answer(status, { object: 'error', code, message: '', errors });
    if (request.headers['karaden-version'] !== VERSION) return problem(400, 'unknown');
    if (request.headers.authorization !== `Bearer ${apiKey}` || state.manner === 'close the account')
      return problem(401, 'unauthentication');
    if (!url.pathname.startsWith(`/api/${tenant}/messages`)) return problem(404, 'model_not_found');
    if (request.method === 'GET') {
      const tag = url.searchParams.get('tag');
      const all = kept.filter(({ tags }) => tag === null || tags.includes(tag));
      const start = (Number(url.searchParams.get('page') ?? '1') - 1) * state.pageSize;
      const data = all.slice(start, start + state.pageSize);
      return answer(200, { object: 'list', has_more: start + data.length < all.length, data: data.map(shown) });
    }
    const cancelled = /\/messages\/([^/]+)\/cancel$/.exec(url.pathname)?.[1];
    if (cancelled) {
      const found = kept.find(({ id }) => id === cancelled);
      if (!found) return problem(404, 'model_not_found');
      if (!state.waits || found.status !== 'waiting') return problem(400, 'can_not_cancel_message');
      found.status = 'canceled';
      return answer(200, shown(found));
    }
    const form = new URLSearchParams(await readPosted(request));
    const to = form.get('to') ?? '';
    const manner = choose?.(to) ?? state.manner;
    if (!/^[0-9]{11}$/.test(to) || manner === 'refuse') return problem(422, 'validation_error', { to: ['invalid'] });
    if (manner === 'busy') return problem(429, 'unknown');
    const one: Kept = {
      id: randomUUID(),
      to,
      body: form.get('body') ?? '',
      tags: form.getAll('tags[]'),
      limitedAt: form.get('limited_at'),
      createdAt: new Date(Date.UTC(2023, 4, 20) + kept.length * 1_000).toISOString(),
      status: 'waiting',
      result: 'none',
    };
    kept.push(one);
    if (spoil(manner, response, shown(one))) return;
    return answer(200, shown(one));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const state: KaradenStandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    manner: 'well',
    pageSize: 50,
    waits: false,
    kept,
    settleOne(id, status, result) {
      Object.assign(kept.find((one) => one.id === id) ?? {}, { status, result });
    },
    settle(tag, status, result = 'none') {
      for (const one of kept.filter(({ tags }) => tags.includes(tag))) Object.assign(one, { status, result });
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return state;
}

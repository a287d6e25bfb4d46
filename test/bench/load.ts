import http from 'node:http';
import { type Child, serveParent, startChild } from './child';

/** One request, and the status it must be answered with: anything else means that something is broken. */
export interface LoadRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly expect: number;
}

export interface LoadPlan {
  readonly port: number;
  readonly requests: readonly LoadRequest[];
  /** How many are under way at the same time, each on a connection that is kept open. */
  readonly connections: number;
  /** Goes round the requests for so long; null: each request once. */
  readonly ms: number | null;
}

export interface LoadResult {
  readonly count: number;
  readonly perSecond: number;
  readonly latenciesMs: readonly number[];
}

export type Load = Child<void, LoadPlan, LoadResult>;

/** Whoever asks the web process, in a process of its own. */
export function startLoad(): Promise<Load> {
  return startChild<void, LoadPlan, LoadResult>('load.ts', null);
}

const MOST_REQUESTS = 1_000_000;

async function load({ port, requests, connections, ms }: LoadPlan): Promise<LoadResult> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const latenciesMs: number[] = [];
  const start = performance.now();
  const most = ms === null ? requests.length : MOST_REQUESTS;
  let next = 0;
  const loop = async () => {
    while (next < most && (ms === null || performance.now() - start < ms)) {
      const request = requests[next % requests.length];
      next += 1;
      if (!request) return;
      const sent = performance.now();
      await send(agent, port, request);
      latenciesMs.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: connections }, loop));
  const seconds = (performance.now() - start) / 1_000;
  agent.destroy();
  return { count: latenciesMs.length, perSecond: latenciesMs.length / seconds, latenciesMs };
}

function send(agent: http.Agent, port: number, { method, path, headers, body, expect }: LoadRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = http.request({ agent, host: '127.0.0.1', port, method, path, headers }, (response) => {
      response.once('error', reject);
      response.once('end', () => {
        if (response.statusCode === expect) resolve();
        else reject(new Error(`${method} ${path.replace(/^\/r\/.*/, '/r/…')} answered ${response.statusCode}, not ${expect}`));
      });
      response.resume();
    });
    request.once('error', reject);
    request.end(body);
  });
}

if (process.argv[1] === import.meta.filename) serveParent(async () => ({ ready: undefined, answer: load }));

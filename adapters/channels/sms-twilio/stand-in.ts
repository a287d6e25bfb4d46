import { randomBytes } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AnswerTrouble, readPosted, spoil } from '../stand-in-kit';

/** How it treats the next sendings; what spoils an answer comes after the message was taken. */
export type TwilioManner = 'well' | 'refuse' | 'busy' | 'close the account' | AnswerTrouble;

interface Kept {
  readonly sid: string;
  readonly form: URLSearchParams;
  status: string;
  errorCode: number | null;
}

export interface TwilioStandIn {
  readonly url: string;
  manner: TwilioManner;
  readonly kept: readonly Kept[];
  /** Tells what became of the last message, as the carrier does later. */
  settle(status: string, errorCode?: number): void;
  stop(): Promise<void>;
}

/** A stateful stand-in of the Messages API on this machine. */
export async function startTwilio({ accountSid, authToken }: { accountSid: string; authToken: string }): Promise<TwilioStandIn> {
  const kept: Kept[] = [];
  const wanted = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  const server = http.createServer(async (request, response) => {
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const problem = (status: number, code: number) => answer(status, { code, message: 'no', status });
    const shown = ({ sid, status, errorCode, form }: Kept) => ({ sid, status, error_code: errorCode, to: form.get('To') });
    if (request.headers.authorization !== wanted || state.manner === 'close the account') return problem(401, 20003);
    const root = `/2010-04-01/Accounts/${accountSid}/Messages`;
    if (request.method === 'GET') {
      const found = kept.find(({ sid }) => request.url === `${root}/${sid}.json`);
      return found ? answer(200, shown(found)) : problem(404, 20404);
    }
    if (request.url !== `${root}.json`) return problem(404, 20404);
    const form = new URLSearchParams(await readPosted(request));
    if (state.manner === 'refuse') return problem(400, 21614);
    if (state.manner === 'busy') return problem(429, 20429);
    const one: Kept = { sid: `SM${randomBytes(16).toString('hex')}`, form, status: 'queued', errorCode: null };
    kept.push(one);
    if (!spoil(state.manner, response, shown(one))) answer(201, shown(one));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const state: TwilioStandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    manner: 'well',
    kept,
    settle(status, errorCode) {
      const last = kept.at(-1);
      if (last) Object.assign(last, { status, errorCode: errorCode ?? null });
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return state;
}

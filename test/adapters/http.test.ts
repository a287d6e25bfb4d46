import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { send } from '#adapters/http';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.close();
    if ('closeAllConnections' in server && typeof server.closeAllConnections === 'function') server.closeAllConnections();
  }
});

async function listen(server: Server): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function serve(listener: RequestListener): Promise<URL> {
  return new URL(`http://127.0.0.1:${await listen(createServer(listener))}/`);
}

const call = { method: 'GET', headers: {}, timeLimitMs: 5_000 } as const;

describe('one outgoing call', () => {
  it('brings method, headers and body over, and status, headers and text back', async () => {
    const url = await serve((request, response) => {
      request.on('data', (chunk: Buffer) => {
        response.writeHead(418, { 'x-echo': String(request.headers['x-asked']) });
        response.end(`${request.method} ${chunk.toString()} 受取`);
      });
    });
    const answer = await send({ ...call, method: 'PUT', url, headers: { 'x-asked': 'yes' }, body: '{"yen":1}' });
    expect(answer).toMatchObject({ kind: 'answer', status: 418, body: 'PUT {"yen":1} 受取' });
    expect(answer.kind === 'answer' && answer.headers.get('x-echo')).toBe('yes');
  });

  it.each([300, 301, 302, 303, 304, 307, 308])('does not follow %i', async (status) => {
    let asked = 0;
    const url = await serve((_, response) => {
      asked += 1;
      response.writeHead(status, { location: '/elsewhere' }).end();
    });
    expect(await send({ ...call, url })).toEqual({ kind: 'redirected', status });
    expect(asked).toBe(1);
  });

  it('stops reading at the cap, counted after decompression', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/gzip') response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(5_000_000, 97)));
      else response.end('a'.repeat(65_537));
    });
    const tooLarge = { kind: 'no_answer', cause: 'unreadable', detail: 'too_large' };
    expect(await send({ ...call, url })).toEqual(tooLarge);
    expect(await send({ ...call, url: new URL('/gzip', url) })).toEqual(tooLarge);
    expect(await send({ ...call, url, maxBytes: 65_537 })).toMatchObject({ kind: 'answer' });
  });

  it('reads only UTF-8', async () => {
    const url = await serve((_, response) => void response.end(Buffer.from([0x8e, 0xf3, 0x8e])));
    expect(await send({ ...call, url })).toEqual({ kind: 'no_answer', cause: 'unreadable', detail: 'not_utf8' });
  });

  it.each([
    ['before the head', () => undefined],
    ['within the body', (response: Parameters<RequestListener>[1]) => void response.writeHead(200).write('{"half":')],
  ] as const)('gives up when the time is over %s', async (_, act) => {
    const url = await serve((_, response) => act(response));
    expect(await send({ ...call, url, timeLimitMs: 100 })).toEqual({ kind: 'no_answer', cause: 'timeout' });
  });

  it('can be ended early, before and while waiting', async () => {
    const stop = new AbortController();
    const url = await serve(() => stop.abort(new Error('shutting down')));
    expect(await send({ ...call, url, signal: stop.signal })).toEqual({ kind: 'no_answer', cause: 'aborted' });
    let asked = 0;
    const other = await serve(() => {
      asked += 1;
    });
    expect(await send({ ...call, url: other, signal: stop.signal })).toEqual({ kind: 'no_answer', cause: 'aborted' });
    expect(asked).toBe(0);
  });

  it('tells a connection that breaks after sending from one that was never made', async () => {
    const broken = await serve((request) => void request.socket.destroy());
    expect(await send({ ...call, url: broken })).toMatchObject({ kind: 'no_answer', cause: 'connection_lost' });
    const torn = await serve(
      (_, response) => void response.writeHead(200, { 'content-length': 100 }).write('half', () => response.destroy()),
    );
    expect(await send({ ...call, url: torn })).toMatchObject({ kind: 'no_answer', cause: 'connection_lost' });

    const port = await listen(createTcpServer());
    await new Promise((resolve) => open.pop()?.close(resolve));
    expect(await send({ ...call, url: new URL(`http://127.0.0.1:${port}/`) })).toEqual({ kind: 'never_sent', detail: 'ECONNREFUSED' });
    // Both addresses of the name are refused.
    expect(await send({ ...call, url: new URL(`http://localhost:${port}/`) })).toEqual({ kind: 'never_sent', detail: 'ECONNREFUSED' });
  });

  it('never sends to a name that does not exist', async () => {
    // A label over 63 characters is refused by every resolver, without asking the network.
    const answer = await send({ ...call, url: new URL(`http://${'a'.repeat(64)}.invalid/`) });
    expect(answer).toMatchObject({ kind: 'never_sent', detail: expect.stringMatching(/^(ENOTFOUND|EAI_)/) });
  });

  it('takes what is no HTTP for no answer', async () => {
    const port = await listen(createTcpServer((socket) => socket.on('data', () => socket.end('SSH-2.0-OpenSSH_9.6\r\n'))));
    // Node 20 says that it could not be read, Node 24 that the connection broke; both are no answer.
    const cause = expect.stringMatching(/^(unreadable|connection_lost)$/);
    expect(await send({ ...call, url: new URL(`http://127.0.0.1:${port}/`) })).toMatchObject({ kind: 'no_answer', cause });
  });
});

describe('errors by what they say about sending', () => {
  const original = globalThis.fetch;
  afterEach(() => {
    globalThis.fetch = original;
  });
  const failWith = (cause: unknown) => {
    globalThis.fetch = () => Promise.reject(new TypeError('fetch failed', { cause }));
    return send({ ...call, url: new URL('https://provider.test/') });
  };
  const error = (code: string, more: object = {}) =>
    Object.assign(new Error(`${code} https://user:secret@provider.test`), { code, ...more });

  it.each([
    ['ECONNREFUSED', { syscall: 'connect' }],
    ['EHOSTUNREACH', { syscall: 'connect' }],
    ['ENETUNREACH', { syscall: 'connect' }],
    ['ETIMEDOUT', { syscall: 'connect' }],
    ['ENOTFOUND', { syscall: 'getaddrinfo' }],
    ['EAI_AGAIN', { syscall: 'getaddrinfo' }],
    ['UND_ERR_CONNECT_TIMEOUT', {}],
    ['CERT_HAS_EXPIRED', {}],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', {}],
    ['ERR_TLS_CERT_ALTNAME_INVALID', {}],
    ['ECONNREFUSED', { errors: [error('ECONNREFUSED', { syscall: 'connect' }), error('EHOSTUNREACH', { syscall: 'connect' })] }],
  ])('%s %o was never sent', async (code, more) => {
    expect(await failWith(error(code, more))).toEqual({ kind: 'never_sent', detail: code });
  });

  it.each([
    ['ECONNRESET', { syscall: 'read' }],
    ['ECONNRESET', {}],
    ['EPIPE', { syscall: 'write' }],
    ['UND_ERR_SOCKET', {}],
    // The route was lost on a connection that stood: the request may be out.
    ['EHOSTUNREACH', { syscall: 'read' }],
    ['ETIMEDOUT', { syscall: 'read' }],
    ['ECONNREFUSED', { errors: [error('ECONNREFUSED', { syscall: 'connect' }), error('ECONNRESET', { syscall: 'read' })] }],
    ['SOMETHING_NEW', {}],
  ])('%s %o may have been sent', async (code, more) => {
    expect(await failWith(error(code, more))).toEqual({ kind: 'no_answer', cause: 'connection_lost', detail: code });
  });

  it('takes an error without a code for a lost connection', async () => {
    expect(await failWith(undefined)).toEqual({ kind: 'no_answer', cause: 'connection_lost' });
    expect(await failWith('odd')).toEqual({ kind: 'no_answer', cause: 'connection_lost' });
  });

  it("counts undici's own waiting limits as time over", async () => {
    expect(await failWith(error('UND_ERR_HEADERS_TIMEOUT'))).toMatchObject({ kind: 'no_answer', cause: 'timeout' });
  });
});

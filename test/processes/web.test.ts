import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import type { ServerBuild } from '@remix-run/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningWeb, startWeb } from '~/entry.web';
import { makeTestContext, type TestContext } from '../support/context';
import { createTestDatabase, type TestDatabase } from '../support/database';

/** Pages of a portal that has just what these tests ask for. */
const held: { release?: () => void; entered?: () => void } = {};
const route = (id: string, path: string, loader: () => unknown, action?: () => unknown) => ({
  [id]: { id, path, parentId: 'root', module: { loader, action } },
});
const build = {
  entry: { module: { default: () => new Response('page'), handleError: () => {} } },
  routes: {
    root: { id: 'root', path: '', module: { default: () => null } },
    ...route('link', 'r/:token', () => new Response('link '.repeat(1000), { headers: { 'content-type': 'text/html' } })),
    ...route(
      'form',
      'form',
      () => new Response('form'),
      () => new Response('done'),
    ),
    ...route('bug', 'bug', () => {
      throw new Error('a bug');
    }),
    ...route('slow', 'slow', async () => {
      held.entered?.();
      await new Promise<void>((resolve) => {
        held.release = resolve;
      });
      return new Response('finished');
    }),
  },
  assets: { entry: { imports: [], module: '' }, routes: {}, url: '', version: '1' },
  publicPath: '/',
  assetsBuildDirectory: '',
  future: {},
  isSpaMode: false,
} as unknown as ServerBuild;

let database: TestDatabase;
let context: TestContext;
let web: RunningWeb;
let origin: string;

beforeAll(async () => {
  database = await createTestDatabase();
  context = makeTestContext(database.webUrl);
  web = await start();
  origin = `http://127.0.0.1:${web.port}`;
});
afterAll(async () => {
  await web.stop();
  await context.close();
  await database.drop();
});

function start(): Promise<RunningWeb> {
  return startWeb(context, { port: 0, build, clientFolder: os.tmpdir() });
}

describe('every answer', () => {
  it.each(['/healthz', '/readyz', '/r/AAAAAAAAAAAAAAAAAAAAAA', '/form', '/nowhere', '/bug', '/%zz'])(
    '%s carries the protective headers',
    async (path) => {
      const { headers } = await fetch(origin + path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(/^default-src 'none';script-src 'nonce-[\w-]{22}' 'strict-dynamic';style-src 'nonce-[\w-]{22}';/);
      for (const part of ["img-src 'self' data:", "connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"])
        expect(policy).toContain(part);
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-robots-tag')).toContain('noindex');
      expect(headers.get('strict-transport-security')).toContain('max-age=31536000');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.has('x-powered-by')).toBe(false);
    },
  );

  it('has a nonce of its own', async () => {
    const nonces = await Promise.all([1, 2].map(async () => (await fetch(`${origin}/form`)).headers.get('content-security-policy')));
    expect(nonces[0]).not.toBe(nonces[1]);
  });

  it.each(['br', 'gzip'])('is packed with %s for who takes it', async (encoding) => {
    const response = await fetch(`${origin}/r/AAAAAAAAAAAAAAAAAAAAAA`, { headers: { 'accept-encoding': encoding } });
    expect(response.headers.get('content-encoding')).toBe(encoding);
    expect(await response.text()).toContain('link');
  });
});

describe('what is refused before a page is asked', () => {
  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])('the method %s', async (method) => {
    const response = await fetch(`${origin}/form`, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD, POST');
  });

  it.each([65_537, 1_000_000])('a form of %i bytes', async (size) => {
    const response = await fetch(`${origin}/form`, { method: 'POST', body: 'x'.repeat(size) });
    expect(response.status).toBe(413);
    expect(await response.text()).toContain('何も記録されていません');
  });

  it('takes a form of exactly 64 KB', async () => {
    const response = await fetch(`${origin}/form`, { method: 'POST', body: 'x'.repeat(65_536) });
    expect([response.status, await response.text()]).toEqual([200, 'done']);
  });

  it('a form of unknown length', async () => {
    const request = http.request(`${origin}/form`, { method: 'POST', headers: { 'transfer-encoding': 'chunked' } });
    request.end('x=1');
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(411);
  });

  it.each(['/r/%zz', '/r/a%00b', '/%E0%A4%A'])('an address that cannot be read: %s', async (path) => {
    expect((await fetch(origin + path)).status).toBe(400);
  });

  it.each(['//evil.example/r', 'nonsense'])('a request line that is no path: %s', async (target) => {
    expect(await rawStatus(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).toMatch(/ 40[04] /);
  });

  it('a host that is none', async () => {
    expect(await rawStatus('GET /form HTTP/1.1\r\nHost: a b:99999\r\nConnection: close\r\n\r\n')).toMatch(/ 400 /);
  });

  it.each([
    'X-Forwarded-Host: a b:99999',
    'X-Forwarded-Host: [::',
    'X-Forwarded-Host: evil.example:999999',
    'X-Forwarded-Proto: javascript',
  ])('what a proxy never says is not read: %s', async (line) => {
    const status = await rawStatus(`GET /form HTTP/1.1\r\nHost: localhost\r\n${line}\r\nConnection: close\r\n\r\n`);
    expect(status).toBe(await rawStatus('GET /form HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'));
  });

  it('answers a program in problem+json', async () => {
    const response = await fetch(`${origin}/form`, { method: 'PUT', headers: { accept: 'application/json' } });
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ status: 405 });
  });
});

describe('the access log', () => {
  it('names the pattern of the route and never the link', async () => {
    const token = 'S3cretS3cretS3cretS3cr';
    await (await fetch(`${origin}/r/${token}?again=${token}`)).text();
    await (await fetch(`${origin}/nowhere/${token}`)).text();
    await expect.poll(() => context.lines.join('')).toContain('"route":"(none)"');
    expect(context.lines.join('')).toContain('"route":"/r/:token"');
    expect(context.lines.join('')).not.toContain(token);
  });
});

describe('readiness', () => {
  it('follows the database, health does not', async () => {
    const lost = makeTestContext('postgres://uketori_web:x@127.0.0.1:1/none');
    const other = await startWeb(lost, { port: 0, build, clientFolder: os.tmpdir() });
    expect((await fetch(`http://127.0.0.1:${other.port}/healthz`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${other.port}/readyz`)).status).toBe(503);
    await other.stop();
    await lost.close();
    expect((await fetch(`${origin}/readyz`)).status).toBe(200);
  });

  it('ends first when the process is asked to stop; what is under way finishes', async () => {
    const other = await startWeb(context, { port: 0, build, clientFolder: os.tmpdir(), drainMs: 100 });
    const entered = new Promise<void>((resolve) => {
      held.entered = resolve;
    });
    const slow = fetch(`http://127.0.0.1:${other.port}/slow`);
    await entered;
    const stopped = other.stop();
    expect((await fetch(`http://127.0.0.1:${other.port}/readyz`)).status).toBe(503);
    held.release?.();
    expect(await (await slow).text()).toBe('finished');
    await stopped;
    await expect(fetch(`http://127.0.0.1:${other.port}/healthz`)).rejects.toThrow();
  });

  it('fails to start on a taken port', async () => {
    await expect(startWeb(context, { port: web.port, build, clientFolder: os.tmpdir() })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

async function rawStatus(text: string): Promise<string> {
  const socket = net.connect(web.port, '127.0.0.1');
  socket.write(text);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer.split('\r\n', 1)[0] ?? '';
}

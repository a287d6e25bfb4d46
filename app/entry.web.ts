import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createRequestHandler, type GetLoadContextFunction } from '@remix-run/express';
import type { ServerBuild } from '@remix-run/node';
import compression from 'compression';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { accessLog, routePatterns } from './http/access-log';
import { drainUnread, limitBody, refuseFrameworkPaths, requireAddress, requireMethod, takeOwnHost } from './http/limits';
import { makeLinkOpens, type OpensBuffer } from './http/link-opens';
import { sendPlainPage } from './http/plain-page';
import type { WebContext } from './http/process';
import { routeShelves } from './http/route-shelves';
import { nonceOf, securityHeaders } from './http/security-headers';
import { PLAIN_PAGES } from './i18n/plain-pages';
import type { Inbound } from './portal';

export interface WebOptions {
  /** 0: any free port. */
  readonly port: number;
  readonly host?: string;
  /** The built pages. */
  readonly build: ServerBuild;
  /** Folder of the built browser files. */
  readonly clientFolder: string;
  /** How long readiness says no before connections are refused. */
  readonly drainMs?: number;
}

export interface RunningWeb {
  readonly port: number;
  /** Writes at once what is counted apart from the answers. */
  flush(): Promise<void>;
  /** Says "not ready", lets what is under way finish, then closes. */
  stop(): Promise<void>;
}

const NOTHING_COMES_IN: Inbound = { noteOf: () => undefined, allowCallback: async () => false, isSigned: () => false };

const STOP_LIMIT_MS = 20_000;

/** Starts the web process; resolves when it listens. @throws when the port is taken */
export async function startWeb(context: WebContext, options: WebOptions): Promise<RunningWeb> {
  const state = { stopping: false };
  const opens = makeLinkOpens(context.portal);
  const server = http.createServer(
    { headersTimeout: 15_000, requestTimeout: 30_000, keepAliveTimeout: 65_000 },
    makeApp(context, options, state, opens),
  );
  server.listen(options.port, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    flush: opens.flush,
    async stop() {
      state.stopping = true;
      if (options.drainMs) await new Promise((resolve) => setTimeout(resolve, options.drainMs));
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const impatience = setTimeout(() => server.closeAllConnections(), STOP_LIMIT_MS);
      await closed;
      clearTimeout(impatience);
      await opens.stop();
    },
  };
}

function makeApp(context: WebContext, options: WebOptions, state: { stopping: boolean }, opens: OpensBuffer): Express {
  const { portal, log } = context;
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', context.proxyHops);
  app.set('etag', false);

  app.use(accessLog({ log, clock: portal.clock, patternOf: routePatterns(options.build.routes) }));
  app.use(securityHeaders(() => portal.crypto.newKey()));
  app.use((_request, response, next) => {
    // A connection kept alive would hold up the end.
    if (state.stopping) response.setHeader('Connection', 'close');
    next();
  });
  app.use(requireMethod, requireAddress, takeOwnHost(context.publicUrl), refuseFrameworkPaths, limitBody(context.portal.log), drainUnread);

  app.get('/healthz', (_request, response) => void response.type('text').send('alive\n'));
  app.get('/readyz', async (_request, response) => {
    const ready = !state.stopping && (await context.isReady());
    response
      .status(ready ? 200 : 503)
      .type('text')
      .send(ready ? 'ready\n' : 'not ready\n');
  });

  app.use(compression());
  // Names of built files carry a hash of what is in them, so they may be kept for ever; nothing else may.
  app.use(
    '/assets',
    express.static(path.join(options.clientFolder, 'assets'), {
      index: false,
      redirect: false,
      cacheControl: false,
      setHeaders: (response) => void response.setHeader('Cache-Control', 'public, max-age=31536000, immutable'),
    }),
  );
  app.use(publicFiles(options.clientFolder));

  app.use(
    shelvedHandler(options.build, (request, response) => ({
      portal,
      nonce: nonceOf(response),
      publicUrl: context.publicUrl,
      clientIp: request.ip ?? '',
      rehearsal: context.rehearsal && portal.clock.now(),
      limits: context.limits,
      opens,
      outbox: context.outbox ?? false,
      securityContact: context.securityContact ?? null,
      moveClock: context.moveClock ?? null,
      console: context.console,
      inbound: context.inbound ?? NOTHING_COMES_IN,
    })),
  );
  app.use(answerFailure(context));
  return app;
}

/** Remix over the routes that an address can be of; one handler for each beginning. */
function shelvedHandler(build: ServerBuild, getLoadContext: GetLoadContextFunction): RequestHandler {
  const buildFor = routeShelves(build);
  const handlers = new Map<ServerBuild, RequestHandler>();
  return (request, response, next) => {
    const own = buildFor(request.path);
    let handler = handlers.get(own);
    if (!handler) {
      handler = createRequestHandler({ build: own, mode: 'production', getLoadContext });
      handlers.set(own, handler);
    }
    return handler(request, response, next);
  };
}

/** Files that must lie at the top. Their names are read once: to ask the disk for every page would cost more than many a page. */
function publicFiles(folder: string): RequestHandler {
  const names = new Set(fs.existsSync(folder) ? fs.readdirSync(folder) : []);
  const send = express.static(folder, { cacheControl: false, etag: false, lastModified: false, index: false, redirect: false });
  return (request, response, next) => (names.has(request.path.split('/')[1] ?? '') ? send(request, response, next) : next());
}

function answerFailure({ log }: WebContext): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const status = (error as { status?: unknown }).status;
    const theirs = typeof status === 'number' && status >= 400 && status < 500;
    if (!theirs) log.error({ err: error }, 'request failed');
    if (response.headersSent) return void response.destroy();
    sendPlainPage(request, response, theirs ? PLAIN_PAGES.badRequest : PLAIN_PAGES.ourFailure);
  };
}

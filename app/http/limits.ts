import type { RequestHandler } from 'express';
import { BOUNCE_BYTES_MAX } from '../domain/bounce';
import { PLAIN_PAGES } from '../i18n/plain-pages';
import type { Log } from '../portal';
import { sendPlainPage } from './plain-page';

/** The largest form of ours is a few hundred bytes. */
const BODY_LIMIT_BYTES = 64 * 1024;
// What we are willing to read and drop, so that a browser sees our answer instead of a broken connection.
const DRAIN_LIMIT_BYTES = 4 * 1024 * 1024;

/**
 * Replaces what a request says of our host by what we know: no page is built from it, and one that cannot be
 * read would end as an error of ours in the framework.
 */
export function takeOwnHost(publicUrl: string): RequestHandler {
  const { host, protocol } = new URL(publicUrl);
  return (request, _response, next) => {
    request.headers.host = host;
    delete request.headers['x-forwarded-host'];
    request.headers['x-forwarded-proto'] = protocol.slice(0, -1);
    next();
  };
}

/**
 * Remix's own addresses for hydrated pages. No page of ours is one, and what they would answer (loader data
 * without our checks, the list of routes) is nobody's business.
 */
export const refuseFrameworkPaths: RequestHandler = (request, response, next) => {
  if (!/\.data$|^\/__manifest/.test(request.path) && !('_data' in request.query)) return next();
  sendPlainPage(request, response, PLAIN_PAGES.notFound);
};

/** Lets only pages be read and forms be posted. */
export const requireMethod: RequestHandler = (request, response, next) => {
  if (['GET', 'HEAD', 'POST'].includes(request.method)) return next();
  response.setHeader('Allow', 'GET, HEAD, POST');
  sendPlainPage(request, response, PLAIN_PAGES.wrongMethod);
};

/** Where staff send files: forms with one file, read piece by piece by the page itself after it has seen who sends it. */
const UPLOADS = /^\/admin\/(providers|reconciliation)(\/|$)/;
const UPLOAD_LIMIT_BYTES = 16 * 1024 * 1024;

/** Where a mail server posts bounces. */
const BOUNCES = /^\/api\/bounces\/?$/;

/** Refuses a body that is too large, or of unknown length, before anybody reads it; a bounce that is lost so is logged. */
export function limitBody(log: Pick<Log, 'warn'>): RequestHandler {
  return (request, response, next) => {
    if (request.headers['transfer-encoding'] !== undefined) {
      response.setHeader('Connection', 'close');
      return sendPlainPage(request, response, PLAIN_PAGES.needsLength);
    }
    // Node's parser holds a body to this number.
    const length = Number(request.headers['content-length'] ?? 0);
    const most = limitOf(request.path);
    if (length <= most) return next();
    if (BOUNCES.test(request.path)) log.warn({ bytes: length, most }, 'a posted bounce is too large and was not read');
    response.setHeader('Connection', 'close');
    if (length > DRAIN_LIMIT_BYTES) return sendPlainPage(request, response, PLAIN_PAGES.tooLarge);
    request.on('end', () => sendPlainPage(request, response, PLAIN_PAGES.tooLarge));
    request.resume();
  };
}

function limitOf(path: string): number {
  if (UPLOADS.test(path)) return UPLOAD_LIMIT_BYTES;
  return BOUNCES.test(path) ? BOUNCE_BYTES_MAX : BODY_LIMIT_BYTES;
}

/**
 * Reads to its end what an answer was given without: a file that came after the session had ended. Node waits for it
 * before the next request on the same connection, and the page that the browser is sent to would not come for a minute.
 */
export const drainUnread: RequestHandler = (request, response, next) => {
  // Nothing else comes with a body, and pages are read far more often than forms are sent.
  if (request.method !== 'POST') return next();
  response.on('finish', () => {
    if (request.readableEnded) return;
    // The page that did not want it holds the flow back.
    request.removeAllListeners('data').removeAllListeners('readable');
    request.resume();
  });
  next();
};

/** Refuses an address that cannot be one: it would end as an error of ours further on. */
export const requireAddress: RequestHandler = (request, response, next) => {
  const readable =
    /^\/(?!\/)/.test(request.originalUrl) &&
    URL.canParse(`http://${request.headers.host ?? ''}${request.originalUrl}`) &&
    decodes(request.path);
  if (readable) return next();
  sendPlainPage(request, response, PLAIN_PAGES.badRequest);
};

function decodes(path: string): boolean {
  try {
    return !decodeURIComponent(path).includes('\0');
  } catch {
    return false;
  }
}

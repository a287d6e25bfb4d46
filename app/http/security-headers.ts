import type { RequestHandler } from 'express';
import helmet from 'helmet';

const YEAR_SECONDS = 31_536_000;

/** Puts a fresh nonce on `res.locals` and every protective header on every answer. */
export function securityHeaders(makeNonce: () => string): RequestHandler[] {
  return [
    (_request, response, next) => {
      response.locals.nonce = makeNonce();
      // Pages are personal and links in them are keys: nothing is kept, nothing is indexed.
      response.setHeader('Cache-Control', 'no-store');
      response.setHeader('X-Robots-Tag', 'noindex, nofollow, noarchive');
      response.setHeader('Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()');
      next();
    },
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: [(_request, response) => `'nonce-${nonceOf(response)}'`, "'strict-dynamic'"],
          styleSrc: [(_request, response) => `'nonce-${nonceOf(response)}'`],
          imgSrc: ["'self'", 'data:'],
          connectSrc: ["'self'"],
          formAction: ["'self'"],
          baseUri: ["'none'"],
          frameAncestors: ["'none'"],
        },
      },
      referrerPolicy: { policy: 'no-referrer' },
      strictTransportSecurity: { maxAge: YEAR_SECONDS, includeSubDomains: true },
      crossOriginOpenerPolicy: { policy: 'same-origin' },
      crossOriginResourcePolicy: { policy: 'same-origin' },
      xFrameOptions: { action: 'deny' },
    }),
  ];
}

/** The nonce of an answer. helmet knows only Node's own response type, express adds the locals. */
export function nonceOf(response: object): string {
  return String((response as { locals?: { nonce?: string } }).locals?.nonce ?? '');
}

import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** How far a timestamp may be from the server's clock, in seconds. Gift-code API, Signing. */
export const CLOCK_TOLERANCE_S = 300;
/** How long a server remembers a nonce, in seconds: as long as any timestamp with it could be accepted. */
export const NONCE_MEMORY_S = 2 * CLOCK_TOLERANCE_S;

export interface SignedParts {
  readonly method: string;
  /** As sent: percent-encoded, with any prefix, without query. */
  readonly path: string;
  /** Seconds since the epoch, decimal. */
  readonly timestamp: string;
  readonly nonce: string;
  /** The very text that is sent; empty when there is no body. */
  readonly body: string;
}

/** The signature of a request: 64 hexadecimal digits. Gift-code API, Signing. */
export function signature(secret: string, { method, path, timestamp, nonce, body }: SignedParts): string {
  const digest = createHash('sha256').update(body, 'utf8').digest('hex');
  return createHmac('sha256', secret).update(['gift-code-api v1', method, path, timestamp, nonce, digest].join('\n'), 'utf8').digest('hex');
}

/** The four headers of a new request. The nonce is fresh, also for a repeat of the same order. */
export function signedHeaders(
  credentials: { readonly keyId: string; readonly secret: string },
  request: { readonly method: string; readonly url: URL; readonly body: string; readonly now: Date },
): Record<string, string> {
  const timestamp = String(Math.floor(request.now.getTime() / 1000));
  const nonce = randomBytes(18).toString('base64url');
  const parts = { method: request.method, path: request.url.pathname, timestamp, nonce, body: request.body };
  return {
    'gift-key-id': credentials.keyId,
    'gift-timestamp': timestamp,
    'gift-nonce': nonce,
    'gift-signature': signature(credentials.secret, parts),
  };
}

/** Compares two signatures without telling by the time it takes where they differ. */
export function sameSignature(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * The one outgoing HTTP call of all adapters: a time limit, a size cap, no retry, no redirect. It tells "never
 * sent" from "no answer", because only the first is safe to take for a no.
 */

export interface OutgoingCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole call, body included. Milliseconds. */
  readonly timeLimitMs: number;
  /** Ends the call early. */
  readonly signal?: AbortSignal;
  /** Largest body that is read, in bytes as they come out of any compression. Default 65,536. */
  readonly maxBytes?: number;
}

/** Why no answer could be used although the request may have arrived. */
export type NoAnswerCause = 'timeout' | 'connection_lost' | 'aborted' | 'unreadable';

export type HttpAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly headers: Headers; readonly body: string }
  | { readonly kind: 'redirected'; readonly status: number }
  | { readonly kind: 'never_sent'; readonly detail: string }
  | { readonly kind: 'no_answer'; readonly cause: NoAnswerCause; readonly detail?: string };

const DEFAULT_MAX_BYTES = 64 * 1024;

/**
 * Sends one request and reads the answer as UTF-8 text.
 *
 * Never throws for anything the network or the other side can do. A `detail` is an error code or a short
 * word of ours, never an address, a header or a part of a body.
 */
export async function send(call: OutgoingCall): Promise<HttpAnswer> {
  const stop = new AbortController();
  let stoppedBy: 'timeout' | 'aborted' | undefined;
  const halt = (why: 'timeout' | 'aborted') => {
    stoppedBy ??= why;
    stop.abort();
  };
  const onAbort = () => halt('aborted');
  if (call.signal?.aborted) return { kind: 'no_answer', cause: 'aborted' };
  call.signal?.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => halt('timeout'), call.timeLimitMs);
  // The limit must hold even where a body stream does not listen to the signal, hence the race.
  const halted = new Promise<'halted'>((resolve) => stop.signal.addEventListener('abort', () => resolve('halted'), { once: true }));
  const exchanged = exchange(call, stop.signal).catch(classify);
  try {
    const first = await Promise.race([exchanged, halted]);
    if (first === 'halted' || stoppedBy) return { kind: 'no_answer', cause: stoppedBy ?? 'timeout' };
    return first;
  } finally {
    clearTimeout(timer);
    call.signal?.removeEventListener('abort', onAbort);
  }
}

async function exchange(call: OutgoingCall, signal: AbortSignal): Promise<HttpAnswer> {
  const response = await fetch(call.url, {
    method: call.method,
    headers: { ...call.headers },
    body: call.body,
    redirect: 'manual',
    signal,
  });
  // A redirect is never followed: it would carry a signed order for money to a place nobody configured.
  if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
    void response.body?.cancel().catch(() => undefined);
    return { kind: 'redirected', status: response.status };
  }
  const bytes = await readCapped(response.body, call.maxBytes ?? DEFAULT_MAX_BYTES, signal);
  if (bytes === 'too_large') return { kind: 'no_answer', cause: 'unreadable', detail: 'too_large' };
  try {
    const body = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { kind: 'answer', status: response.status, headers: response.headers, body };
  } catch {
    return { kind: 'no_answer', cause: 'unreadable', detail: 'not_utf8' };
  }
}

async function readCapped(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array | 'too_large'> {
  if (!body) return new Uint8Array();
  const reader = body.getReader();
  const give = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener('abort', give, { once: true });
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return Buffer.concat(chunks, size);
      size += value.byteLength;
      if (size > maxBytes) {
        give();
        return 'too_large';
      }
      chunks.push(value);
    }
  } finally {
    signal.removeEventListener('abort', give);
  }
}

/** A certificate is checked before the first byte of the request goes out. Node.js, TLS, "X509 certificate error codes". */
const CERTIFICATE_ERRORS: ReadonlySet<string> = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_CRL',
  'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'CERT_SIGNATURE_FAILURE',
  'CERT_NOT_YET_VALID',
  'CERT_HAS_EXPIRED',
  'ERROR_IN_CERT_NOT_BEFORE_FIELD',
  'ERROR_IN_CERT_NOT_AFTER_FIELD',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_CHAIN_TOO_LONG',
  'CERT_REVOKED',
  'INVALID_CA',
  'PATH_LENGTH_EXCEEDED',
  'INVALID_PURPOSE',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'HOSTNAME_MISMATCH',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

interface Trouble {
  readonly code: string;
  readonly syscall?: string;
  readonly errors?: readonly Trouble[];
}

/** undici wraps what happened as `TypeError: fetch failed` with the real error in `cause`. */
function classify(error: unknown): HttpAnswer {
  const trouble = findTrouble(error);
  if (!trouble) return { kind: 'no_answer', cause: 'connection_lost' };
  if (neverSent(trouble)) return { kind: 'never_sent', detail: trouble.code };
  if (/^UND_ERR_(HEADERS|BODY)_TIMEOUT$/.test(trouble.code)) return { kind: 'no_answer', cause: 'timeout', detail: trouble.code };
  if (/^(HPE_|UND_ERR_HEADERS_OVERFLOW$)/.test(trouble.code)) return { kind: 'no_answer', cause: 'unreadable', detail: trouble.code };
  return { kind: 'no_answer', cause: 'connection_lost', detail: trouble.code };
}

function neverSent(trouble: Trouble): boolean {
  // Several addresses were tried (IPv6, IPv4): all of them must have failed before sending.
  if (trouble.errors?.length) return trouble.errors.every(neverSent);
  if (trouble.code === 'UND_ERR_CONNECT_TIMEOUT' || CERTIFICATE_ERRORS.has(trouble.code)) return true;
  // The system call decides, not the code: EHOSTUNREACH also ends a connection on which the request had already gone out.
  return trouble.syscall === 'connect' || trouble.syscall === 'getaddrinfo';
}

function findTrouble(error: unknown, depth = 0): Trouble | undefined {
  if (typeof error !== 'object' || error === null || depth > 4) return undefined;
  if ('code' in error && typeof error.code === 'string') {
    const errors =
      'errors' in error && Array.isArray(error.errors) ? error.errors.map((one) => findTrouble(one) ?? { code: 'UNKNOWN' }) : undefined;
    return { code: error.code, syscall: 'syscall' in error && typeof error.syscall === 'string' ? error.syscall : undefined, errors };
  }
  return 'cause' in error ? findTrouble(error.cause, depth + 1) : undefined;
}

import type { Crypto } from '../crypto.server';
import { type Refusal, refuse } from '../domain/refusal';

/** No form of ours comes near this. */
const FORM_BYTES_MAX = 32 * 1024;

const TOKEN_FIELD = 'token';
const PURPOSE = 'form';

/** The fields of a form, read with care. */
export interface Form {
  /** A field that stands exactly once and holds no control characters; null otherwise. */
  one(name: string): string | null;
  /** The same for free words of several lines: a line break counts as a space. */
  text(name: string): string | null;
  /** The same as it was typed, line by line; other control characters are left for whoever reads it. */
  lines(name: string): string | null;
  /** Every value of a field that may stand several times; null when one of them holds control characters. */
  all(name: string): string[] | null;
  has(name: string): boolean;
}

/**
 * Reads a form that came from one of our own pages in this session. Nothing is done with it unless the
 * browser says that it came from here (Sec-Fetch-Site, Origin) and the page's token belongs to the session.
 */
export async function readForm(request: Request, crypto: Crypto, expected: { sid: string; publicUrl: string }): Promise<Form | Refusal> {
  if (!cameFromHere(request, expected.publicUrl)) return refuse('form_expired');
  const text = await readText(request);
  if (text === null) return refuse('too_large');
  const fields = new URLSearchParams(isForm(request) ? text : '');
  const form = formOf(fields);
  return isOwnToken(form, crypto, expected.sid) ? form : refuse('form_expired');
}

/** Reads a form wherever it came from. */
export async function readOpenForm(request: Request): Promise<Form | Refusal> {
  const text = await readText(request);
  return text === null ? refuse('too_large') : formOf(new URLSearchParams(isForm(request) ? text : ''));
}

/** Whether a form carries the token of this session. */
export function isOwnToken(form: Form, crypto: Crypto, sid: string): boolean {
  const token = form.one(TOKEN_FIELD);
  return token !== null && crypto.same(token, formToken(crypto, sid));
}

/** The token that every form of a session carries. */
export function formToken(crypto: Crypto, sid: string): string {
  return crypto.tag(PURPOSE, sid);
}

/** The fields of a query, read with the same care. */
export function formOf(fields: URLSearchParams): Form {
  const all = (name: string) => {
    const values = fields.getAll(name);
    return values.every(isPlain) ? values : null;
  };
  const single = (values: readonly string[]) => (values.length === 1 ? (values[0] ?? null) : null);
  return {
    all,
    lines: (name) => single(fields.getAll(name)),
    text: (name) => {
      const text = single(fields.getAll(name))
        ?.replace(/[\r\n\t]+/g, ' ')
        .trim();
      return text !== undefined && isPlain(text) ? text : null;
    },
    one: (name) => {
      const values = all(name);
      return values && single(values);
    },
    has: (name) => fields.has(name),
  };
}

/** Whether a browser says that a form was sent from one of our own pages. */
export function cameFromHere(request: Request, publicUrl: string): boolean {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin') return false;
  const origin = request.headers.get('origin');
  // Our own pages send "null" because of their no-referrer policy; then the two other checks decide.
  if (origin === null || origin === 'null') return true;
  return origin === new URL(publicUrl).origin || origin === new URL(request.url).origin;
}

function isForm(request: Request): boolean {
  return (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() === 'application/x-www-form-urlencoded';
}

/** The body as text, or null when it is too large; never reads on after that. */
async function readText(request: Request): Promise<string | null> {
  if (Number(request.headers.get('content-length') ?? 0) > FORM_BYTES_MAX) return null;
  if (!request.body) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body as ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > FORM_BYTES_MAX) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function isPlain(text: string): boolean {
  // U+FFFD stands where bytes were not UTF-8.
  return !/[\p{Cc}\p{Cf}\uFFFD]/u.test(text);
}

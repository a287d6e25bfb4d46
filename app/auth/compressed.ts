import { constants, crc32, deflateRawSync } from 'node:zlib';

/**
 * A finished page as it goes out, in one piece and without a stream through a compressor of its own. Two thirds of
 * a page are its style, the same on every page: squeezed once, as hard as can be, and put in between. Whoever does
 * not read gzip gets the text, and the web process does with it what it does with any other.
 */
export function compressed(html: string, request: Request): { body: BodyInit; headers: Readonly<Record<string, string>> } {
  if (!readsGzip(request.headers.get('accept-encoding') ?? '')) return { body: html, headers: {} };
  const body = gzip(html);
  return { body, headers: { 'content-encoding': 'gzip', 'content-length': String(body.length), vary: 'Accept-Encoding' } };
}

/** `gzip;q=0` says no. */
function readsGzip(accepted: string): boolean {
  return accepted.split(',').some((part) => /^\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*$)[\d.]+\s*)?$/i.test(part));
}

/** RFC 1952: deflate, no name, no time, Unix. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
/** A block's length has two bytes. */
const LONGEST_STORED = 0xffff;

/** The style of the page before this one: in practice the only one there is. */
let style = { text: '', bytes: Buffer.alloc(0), deflated: Buffer.alloc(0) };

function gzip(html: string): Uint8Array<ArrayBuffer> {
  // What holds the nonce goes before the style, so that the style is the same in every page.
  const from = html.indexOf('>', html.indexOf('<style')) + 1;
  const to = html.indexOf('</style>', from);
  const before = Buffer.from(to < 0 ? '' : html.slice(0, from));
  const after = Buffer.from(to < 0 ? html : html.slice(to));
  if (before.length > LONGEST_STORED) throw new Error('the head of a page is too long');
  const text = to < 0 ? '' : html.slice(from, to);
  if (text !== style.text) style = squeezed(text);

  // A stored block (RFC 1951, 3.2.4): the few bytes of the head are not worth a compressor.
  const stored = Buffer.alloc(5);
  stored.writeUInt16LE(before.length, 1);
  stored.writeUInt16LE(~before.length & 0xffff, 3);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(checkSum([before, style.bytes, after]), 0);
  trailer.writeUInt32LE(before.length + style.bytes.length + after.length, 4);
  return Buffer.concat([HEADER, stored, before, style.deflated, deflateRawSync(after), trailer]) as Uint8Array<ArrayBuffer>;
}

/** Over several pieces. An empty one would begin anew. */
function checkSum(pieces: readonly Buffer[]): number {
  return pieces.reduce((sum, piece) => (piece.length === 0 ? sum : crc32(piece, sum)), 0);
}

function squeezed(text: string): typeof style {
  const bytes = Buffer.from(text);
  // Ends on a whole byte and is not the last block: more follows.
  return { text, bytes, deflated: deflateRawSync(bytes, { level: 9, finishFlush: constants.Z_SYNC_FLUSH }) };
}

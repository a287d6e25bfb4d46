import { BOUNCE_BYTES_MAX } from '../domain/bounce';

const LINE_FEED = 10;

/**
 * The mails of a mailbox file in mbox form, or the one mail that a pipe brings, one after the other with only one in
 * memory. Null for one that is too large.
 */
export async function* mailsOf(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<Uint8Array | null> {
  let lines: Buffer[] = [];
  let size = 0;
  let blankBefore = true;
  let begun = false;
  let isMailbox = false;
  const finished = () => {
    const mail = size > BOUNCE_BYTES_MAX ? null : Buffer.concat(lines);
    [lines, size] = [[], 0];
    return mail;
  };
  for await (const line of linesOf(input)) {
    // A mail from a pipe may hold such a line anywhere; only a mailbox begins with one.
    if (blankBefore && (!begun || isMailbox) && line.subarray(0, 5).toString('latin1') === 'From ') {
      isMailbox = true;
      if (size > 0) yield finished();
      begun = true;
      blankBefore = false;
      continue;
    }
    begun = true;
    const text = line.subarray(0, 8).toString('latin1');
    blankBefore = text === '\n' || text === '\r\n';
    size += line.length;
    if (size > BOUNCE_BYTES_MAX) lines = [];
    // The form hides a line that begins like the start of the next mail.
    else lines.push(/^>+From /.test(text) ? line.subarray(1) : line);
  }
  if (size > 0) yield finished();
}

/** Lines with their ends; one that is too long for any mail comes in pieces. */
async function* linesOf(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of input) {
    const chunk = typeof piece === 'string' ? Buffer.from(piece, 'latin1') : Buffer.from(piece);
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      const line = chunk.subarray(from, end + 1);
      yield rest.length > 0 ? Buffer.concat([rest, line]) : line;
      rest = Buffer.alloc(0);
      from = end + 1;
    }
    rest = rest.length > 0 ? Buffer.concat([rest, chunk.subarray(from)]) : chunk.subarray(from);
    if (rest.length > BOUNCE_BYTES_MAX) {
      yield rest;
      rest = Buffer.alloc(0);
    }
  }
  if (rest.length > 0) yield rest;
}

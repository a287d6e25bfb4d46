import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { parse } from 'csv-parse';
import { fileDigest } from '../../crypto.server';

/**
 * Reads CSV files as offices deliver them, piece by piece: UTF-8 with or without BOM, and CP932 as Excel in
 * Japan writes it. Node's own decoder for shift_jis is the WHATWG one, which is CP932 (髙 﨑 濵 德 included).
 */
export type CsvEncoding = 'utf-8' | 'shift_jis';

/** Why a file as a whole cannot be read. */
export type FileTrouble = 'not_found' | 'not_readable' | 'empty' | 'utf16' | 'spreadsheet' | 'encoding' | 'malformed' | 'changed';

/** Thrown while a file is being read: nothing of it may be used. */
export class UnreadableFile extends Error {
  constructor(
    readonly trouble: FileTrouble,
    /** The record at which reading stopped; the header is row 1. */
    readonly row?: number,
  ) {
    super(`unreadable file: ${trouble}`);
  }
}

export interface FileFacts {
  /** SHA-256 of the bytes: the same file is recognised under any name. */
  readonly digest: Buffer;
  readonly bytes: number;
  readonly encoding: CsvEncoding;
}

/** Looks through the whole file once: digest, size, encoding. @throws UnreadableFile */
export async function inspectFile(path: string, signal?: AbortSignal): Promise<FileFacts> {
  await refuseOtherKinds(path);
  const hash = fileDigest();
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  let isUtf8 = true;
  for await (const chunk of chunksOf(path, signal)) {
    hash.update(chunk);
    bytes += chunk.length;
    isUtf8 &&= decodes(utf8, chunk);
  }
  isUtf8 &&= decodes(utf8);
  return { digest: hash.digest(), bytes, encoding: isUtf8 ? 'utf-8' : await requireCp932(path, signal) };
}

async function requireCp932(path: string, signal?: AbortSignal): Promise<CsvEncoding> {
  const decoder = new TextDecoder('shift_jis', { fatal: true });
  for await (const chunk of chunksOf(path, signal)) if (!decodes(decoder, chunk)) throw new UnreadableFile('encoding');
  if (!decodes(decoder)) throw new UnreadableFile('encoding');
  return 'shift_jis';
}

function decodes(decoder: TextDecoder, chunk?: Buffer): boolean {
  try {
    decoder.decode(chunk, { stream: chunk !== undefined });
    return true;
  } catch {
    return false;
  }
}

const HEAD_BYTES = 4_096;

async function refuseOtherKinds(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (!found) throw new UnreadableFile('not_found');
  if (!found.isFile()) throw new UnreadableFile('not_readable');
  if (found.size === 0) throw new UnreadableFile('empty');
  const file = await open(path).catch(() => null);
  if (!file) throw new UnreadableFile('not_readable');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0).finally(() => file.close());
  const head = buffer.subarray(0, bytesRead);
  if (head.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004'))) throw new UnreadableFile('spreadsheet');
  const mark = head.subarray(0, 2).toString('hex');
  // Text in UTF-16 has a NUL in every ASCII character, with or without its mark.
  if (mark === 'fffe' || mark === 'feff' || head.filter((byte) => byte === 0).length > bytesRead / 8) throw new UnreadableFile('utf16');
}

export interface CsvPiece {
  readonly records: readonly string[][];
  /** Row of the first record of this piece: the header is row 1, and a record with line breaks inside is one row. */
  readonly firstRow: number;
  /** How much of the file has been read. */
  readonly doneBytes: number;
}

/** A record larger than this is a quotation mark that was never closed. */
const LONGEST_RECORD = 65_536;
const PIECE_BYTES = 65_536;

/** Yields the records in pieces. A blank line is a record of one empty cell. @throws UnreadableFile */
export async function* readCsv(path: string, facts: FileFacts, signal?: AbortSignal): AsyncGenerator<CsvPiece> {
  let records: string[][] = [];
  let row = 1;
  let doneBytes = 0;
  const parser = parse({
    bom: true,
    relax_column_count: true,
    max_record_size: LONGEST_RECORD,
    // Collected here and not read from the stream: a promise for each record would cost more than parsing it.
    on_record: (record: string[]) => {
      records.push(record);
      return null;
    },
  });
  const feed = (bytes: Buffer | null) =>
    new Promise<void>((resolve, reject) => {
      const fail = () => reject(new UnreadableFile('malformed', row + records.length));
      parser.once('error', fail);
      const done = (error?: Error | null) => {
        if (error) return fail();
        parser.off('error', fail);
        resolve();
      };
      if (bytes) parser.write(bytes, done);
      else parser.end(done);
    });
  const take = (): CsvPiece => {
    const piece = { records, firstRow: row, doneBytes };
    row += records.length;
    records = [];
    return piece;
  };

  const hash = fileDigest();
  const decoder = facts.encoding === 'utf-8' ? null : new TextDecoder(facts.encoding, { fatal: true });
  parser.resume();
  for await (const chunk of chunksOf(path, signal)) {
    hash.update(chunk);
    doneBytes += chunk.length;
    await feed(decoder ? Buffer.from(decoder.decode(chunk, { stream: true })) : chunk);
    if (records.length > 0) yield take();
  }
  await feed(null);
  if (!hash.digest().equals(facts.digest)) throw new UnreadableFile('changed');
  if (records.length > 0) yield take();
}

/** Yields a file's text in pieces, decoded. @throws UnreadableFile */
export async function* readText(path: string, facts: FileFacts, signal?: AbortSignal): AsyncGenerator<string> {
  const hash = fileDigest();
  const decoder = new TextDecoder(facts.encoding, { fatal: true });
  for await (const chunk of chunksOf(path, signal)) {
    hash.update(chunk);
    yield decoder.decode(chunk, { stream: true });
  }
  if (!hash.digest().equals(facts.digest)) throw new UnreadableFile('changed');
}

async function* chunksOf(path: string, signal?: AbortSignal): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: PIECE_BYTES })) {
      signal?.throwIfAborted();
      yield chunk as Buffer;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall) throw new UnreadableFile('not_readable');
    throw error;
  }
}

/** Whether a record is only a blank line. */
export function isBlank(record: readonly string[]): boolean {
  return record.length === 1 && record[0]?.trim() === '';
}

import fs from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { Busboy, type BusboyHeaders } from '@fastify/busboy';
import type { Crypto } from '../crypto.server';
import { type Refusal, refuse } from '../domain/refusal';
import { cameFromHere, type Form, formOf, isOwnToken } from './form';

/** Slightly below what the web process lets through: fields and boundaries come on top. */
const FILE_BYTES_MAX = 15 * 1024 * 1024;
const FIELD_BYTES_MAX = 8 * 1024;
const FIELDS_MAX = 40;
/** For a slow line; also what ends a form that is built so that its reader would wait for ever. */
const TIME_LIMIT_MS = 120_000;

/** A form with a file, which lies in a folder of its own until `dispose`. */
export interface Upload {
  readonly form: Form;
  /** Null when none was chosen. */
  readonly file: { readonly path: string; readonly name: string } | null;
  dispose(): Promise<void>;
}

/**
 * Reads a form with one file (multipart/form-data) from one of our own pages in this session, with the same checks as
 * any other form. The file goes to disk piece by piece and never into memory.
 * @returns the form, or a refusal: form_expired, too_large
 */
export async function readUpload(
  request: Request,
  crypto: Crypto,
  expected: { sid: string; publicUrl: string; timeLimitMs?: number },
): Promise<Upload | Refusal> {
  if (!cameFromHere(request, expected.publicUrl) || !request.body) return refuse('form_expired');
  const type = request.headers.get('content-type') ?? '';
  if (!/^multipart\/form-data;/i.test(type)) return refuse('form_expired');
  const folder = await mkdtemp(path.join(os.tmpdir(), 'uketori-upload-'));
  const dispose = () => rm(folder, { recursive: true, force: true });
  try {
    const timeLimit = AbortSignal.timeout(expected.timeLimitMs ?? TIME_LIMIT_MS);
    const read = await readParts(request.body as WebStream<Uint8Array>, { headers: { 'content-type': type }, folder, timeLimit });
    const form = formOf(read.fields);
    if (read.tooLarge) return await refused(dispose, 'too_large');
    if (!isOwnToken(form, crypto, expected.sid)) return await refused(dispose, 'form_expired');
    return { form, file: read.file, dispose };
  } catch {
    // Not what multipart should be, or the sender went away.
    return refused(dispose, 'form_expired');
  }
}

async function refused(dispose: () => Promise<void>, reason: 'too_large' | 'form_expired'): Promise<Refusal> {
  await dispose();
  return refuse(reason);
}

/** The last part of a name, without what no database or page can show. */
function plainName(name: string): string {
  const last = path.basename(name.replaceAll('\\', '/')).replace(/[\p{Cc}\p{Cf}\p{Cs}\uFFFD]/gu, '');
  return [...last].slice(0, 100).join('') || 'file';
}

async function readParts(
  body: WebStream<Uint8Array>,
  { headers, folder, timeLimit }: { headers: BusboyHeaders; folder: string; timeLimit: AbortSignal },
): Promise<{ fields: URLSearchParams; file: Upload['file']; tooLarge: boolean }> {
  const parser = new Busboy({
    headers,
    limits: { files: FIELDS_MAX, fileSize: FILE_BYTES_MAX, fields: FIELDS_MAX, fieldSize: FIELD_BYTES_MAX },
  });
  const fields = new URLSearchParams();
  let file: Upload['file'] = null;
  let tooLarge = false;
  const writing: Promise<void>[] = [];
  const failed = new AbortController();
  const signal = AbortSignal.any([timeLimit, failed.signal]);
  parser.on('field', (name, value, _nameCut, valueCut) => {
    if (valueCut) tooLarge = true;
    fields.append(name, value);
  });
  parser.on('file', (_field, stream, name) => {
    if (file) tooLarge = true;
    if (file || !name) return void stream.resume();
    // The name is shown and kept, never used as a path.
    const target = path.join(folder, 'file');
    file = { path: target, name: plainName(name) };
    const written = pipeline(stream, fs.createWriteStream(target, { mode: 0o600 }), { signal }).then(() => {
      if (stream.truncated) tooLarge = true;
    });
    // A full disk ends the reading too, instead of a stream that nobody drains.
    written.catch((error) => failed.abort(error));
    writing.push(written);
  });
  for (const limit of ['filesLimit', 'fieldsLimit'] as const) {
    parser.on(limit, () => {
      tooLarge = true;
    });
  }
  try {
    await pipeline(Readable.fromWeb(body), parser, { signal });
    await Promise.all(writing);
  } catch (error) {
    // No file stays open behind a sender that went away.
    failed.abort(error);
    await Promise.allSettled(writing);
    throw error;
  }
  return { fields, file, tooLarge };
}

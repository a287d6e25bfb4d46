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
  expected: { sid: string; publicUrl: string },
): Promise<Upload | Refusal> {
  if (!cameFromHere(request, expected.publicUrl) || !request.body) return refuse('form_expired');
  const type = request.headers.get('content-type') ?? '';
  if (!/^multipart\/form-data;/i.test(type)) return refuse('form_expired');
  const folder = await mkdtemp(path.join(os.tmpdir(), 'uketori-upload-'));
  const dispose = () => rm(folder, { recursive: true, force: true });
  try {
    const read = await readParts(request.body as WebStream<Uint8Array>, { 'content-type': type }, folder);
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

async function readParts(
  body: WebStream<Uint8Array>,
  headers: BusboyHeaders,
  folder: string,
): Promise<{ fields: URLSearchParams; file: Upload['file']; tooLarge: boolean }> {
  const parser = new Busboy({ headers, limits: { files: 1, fileSize: FILE_BYTES_MAX, fields: FIELDS_MAX, fieldSize: FIELD_BYTES_MAX } });
  const fields = new URLSearchParams();
  let file: Upload['file'] = null;
  let tooLarge = false;
  const writing: Promise<void>[] = [];
  parser.on('field', (name, value, _nameCut, valueCut) => {
    if (valueCut) tooLarge = true;
    fields.append(name, value);
  });
  parser.on('file', (_field, stream, name) => {
    if (!name) return void stream.resume();
    // The name is shown and kept, never used as a path.
    const target = path.join(folder, 'file');
    file = { path: target, name: path.basename(name.replaceAll('\\', '/')).slice(0, 200) };
    writing.push(
      pipeline(stream, fs.createWriteStream(target, { mode: 0o600 })).then(() => {
        if (stream.truncated) tooLarge = true;
      }),
    );
  });
  for (const limit of ['filesLimit', 'fieldsLimit'] as const) {
    parser.on(limit, () => {
      tooLarge = true;
    });
  }
  await pipeline(Readable.fromWeb(body), parser);
  await Promise.all(writing);
  return { fields, file, tooLarge };
}

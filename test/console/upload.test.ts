import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formToken } from '~/auth/form';
import { readUpload } from '~/auth/upload';
import { makeCrypto } from '~/crypto.server';
import { testKeys } from '../support/portal';

const crypto = makeCrypto(testKeys());
const [sid, publicUrl] = ['session', 'https://uketori.example'];
const usual = process.env.TMPDIR;
let folder: string;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'uketori-test-'));
  process.env.TMPDIR = folder;
});
afterAll(() => {
  if (usual === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = usual;
  fs.rmSync(folder, { recursive: true });
});

const part = (head: string, body: string) => `--xx\r\nContent-Disposition: form-data; ${head}\r\n\r\n${body}\r\n`;
const token = () => part('name="token"', formToken(crypto, sid));
const CSV = 'a,b\r\n'.repeat(20_000);

function read(body: BodyInit, headers: Record<string, string> = {}) {
  const request = new Request(publicUrl, {
    method: 'POST',
    body,
    headers: { 'content-type': 'multipart/form-data; boundary=xx', 'sec-fetch-site': 'same-origin', ...headers },
    ...{ duplex: 'half' },
  });
  return readUpload(request, crypto, { sid, publicUrl, timeLimitMs: 500 });
}

/** What somebody sends who goes away in the middle, or stays and says nothing more. */
function broken(text: string, end: 'goes' | 'stays'): ReadableStream<Uint8Array> {
  let sent = false;
  return new ReadableStream({
    pull(controller) {
      if (!sent) controller.enqueue(new TextEncoder().encode(text));
      else if (end === 'goes') controller.error(new Error('gone'));
      else return new Promise(() => {});
      sent = true;
    },
  });
}

describe('a form with a file', () => {
  it('is read with its file, which is gone when it was dealt with', async () => {
    const upload = await read(`${token()}${part('name="act"', 'load')}${part('name="file"; filename="a.csv"', CSV)}--xx--\r\n`);
    if ('kind' in upload) throw new Error(upload.reason);
    expect(upload.form.one('act')).toBe('load');
    expect(fs.readFileSync(upload.file?.path ?? '', 'utf8')).toBe(CSV);
    expect(upload.file?.name).toBe('a.csv');
    await upload.dispose();
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it.each<[string, () => BodyInit, string, Record<string, string>]>([
    ['without a token', () => `${part('name="file"; filename="a.csv"', CSV)}--xx--\r\n`, 'form_expired', {}],
    ['with two tokens', () => `${token()}${token()}--xx--\r\n`, 'form_expired', {}],
    ['from another site', () => `${token()}--xx--\r\n`, 'form_expired', { 'sec-fetch-site': 'cross-site' }],
    ['from another origin', () => `${token()}--xx--\r\n`, 'form_expired', { origin: 'https://elsewhere.example' }],
    ['without its boundary', () => token(), 'form_expired', { 'content-type': 'multipart/form-data' }],
    ['that is none', () => 'token=x', 'form_expired', {}],
    ['that ends in the middle', () => `${token()}${part('name="file"; filename="a.csv"', CSV)}`, 'form_expired', {}],
    ['whose sender goes away', () => broken(`${token()}${part('name="file"; filename="a.csv"', CSV)}`, 'goes'), 'form_expired', {}],
    ['whose sender falls silent', () => broken(`${token()}${part('name="file"; filename="a.csv"', CSV)}`, 'stays'), 'form_expired', {}],
    [
      'with a line break in the name of its file',
      () => `${token()}${part('name="file"; filename*=UTF-8\'\'a%0d%0a.csv', CSV)}--xx--\r\n`,
      'form_expired',
      {},
    ],
    ['with two files', () => `${token()}${part('name="file"; filename="a.csv"', CSV).repeat(2)}--xx--\r\n`, 'too_large', {}],
    ['with a field that is too long', () => `${token()}${part('name="note"', CSV)}--xx--\r\n`, 'too_large', {}],
    ['with too many fields', () => `${token()}${part('name="n"', 'x').repeat(50)}--xx--\r\n`, 'too_large', {}],
  ])('%s is refused within its time, and leaves no file', async (_what, body, reason, headers) => {
    expect(await read(body(), headers)).toMatchObject({ kind: 'refused', reason });
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});

import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RecipientSite, startRecipientSite } from '../support/recipient-site';

let site: RecipientSite;
beforeAll(async () => {
  site = await startRecipientSite();
}, 180_000);
afterAll(() => site?.stop());

/** What arrives in the first round trip of a new connection. */
const FIRST_FLIGHT = 14_600;

it.each(['ja', 'en'])('the residual page in %s arrives in one flight, with all it needs to be read', async (language) => {
  const visitor = site.visitor({ 'accept-language': language });
  const page = await visitor.open(site.linkOf(await site.grant(1357)));
  expect(page.status).toBe(200);
  const bytes = { html: Buffer.byteLength(page.text), gzip: gzipSync(page.text).length, brotli: brotliCompressSync(page.text).length };
  expect(bytes.gzip, JSON.stringify(bytes)).toBeLessThanOrEqual(FIRST_FLIGHT);
  // As sent, by the real process.
  const sent = await fetch(`${site.url}/receive`, {
    headers: { 'accept-encoding': 'gzip', cookie: [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
  });
  expect(sent.headers.get('content-encoding')).toBe('gzip');
  expect(page.text).not.toMatch(/<link rel="(stylesheet|preload|modulepreload)"/);
  expect([...page.text.matchAll(/<script[^>]*>/g)].map(([tag]) => / defer(="")?/.test(tag) && /src="\/assets\//.test(tag))).toEqual([true]);
  expect(page.text).not.toMatch(/__remix|<img|@import|url\(/);
  if (process.env.PICTURES) process.stdout.write(`residual page ${language}: ${JSON.stringify(bytes)}\n`);
});

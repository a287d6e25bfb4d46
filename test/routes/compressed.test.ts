import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compressed } from '~/auth/compressed';

const asked = (encoding: string) => new Request('http://localhost/receive', { headers: { 'accept-encoding': encoding } });
const page = (nonce: string, style: string, body: string) => `<html><style nonce="${nonce}">${style}</style><body>${body}</body></html>`;

function unpacked(html: string): string {
  const { body, headers } = compressed(html, asked('gzip, deflate, br'));
  const bytes = body as Uint8Array;
  expect(headers).toEqual({ 'content-encoding': 'gzip', 'content-length': String(bytes.length), vary: 'Accept-Encoding' });
  // Also holds the check sum and the length against what came out.
  return gunzipSync(bytes).toString();
}

it('comes out as it went in, whatever the page', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'あ', '<', '>', '円', '😀', '"', ' '), maxLength: 3_000 });
  fc.assert(
    fc.property(text, fc.constantFrom('', 'p{}', 'b{color:red}'), text, (nonce, style, body) => {
      const own = page(nonce.replaceAll(/[<>"]/g, ''), style, body);
      expect(unpacked(own)).toBe(own);
    }),
  );
});

it.each(['', 'no style at all: 残額', '<style>', '<style>a', '</style><style>', '<style></style>', 'x'.repeat(200_000)])(
  'comes out as it went in: %.30s',
  (html) => {
    expect(unpacked(html)).toBe(html);
  },
);

it.each(['gzip', 'GZIP', 'br, gzip', 'gzip;q=0.5', 'deflate , gzip ; q=1.0'])('%s reads gzip', (encoding) => {
  expect(compressed('page', asked(encoding)).headers['content-encoding']).toBe('gzip');
});

it.each(['', 'br', 'identity', 'gzip;q=0', 'gzip; q=0.0', 'x-gzip-not', '*'])('"%s" gets the text', (encoding) => {
  expect(compressed('page', asked(encoding))).toEqual({ body: 'page', headers: {} });
});

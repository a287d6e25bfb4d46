import http from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { Bench, Line } from '../line';
import { linksOf, Visitors } from '../visitors';
import { startWeb } from '../web';

/** What a first connection carries before it must wait for an answer (ten packets). */
const MOST_BYTES = 14_600;

/** The residual page as it goes over the wire, style and all, and what else must be fetched to read it. */
export async function pageBytes(bench: Bench): Promise<Line[]> {
  const { database, programme } = await bench.programme(bench.sizes.grants);
  const web = await startWeb({ pages: bench.pages.portal, url: database.webUrl });
  const [request] = await new Visitors(web.ready.port, linksOf(programme.visitors.slice(0, 1))).openPages();
  if (!request) throw new Error('nobody could open the page');
  const as = async (encoding: string) => fetchRaw(web.ready.port, request.path, { ...request.headers, 'accept-encoding': encoding });
  const [br, gzip] = [await as('br'), await as('gzip')];
  await web.stop();
  const html = brotliDecompressSync(br).toString();
  if (!html.includes('<style') || gunzipSync(gzip).length < 1_000) throw new Error('this is not the residual page');
  const details = { brBytes: br.length, gzipBytes: gzip.length, plainBytes: Buffer.byteLength(html) };
  return [
    {
      name: 'page bytes',
      compares: 'HTML and style of the residual page as sent, the larger of br and gzip',
      figure: Math.max(br.length, gzip.length),
      unit: 'bytes',
      goal: { atMost: MOST_BYTES },
      details,
    },
    {
      name: 'page bytes, requests',
      compares: 'further requests before the residual page can be read',
      figure: furtherRequests(html),
      unit: '',
      goal: { atMost: 0 },
      details: {},
    },
  ];
}

/** Style sheets, pictures, frames, fonts and scripts that hold up reading; a deferred script does not. */
function furtherRequests(html: string): number {
  const elements = html.match(/<(?:link|script|img|iframe|object|embed|source|video|audio)\b[^>]*>/g) ?? [];
  const blocking = elements.filter((element) => {
    const address = /\s(?:src|href|data)="([^"]*)"/.exec(element)?.[1];
    if (!address || address.startsWith('data:')) return false;
    if (element.startsWith('<script')) return !/\s(?:defer|async|type="module")/.test(element);
    return !element.startsWith('<link') || /rel="(?:stylesheet|preload)"/.test(element);
  });
  const style = (html.match(/<style[\s\S]*?<\/style>/g) ?? []).join('');
  return blocking.length + (style.match(/@import|url\((?!["']?(?:data:|#))/g) ?? []).length;
}

function fetchRaw(port: number, path: string, headers: Readonly<Record<string, string>>): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    http
      .get({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => void buffer(response).then(resolve, reject))
      .once('error', reject);
  });
}

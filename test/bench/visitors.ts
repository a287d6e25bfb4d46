import { makeCrypto } from '~/crypto.server';
import type { LoadRequest } from './load';
import { benchKeys } from './portal';

/** What a browser sends with everything. */
const BROWSER = {
  'user-agent': 'Mozilla/5.0 (Linux; Android 13; SO-51C) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/113.0.0.0 Mobile Safari/537.36',
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'accept-language': 'ja,en;q=0.8',
  'accept-encoding': 'gzip, deflate, br',
} as const;

/** People at their browsers, each with a link of their own: the way into the pages is theirs. */
export class Visitors {
  constructor(
    private readonly port: number,
    private readonly links: readonly string[],
  ) {}

  /** The front page of a site without people. */
  static anonymous(): LoadRequest {
    return { method: 'GET', path: '/', headers: BROWSER, expect: 200 };
  }

  /** Opens each link; each may then read the residual page. */
  async openPages(): Promise<LoadRequest[]> {
    return this.each(async (link) => ({
      method: 'GET',
      path: '/receive',
      headers: { ...BROWSER, cookie: await this.open(link) },
      expect: 200,
    }));
  }

  /** Goes with each link up to the confirmation; what is left is to send it. */
  async goToConfirmations(choice: string): Promise<LoadRequest[]> {
    return this.each(async (link) => {
      const cookie = await this.open(link);
      const page = await this.get(`/receive/confirm?c=${choice}`, cookie);
      const html = await page.text();
      const field = (name: string) =>
        new RegExp(`name="${name}" value="([^"]+)"`).exec(html)?.[1] ?? fail(`the confirmation has no ${name}`);
      return {
        method: 'POST',
        path: '/receive/confirm',
        headers: {
          ...BROWSER,
          cookie,
          'content-type': 'application/x-www-form-urlencoded',
          'sec-fetch-site': 'same-origin',
          origin: 'null',
        },
        body: new URLSearchParams({ token: field('token'), key: field('key'), c: field('c') }).toString(),
        expect: 303,
      };
    });
  }

  private async open(link: string): Promise<string> {
    const response = await this.get(link);
    return response.headers.getSetCookie()[0]?.split(';')[0] ?? fail(`a link was answered ${response.status} without a cookie`);
  }

  private get(path: string, cookie?: string): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.port}${path}`, { redirect: 'manual', headers: { ...BROWSER, ...(cookie ? { cookie } : {}) } });
  }

  private async each(make: (link: string) => Promise<LoadRequest>): Promise<LoadRequest[]> {
    const requests: LoadRequest[] = [];
    for (let i = 0; i < this.links.length; i += TOGETHER)
      requests.push(...(await Promise.all(this.links.slice(i, i + TOGETHER).map(make))));
    return requests;
  }
}

const TOGETHER = 8;

/** The paths of grants' links. */
export function linksOf(grantIds: readonly string[]): string[] {
  const crypto = makeCrypto(benchKeys());
  return grantIds.map((id) => `/r/${crypto.linkToken(id, 1)}`);
}

function fail(line: string): never {
  throw new Error(line);
}

import { once } from 'node:events';
import net from 'node:net';
import type { IssueOutcome } from '#adapters/providers/port';
import { providers as definitions } from '#adapters/providers/registry';
import { makeBulk } from '#db/bulk';
import { makePool, makeScopedDb } from '#db/database';
import { makeSignInLimits, slowestPerHour, stockReader } from '~/context.server';
import type { CryptoKeys } from '~/crypto.server';
import type { OfferAmount } from '~/domain/campaign';
import { startWeb } from '~/entry.web';
import type { Inbound, Provider } from '~/portal';
import { issueCode } from '~/services/issue-code';
import { findRecipientPage } from '~/views/recipient-page';
import { buildPages } from './built-pages';
import type { TestDatabase } from './database';
import { makeModelProvider } from './model-provider';
import { MAY_20, makeTestPortal, type TestPortal, testKeys } from './portal';
import { insertGrants, insertProgramme } from './programme';

/** What the next calls of a provider come to. */
export type Fate = 'well' | 'silent' | 'refused';

const CODES: Readonly<Record<string, (serial: number) => { code: string; pin?: string; url?: string }>> = {
  amazon: (n) => ({ code: `TEST-AB2CD${n % 10}-F3GH` }),
  ponta: (n) => ({
    code: `PT10OIl${String(n).padStart(9, '0')}`,
    url: `https://ejoica.example/pontapoint/?id=PT10OIl${String(n).padStart(9, '0')}`,
  }),
  paypay: (n) => ({ code: `4821${String(n).padStart(12, '0')}`, url: `https://paypay.example/gift/4821${String(n).padStart(12, '0')}` }),
  edy: (n) => ({ code: `EDY7KM${String(n).padStart(10, '0')}`, pin: '4826' }),
  nanaco: (n) => ({
    code: `NaNa82Kq${String(n).padStart(8, '3')}`,
    url: `https://nanaco.example/?gid=NaNa82Kq${String(n).padStart(8, '3')}`,
  }),
};

export const OFFERS: readonly { provider: string; label: { ja: string; en: string }; amount: OfferAmount }[] = [
  {
    provider: 'amazon',
    label: { ja: 'Amazonギフトカード', en: 'Amazon Gift Card' },
    amount: { kind: 'range', minYen: 1, maxYen: 500_000, stepYen: 1 },
  },
  {
    provider: 'ponta',
    label: { ja: 'Pontaポイント コード', en: 'Ponta Point Code' },
    amount: { kind: 'fixed', faceValuesYen: [100, 500, 1000], maxCodes: 20 },
  },
  {
    provider: 'paypay',
    label: { ja: 'PayPayポイント', en: 'PayPay Points' },
    amount: { kind: 'range', minYen: 1, maxYen: 100_000, stepYen: 1 },
  },
  {
    provider: 'edy',
    label: { ja: 'EdyギフトID', en: 'Edy Gift ID' },
    amount: { kind: 'fixed', faceValuesYen: [100, 500, 1000, 3000], maxCodes: 20 },
  },
  {
    provider: 'nanaco',
    label: { ja: 'nanacoギフト', en: 'nanaco Gift' },
    amount: { kind: 'range', minYen: 1, maxYen: 50_000, stepYen: 1 },
  },
];

const SETTINGS = {
  name: { ja: 'くまもと再発見の旅 地域クーポン補償', en: 'Kumamoto travel coupon compensation' },
  office: { ja: 'くまもと再発見の旅事務局', en: 'Kumamoto Rediscovery Travel Office' },
  callCentre: {
    name: { ja: '全国旅行支援地域クーポン regionPAY 補償コールセンター', en: 'regionPAY compensation call centre' },
    tel: '0120-479-249',
    hours: { ja: '平日 10:00～18:00', en: 'weekdays 10:00-18:00' },
  },
  senders: { mail: 'noreply@example.jp', sms: '03-0000-0000' },
  promiseMinutes: 60,
};

export interface RecipientSite {
  readonly url: string;
  readonly portal: TestPortal;
  readonly owner: TestPortal;
  readonly worker: TestPortal;
  /** The portal over the console's role. */
  readonly console: TestPortal;
  /** The database as the console's role. */
  readonly consoleUrl: string;
  /** The database as its owner. */
  readonly ownerUrl: string;
  readonly campaignId: string;
  /** What providers do from now on. */
  fate: Fate;
  rehearsal: Date | null;
  /** Whether messages are shown at /outbox. */
  outbox: boolean;
  /** Whether the clock may be moved at /clock. */
  movableClock: boolean;
  /** How many unknown links are still let through. */
  guesses: number;
  /** How many claims and questions after claims are still let through. */
  claimTries: number;
  /** How many links may still be asked for again. */
  recoveries: number;
  /** How many messages may still be checked. */
  checks: number;
  grant(yen: number): Promise<string>;
  /** The path of a grant's link. */
  linkOf(grantId: string, generation?: number): string;
  /** Does all issuing of a grant that waits. */
  issue(grantId: string): Promise<void>;
  pageOf(grantId: string): Promise<NonNullable<Awaited<ReturnType<typeof findRecipientPage>>>>;
  visitor(headers?: Record<string, string>): Visitor;
  /** Writes at once what the web process counts apart from its answers. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/** A port nobody listens on at the moment, for pages that must know their own address beforehand. */
async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * The real web process over a real database, with providers that do as they are told. Its public address is one that
 * does not exist, or `local`: where a browser finds it, which passkeys need.
 */
export async function startRecipientSite(
  options: {
    publicUrl?: 'local';
    inbound?: (portal: TestPortal, pool: ReturnType<typeof makePool>) => Inbound;
    /** A database that is there already, and stays. */
    database?: Pick<TestDatabase, 'ownerUrl' | 'webUrl' | 'workerUrl' | 'consoleUrl'>;
    keys?: CryptoKeys;
  } = {},
): Promise<RecipientSite> {
  const port = options.publicUrl === 'local' ? await freePort() : 0;
  const pages = await buildPages();
  // Not loaded where there is one already: it knows the tests' own server only.
  const own = options.database ? null : await (await import('./database')).createTestDatabase();
  const database = options.database ?? own;
  if (!database) throw new Error('there is no database');
  const { keys = testKeys() } = options;
  const owner = makeTestPortal(database.ownerUrl, { keys });
  const state = {
    fate: 'well' as Fate,
    guesses: 1_000,
    claimTries: 1_000,
    recoveries: 1_000,
    checks: 1_000,
    rehearsal: null as Date | null,
    outbox: false,
    movableClock: false,
  };
  const providers = definitions.map(({ id, brand }) =>
    tellable(
      id,
      brand,
      () => state.fate,
      () => owner.clock.now(),
    ),
  );
  const portal = makeTestPortal(database.webUrl, { keys, clock: owner.clock, providers, connections: 10 });
  const consolePortal = makeTestPortal(database.consoleUrl, { keys, clock: owner.clock, providers });
  const bulkPool = makePool(database.consoleUrl, { max: 1, name: 'test-bulk', statementTimeoutMs: 0 });
  const scopedPool = makePool(database.consoleUrl, { max: 4, name: 'test-scoped' });
  const limitPool = makePool(database.webUrl, { max: 2, name: 'test-limits', usualTypes: true });
  const worker = makeTestPortal(database.workerUrl, { keys, clock: owner.clock, providers });
  const campaignId = await insertProgramme(owner, OFFERS);
  await owner.db
    .updateTable('campaigns')
    .set({ settings: JSON.stringify(SETTINGS) })
    .execute();
  for (const { provider, label } of OFFERS) {
    await owner.db
      .updateTable('offers')
      .set({ label: JSON.stringify(label) })
      .where('provider', '=', provider)
      .execute();
  }
  const web = await startWeb(
    {
      portal,
      consolePortal,
      log: portal.log,
      isReady: async () => true,
      publicUrl: port === 0 ? 'https://uketori.example' : `http://localhost:${port}`,
      get rehearsal() {
        return state.rehearsal;
      },
      get moveClock() {
        return state.movableClock ? async (to: Date) => owner.clock.set(to) : null;
      },
      securityContact: 'mailto:security@example.jp',
      get outbox() {
        return state.outbox;
      },
      limits: {
        allowGuess: async () => {
          state.guesses -= 1;
          return state.guesses >= 0 ? { ok: true } : { ok: false, retryAfterSeconds: 120 };
        },
        allowRecovery: async () => {
          state.recoveries -= 1;
          return state.recoveries >= 0 ? { ok: true, forgive: async () => {} } : { ok: false, retryAfterSeconds: 120, first: false };
        },
        allowCheck: async () => {
          state.checks -= 1;
          return state.checks >= 0 ? { ok: true, forgive: async () => {} } : { ok: false, retryAfterSeconds: 120, first: false };
        },
        allowClaim: async () => {
          state.claimTries -= 1;
          const forgive = async () => {
            state.claimTries += 1;
          };
          return state.claimTries >= 0 ? { ok: true, forgive } : { ok: false, retryAfterSeconds: 120, first: false };
        },
      },
      proxyHops: 0,
      inbound: options.inbound?.(portal, limitPool),
      console: {
        portal: consolePortal,
        within: (scope) => (scope === 'all' ? consolePortal : { ...consolePortal, db: makeScopedDb(scopedPool, scope) }),
        bulk: makeBulk(bulkPool),
        stockReader,
        channelPerHour: slowestPerHour(),
        ...makeSignInLimits(limitPool, consolePortal),
      },
    },
    { port, build: pages.build, clientFolder: pages.clientFolder },
  );
  const url = `http://${port === 0 ? '127.0.0.1' : 'localhost'}:${web.port}`;
  const pageOf = async (grantId: string) => {
    const page = await findRecipientPage(portal.db, { grantId, now: portal.clock.now() });
    if (!page) throw new Error('no such grant');
    return page;
  };
  return Object.assign(state, {
    url,
    portal,
    owner,
    worker,
    console: consolePortal,
    consoleUrl: database.consoleUrl,
    ownerUrl: database.ownerUrl,
    campaignId,
    pageOf,
    async grant(yen: number) {
      const [id] = await insertGrants(owner, campaignId, [yen]);
      if (!id) throw new Error('no grant');
      return id;
    },
    linkOf: (grantId: string, generation = 1) => `/r/${portal.crypto.linkToken(grantId, generation)}`,
    async issue(grantId: string) {
      const { redemptions } = await pageOf(grantId);
      for (const code of redemptions.flatMap((redemption) => redemption.codes)) {
        if (code.situation === 'waiting') await issueCode(worker, { codeId: code.id }, { wait: async () => {} });
      }
    },
    visitor: (headers?: Record<string, string>) => new Visitor(url, headers),
    flush: () => web.flush(),
    async stop() {
      await web.stop();
      await Promise.all([portal.close(), worker.close(), consolePortal.close(), bulkPool.end(), scopedPool.end(), limitPool.end()]);
      await owner.close();
      await own?.drop();
      pages.remove();
    },
  });
}

function tellable(id: string, brand: Provider['brand'], fate: () => Fate, now: () => Date): Provider {
  const model = makeModelProvider({
    id,
    now,
    capabilities: { cancel: false, ...(id === 'amazon' ? { codes: 'refetch' as const, keyHorizonMs: 3_650 * 86_400_000 } : {}) },
  });
  const issued = new Map<string, IssueOutcome>();
  const issue = async ({ key, yen }: { key: string; yen: number }): Promise<IssueOutcome> => {
    if (fate() === 'silent') return { kind: 'unknown', cause: 'timeout' };
    if (fate() === 'refused') return { kind: 'declined', reason: 'rejected' };
    const serial = issued.size + 1;
    const own = CODES[id]?.(serial) ?? { code: `TEST${serial}` };
    const outcome: IssueOutcome = issued.get(key) ?? {
      kind: 'issued',
      yen,
      issued: {
        ...own,
        reference: `${id}-${serial}`,
        managementNo: `KM-${id.slice(0, 1).toUpperCase()}-00041${serial}`,
        expiresOn: '2023-09-30',
      },
    };
    issued.set(key, outcome);
    return outcome;
  };
  return {
    ...model,
    brand,
    connection: { issue, lookup: async () => ({ kind: 'unknown', cause: 'timeout' }), ...(id === 'amazon' ? { reveal: issue } : {}) },
  };
}

/** A browser without scripts: keeps cookies, follows nothing by itself, sends what a browser sends. */
export class Visitor {
  readonly cookies = new Map<string, string>();

  constructor(
    private readonly base: string,
    private readonly headers: Record<string, string> = { 'accept-language': 'ja' },
  ) {}

  async get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send(path, { headers });
  }

  async post(path: string, fields: readonly (readonly [string, string])[] | string, headers: Record<string, string> = {}): Promise<Answer> {
    const body = typeof fields === 'string' ? fields : new URLSearchParams(fields.map(([name, value]) => [name, value])).toString();
    const own = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', origin: 'null' };
    return this.send(path, { method: 'POST', body, headers: { ...own, ...headers } });
  }

  async send(path: string, init: RequestInit & { headers?: Record<string, string> }): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(this.base + path, {
      redirect: 'manual',
      ...init,
      headers: { accept: 'text/html', ...this.headers, ...(cookie ? { cookie } : {}), ...init.headers },
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/Max-Age=0/.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    // Sentences are looked for as they are read, without the markup that keeps a day on one line.
    const text = (await response.text()).replace(/<span class="unbroken">([^<]*)<\/span>/g, '$1');
    return {
      status: response.status,
      location: response.headers.get('location'),
      headers: response.headers,
      text,
      fields: hiddenFields(text),
    };
  }

  /** Opens a link and reads the page it leads to. */
  async open(link: string): Promise<Answer> {
    await this.get(link);
    return this.get('/receive');
  }
}

export interface Answer {
  readonly status: number;
  readonly location: string | null;
  readonly headers: Headers;
  readonly text: string;
  /** The hidden fields of the page's forms. */
  readonly fields: [string, string][];
}

function hiddenFields(html: string): [string, string][] {
  const form = /<form [\s\S]*?<\/form>/.exec(html)?.[0] ?? '';
  return [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map((match) => [match[1] ?? '', match[2] ?? '']);
}

export { MAY_20 };

import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectGiftCodes, type GiftCodeConnection } from './client';
import type { GiftCodeSettings } from './settings';
import { signature, signedHeaders } from './signing';
import { giftCodeStandIn } from './stand-in';
import { PROBLEM_PREFIX, PROBLEMS, type ProblemType } from './wire';

const settings: GiftCodeSettings = {
  baseUrl: 'https://gifts.test/some/prefix',
  keyId: 'TEST-key-1',
  secret: 'TEST-secret-not-for-real-use',
  productId: 'test-gift',
};
const now = new Date('2023-05-20T03:00:00Z');
const asked = { key: 'uk-0123456789', yen: 500 };
const gift = {
  status: 'issued',
  id: 'gft_1',
  key: asked.key,
  product: settings.productId,
  yen: 500,
  code: 'TESTAAAABBBBCCCC',
  url: 'https://gift.example/r?id=TESTAAAABBBBCCCC',
  expiresOn: '2023-09-30',
  managementNo: '5632492203',
};

const network = setupServer();
beforeAll(() => network.listen({ onUnhandledRequest: 'error' }));
afterEach(() => network.resetHandlers());
afterAll(() => network.close());

let connection: GiftCodeConnection;
beforeEach(() => {
  connection = connectGiftCodes(settings, { codePattern: /^[A-Za-z0-9]{16}$/ }, { timeLimitMs: 5_000 });
});

function answer(status: number, body: object, headers: Record<string, string> = {}): void {
  network.use(http.all('https://gifts.test/some/prefix/v1/*', () => HttpResponse.json(body, { status, headers })));
}
const problem = (type: string, status: number) => ({ type: PROBLEM_PREFIX + type, title: 'no', status });

describe('signature', () => {
  it('is the documented HMAC', () => {
    // Computed apart from this code, with Python's hmac and hashlib.
    const parts = {
      method: 'PUT',
      path: '/v1/gifts/uk-0123456789',
      timestamp: '1684551600',
      nonce: 'A'.repeat(24),
      body: '{"product":"test-gift","yen":500}',
    };
    expect(signature('TEST-secret-not-for-real-use', parts)).toBe('0ebe75a07bf8ae27f4495c8841269da026ed9dd5c607615101ededb7010b01ef');
  });

  it('changes with every part of the request', () => {
    const parts = { method: 'PUT', path: '/v1/gifts/a', timestamp: '1', nonce: 'n', body: '{}' };
    const all = [
      parts,
      { ...parts, method: 'GET' },
      { ...parts, path: '/p/v1/gifts/a' },
      { ...parts, timestamp: '2' },
      { ...parts, nonce: 'm' },
      { ...parts, body: '' },
    ];
    expect(new Set(all.map((each) => signature('secret', each))).size).toBe(all.length);
    expect(signature('other', parts)).not.toBe(signature('secret', parts));
  });

  it('covers the path with the prefix of the base URL, and takes a new nonce every time', () => {
    const request = { method: 'GET', url: new URL('https://gifts.test/some/prefix/v1/funds'), body: '', now };
    const [one, two] = [signedHeaders(settings, request), signedHeaders(settings, request)];
    expect(one['gift-timestamp']).toBe('1684551600');
    expect(one['gift-nonce']).toMatch(/^[A-Za-z0-9_-]{22,64}$/);
    expect(one['gift-nonce']).not.toBe(two['gift-nonce']);
    const parts = { method: 'GET', path: '/some/prefix/v1/funds', timestamp: '1684551600', nonce: one['gift-nonce'] ?? '', body: '' };
    expect(one['gift-signature']).toBe(signature(settings.secret, parts));
  });
});

describe('a yes', () => {
  it.each([200, 201])('is the asked gift in a %i', async (status) => {
    answer(status, { ...gift, news: true });
    expect(await connection.issue(asked, { now })).toEqual({
      kind: 'issued',
      yen: 500,
      issued: { code: gift.code, pin: undefined, url: gift.url, expiresOn: '2023-09-30', reference: 'gft_1', managementNo: '5632492203' },
    });
  });

  it.each([
    ['another amount', { ...gift, yen: 501 }, 'wrong_amount'],
    ['a fraction of a yen', { ...gift, yen: 500.5 }, 'unreadable'],
    ['the gift of another key', { ...gift, key: 'uk-9999999999' }, 'unlisted'],
    ['another product', { ...gift, product: 'other-gift' }, 'unlisted'],
    ['a cancelled gift', { ...gift, status: 'cancelled', code: undefined }, 'voided'],
    ['a cancelled gift that still shows its code', { ...gift, status: 'cancelled' }, 'voided'],
    ['a gift that is not decided yet', { ...gift, status: 'pending', code: undefined }, 'pending'],
    ['a gift in a state that the document does not have', { ...gift, status: 'frozen' }, 'unreadable'],
    ['no code', { ...gift, code: undefined }, 'unreadable'],
    ['a code that is not of this product', { ...gift, code: 'TESTAAAABBBBCCC' }, 'unreadable'],
    ['an insecure link', { ...gift, url: 'http://gift.example/r' }, 'unreadable'],
    ['a link that runs a script', { ...gift, url: 'javascript:alert(1)' }, 'unreadable'],
    ['a day that no calendar has', { ...gift, expiresOn: '2023-02-30' }, 'unreadable'],
    ['no id', { ...gift, id: undefined }, 'unreadable'],
  ])('is not %s', async (_, body, cause) => {
    answer(200, body);
    const outcomes = [await connection.issue(asked, { now }), await connection.lookup(asked, { now })];
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ kind: 'unknown', cause });
      expect(JSON.stringify(outcome)).not.toContain('TESTAAAA');
    }
  });

  it("brings the product's own link where the answer has none", async () => {
    const linked = connectGiftCodes(
      settings,
      { codePattern: /^.{16}$/, linkFor: (code) => `https://register.example/?gid=${code}` },
      { timeLimitMs: 5_000 },
    );
    answer(201, { ...gift, url: undefined });
    expect(await linked.issue(asked, { now })).toMatchObject({ issued: { url: 'https://register.example/?gid=TESTAAAABBBBCCCC' } });
  });
});

const declined = (reason: string) => ({ kind: 'declined', reason });
const unknown = (cause: string) => ({ kind: 'unknown', cause });

describe('every problem of the document', () => {
  const table: Record<ProblemType, { issue: object; lookup: object; cancel: object }> = {
    'malformed-request': { issue: declined('rejected'), lookup: unknown('unlisted'), cancel: declined('rejected') },
    'bad-signature': { issue: declined('account_suspended'), lookup: declined('account_suspended'), cancel: declined('rejected') },
    'clock-skew': { issue: declined('account_suspended'), lookup: declined('account_suspended'), cancel: declined('rejected') },
    'replayed-request': { issue: unknown('resend'), lookup: unknown('resend'), cancel: unknown('resend') },
    'insufficient-funds': { issue: declined('insufficient_funds'), lookup: unknown('unlisted'), cancel: unknown('unlisted') },
    'account-suspended': { issue: declined('account_suspended'), lookup: declined('account_suspended'), cancel: declined('rejected') },
    'never-seen': { issue: unknown('unlisted'), lookup: declined('never_seen'), cancel: declined('never_seen') },
    'key-conflict': { issue: unknown('wrong_amount'), lookup: unknown('wrong_amount'), cancel: unknown('wrong_amount') },
    'wrong-gift': { issue: unknown('unlisted'), lookup: unknown('unlisted'), cancel: declined('rejected') },
    used: { issue: unknown('unlisted'), lookup: unknown('unlisted'), cancel: declined('used') },
    'too-late': { issue: unknown('unlisted'), lookup: unknown('unlisted'), cancel: declined('too_late') },
    'unknown-product': { issue: declined('rejected'), lookup: unknown('unlisted'), cancel: unknown('unlisted') },
    'invalid-amount': { issue: declined('invalid_amount'), lookup: unknown('unlisted'), cancel: unknown('unlisted') },
    'out-of-stock': { issue: declined('out_of_stock'), lookup: unknown('unlisted'), cancel: unknown('unlisted') },
    throttled: { issue: declined('throttled'), lookup: declined('throttled'), cancel: unknown('resend') },
  };

  it.each(Object.entries(PROBLEMS))('%s', async (type, status) => {
    const expected = table[type as ProblemType];
    answer(status, problem(type, status));
    expect(await connection.issue(asked, { now })).toMatchObject(expected.issue);
    expect(await connection.lookup(asked, { now })).toMatchObject(expected.lookup);
    expect(await connection.cancel({ key: asked.key, reference: 'gft_1' }, { now })).toMatchObject(expected.cancel);
    expect((await connection.funds({ now })).kind).toBe('unknown');
    expect((await connection.catalogue({ now })).kind).toBe('unknown');

    // Under any other status the same words are not believed.
    for (const other of [400, 401, 402, 403, 404, 409, 418, 422, 429].filter((each) => each !== status)) {
      for (const said of [status, other]) {
        answer(other, problem(type, said));
        expect(await connection.issue(asked, { now })).toMatchObject(unknown('unlisted'));
      }
    }
    answer(503, problem(type, status));
    expect(await connection.issue(asked, { now })).toMatchObject(unknown('server_error'));
  });

  it.each([
    ['a type that is not in the list', problem('sold-out', 422)],
    ['a type that every object has', problem('constructor', 422)],
    ['the type of another contract', { type: 'https://example.com/out-of-stock', title: 'no', status: 422 }],
    ['no type', { title: 'out of stock', status: 422 }],
    ["a status that contradicts the answer's", { ...problem('out-of-stock', 422), status: 500 }],
  ])('does not believe %s', async (_, body) => {
    answer(422, body);
    expect(await connection.issue(asked, { now })).toMatchObject(unknown('unlisted'));
  });

  it.each([
    ['2', 2_000],
    ['99999', undefined],
    ['9999', 3_600_000],
    ['Sat, 20 May 2023 03:00:10 GMT', undefined],
    ['-1', undefined],
  ])('passes Retry-After: %s on as %s ms', async (header, retryAfterMs) => {
    answer(429, problem('throttled', 429), { 'retry-after': header });
    expect(await connection.issue(asked, { now })).toEqual({ kind: 'declined', reason: 'throttled', detail: 'throttled', retryAfterMs });
  });
});

describe('cancel', () => {
  it.each([
    ['a gift that is still good', { ...gift }],
    ['another gift', { ...gift, status: 'cancelled', id: 'gft_2' }],
    ['another key', { ...gift, status: 'cancelled', key: 'uk-9999999999' }],
  ])('is not done by the answer about %s', async (_, body) => {
    answer(200, body);
    expect(await connection.cancel({ key: asked.key, reference: 'gft_1' }, { now })).toMatchObject(unknown('unlisted'));
  });
});

describe('stand-in', () => {
  const make = giftCodeStandIn({
    name: 'Test gift',
    amounts: { kind: 'range', minYen: 100, maxYen: 1000, stepYen: 100 },
    codeFor: (key) => `TEST${key.slice(-10)}00`,
    hasManagementNo: true,
    cancelWindowMs: 0,
  });

  function put(url: string, body: string, change: (headers: Record<string, string>) => void = () => undefined): Request {
    const headers = signedHeaders(settings, { method: 'PUT', url: new URL(url), body, now });
    change(headers);
    return new Request(url, { method: 'PUT', headers, body });
  }
  const url = `${settings.baseUrl}/v1/gifts/uk-0123456789`;
  const body = JSON.stringify({ product: settings.productId, yen: 500 });

  it('takes a nonce once', async () => {
    const fake = make({ settings, now: () => now, hangMs: 1 });
    const request = put(url, body);
    expect((await fake.handle(request.clone())).status).toBe(201);
    expect(await (await fake.handle(request)).json()).toMatchObject({ type: `${PROBLEM_PREFIX}replayed-request`, status: 401 });
    expect((await fake.handle(put(url, body))).status).toBe(200);
    expect(fake.issues()).toHaveLength(1);
  });

  it.each([
    ['another body', (request: Request) => new Request(request, { body: JSON.stringify({ product: settings.productId, yen: 600 }) })],
    ['another path', (request: Request) => new Request(`${settings.baseUrl}/v1/gifts/uk-9999999999`, request)],
    [
      'another nonce',
      (request: Request) => new Request(request, { headers: { ...Object.fromEntries(request.headers), 'gift-nonce': 'B'.repeat(24) } }),
    ],
    ['no signature', (request: Request) => new Request(request, { headers: {} })],
  ])('refuses a signed request with %s', async (_, change) => {
    const fake = make({ settings, now: () => now, hangMs: 1 });
    const answered = await fake.handle(change(put(url, body)));
    expect(await answered.json()).toMatchObject({ type: `${PROBLEM_PREFIX}bad-signature`, status: 401 });
    expect(fake.issues()).toEqual([]);
  });

  it('gives the same codes for the same seed', async () => {
    const other = () => make({ settings, now: () => now, hangMs: 1, seed: 7 });
    expect(await (await other().handle(put(url, body))).text()).toBe(await (await other().handle(put(url, body))).text());
  });
});

import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ProviderConnection } from '../port';
import { lastDayInJapan } from './expiry';
import amazon from './index';
import { type AmazonSettings, amazonSettings } from './settings';
import { sign } from './signing';
import amazonStandIn from './stand-in';
import { CLAIM_CODE, DECLINES } from './wire';

const settings: AmazonSettings = {
  baseUrl: 'https://agcod.test/prefix/',
  partnerId: 'Awssb',
  accessKeyId: 'EXAMPLEKEYID',
  secretKey: 'EXAMPLE-secret-key-0001',
  region: 'us-west-2',
};
const now = new Date('2025-01-01T00:00:00Z');
const request = { key: 'Awssb0000000001', yen: 1000 };

const network = setupServer();
beforeAll(() => network.listen({ onUnhandledRequest: 'error' }));
afterEach(() => network.resetHandlers());
afterAll(() => network.close());

let connection: ProviderConnection;
beforeEach(() => {
  connection = amazon.connect(settings);
});

function answer(body: object | string, status = 200): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  network.use(http.post('https://agcod.test/prefix/*', () => new HttpResponse(text, { status })));
}

const card = {
  cardInfo: { cardNumber: null, cardStatus: 'Fulfilled', expirationDate: null, value: { amount: 1000, currencyCode: 'JPY' } },
  creationRequestId: request.key,
  gcClaimCode: 'TEST-AB2CDE-F3GH',
  gcExpirationDate: 'Thu Jun 10 14:59:59 UTC 2032',
  gcId: '1234567890123456',
  status: 'SUCCESS',
};
const withCard = (cardInfo: object) => ({ ...card, cardInfo: { ...card.cardInfo, ...cardInfo } });
const failure = (errorCode: string, errorType: string, status = 'FAILURE') => ({
  agcodResponse: { __type: 'CreateGiftCardResponse:http://internal.amazon.com/coral/com.amazonaws.agcod/', gcClaimCode: null, status },
  errorCode,
  errorType,
  message: `${errorType} for EXAMPLE`,
});

describe('signing', () => {
  it('agrees with the vector computed apart from this code', async () => {
    const body = '{"creationRequestId":"Awssb0000000001","partnerId":"Awssb","value":{"currencyCode":"JPY","amount":1000}}';
    const headers = await sign(
      {
        url: new URL('https://agcod-v2-fe-gamma.amazon.com/CreateGiftCard'),
        headers: {
          accept: 'application/json',
          'content-type': 'application/json',
          'x-amz-target': 'com.amazonaws.agcod.AGCODService.CreateGiftCard',
        },
        body,
        now,
      },
      { accessKeyId: 'EXAMPLEKEYID', secretKey: 'EXAMPLESECRETKEY', region: 'us-west-2' },
    );
    expect(headers['x-amz-date']).toBe('20250101T000000Z');
    expect(headers.authorization).toBe(
      'AWS4-HMAC-SHA256 Credential=EXAMPLEKEYID/20250101/us-west-2/AGCODService/aws4_request, ' +
        'SignedHeaders=accept;content-type;host;x-amz-date;x-amz-target, ' +
        'Signature=8fb70a907dad634cc2a8b5b9c33085fa4c4d55adf4a2c0c615a86231e84aad23',
    );
  });

  it('sends exactly the documented request, under the prefix of the base URL', async () => {
    let seen: Request | undefined;
    network.use(
      http.post('https://agcod.test/prefix/CreateGiftCard', async ({ request: arrived }) => {
        seen = arrived.clone();
        return HttpResponse.json(card);
      }),
    );
    await connection.issue(request, { now });
    expect(await seen?.text()).toBe(
      '{"creationRequestId":"Awssb0000000001","partnerId":"Awssb","value":{"currencyCode":"JPY","amount":1000}}',
    );
    expect(seen?.headers.get('x-amz-target')).toBe('com.amazonaws.agcod.AGCODService.CreateGiftCard');
    expect(seen?.headers.get('content-type')).toBe('application/json');
    expect(seen?.headers.get('accept')).toBe('application/json');
  });

  it('is accepted by the stand-in with another set of signed headers, as other clients send it', async () => {
    const fake = amazonStandIn({ settings, now: () => now, hangMs: 1 });
    const url = new URL('https://agcod.test/prefix/GetAvailableFunds');
    const body = JSON.stringify({ partnerId: settings.partnerId });
    const headers = await sign(
      { url, headers: { accept: 'application/json', 'content-length': String(body.length) }, body, now },
      settings,
    );
    expect((await fake.handle(new Request(url, { method: 'POST', headers, body }))).status).toBe(200);
    expect((await fake.handle(new Request(url, { method: 'POST', headers, body: `${body} ` }))).status).toBe(400);
  });
});

describe('creationRequestId', () => {
  it('begins with the partner id, is alphanumeric, not over 40 characters, and never changes', () => {
    const key = amazon.providerKey('0190b5a2-7c1e-7d5e-a9f3-1f2e3d4c5b6a', settings);
    expect(key).toMatch(/^Awssb[0-9a-z]{32}$/);
    expect(key).toBe(`Awssb${key.slice(5)}`);
    expect(amazon.providerKey('a', settings)).toBe(
      `Awssb${BigInt('0xca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb').toString(36).padStart(50, '0').slice(-32)}`,
    );
  });
});

describe('a yes', () => {
  it('is SUCCESS, Fulfilled, the asked amount and JPY', async () => {
    answer(card);
    expect(await connection.issue(request, { now })).toEqual({
      kind: 'issued',
      yen: 1000,
      issued: { code: 'TEST-AB2CDE-F3GH', reference: '1234567890123456', expiresOn: '2032-06-10' },
    });
  });

  it('may come with decimals, without an expiry and with members that nobody has told of', async () => {
    answer(JSON.stringify({ ...card, gcExpirationDate: null, mood: 'good' }).replace('"amount":1000', '"amount":1000.0'));
    expect(await connection.issue(request, { now })).toMatchObject({ kind: 'issued', issued: { expiresOn: undefined } });
  });

  it.each([
    // SUCCESS with the old code: what a repeat answers after a cancel.
    ['a card that was refunded', withCard({ cardStatus: 'RefundedToPurchaser' }), 'voided'],
    ['a refunded card without a code', { ...withCard({ cardStatus: 'RefundedToPurchaser' }), gcClaimCode: null }, 'voided'],
    ['a card that has expired', withCard({ cardStatus: 'Expired' }), 'voided'],
    ['a card in a state that no document lists', withCard({ cardStatus: 'Activated' }), 'unlisted'],
    ['a card without a state', withCard({ cardStatus: undefined }), 'unreadable'],
    ['another amount', withCard({ value: { amount: 1001, currencyCode: 'JPY' } }), 'wrong_amount'],
    ['a fraction of a yen', withCard({ value: { amount: 1000.5, currencyCode: 'JPY' } }), 'wrong_amount'],
    ['another currency', withCard({ value: { amount: 1000, currencyCode: 'USD' } }), 'wrong_amount'],
    ['an amount in words', withCard({ value: { amount: '1000', currencyCode: 'JPY' } }), 'unreadable'],
    ['the card of another request', { ...card, creationRequestId: 'Awssb0000000002' }, 'unlisted'],
    ['no code', { ...card, gcClaimCode: null }, 'unreadable'],
    ['something that is no code', { ...card, gcClaimCode: 'see your mail' }, 'unreadable'],
    ['no gcId', { ...card, gcId: null }, 'unreadable'],
    ['FAILURE with a card', { ...card, status: 'FAILURE' }, 'unlisted'],
    ['RESEND', { ...card, status: 'RESEND' }, 'resend'],
  ])('is not %s', async (_, body, cause) => {
    answer(body);
    const outcome = await connection.issue(request, { now });
    expect(outcome).toMatchObject({ kind: 'unknown', cause });
    expect(JSON.stringify(outcome)).not.toContain('TEST-');
  });

  it.each(['ABCD-EFGHIJ-KLMN', 'ABCDEFGHIJKLMN', 'ZYXW-VUTS-RQPO', 'AB12-CD34EF-GH56J'])('takes %s for a claim code', (code) => {
    expect(code).toMatch(CLAIM_CODE);
  });
});

describe('a no', () => {
  it.each(Object.entries(DECLINES))('%s means %s', async (errorType, reason) => {
    for (const [family, status] of [
      ['F200', 400],
      ['F300', 403],
    ] as const) {
      answer(failure(family, errorType), status);
      expect(await connection.issue(request, { now })).toEqual({ kind: 'declined', reason, detail: `${family} ${errorType}` });
    }
  });

  it("names the ones that decide about people's money", () => {
    expect(DECLINES).toMatchObject({
      InvalidRequestInput: 'rejected',
      MaxAmountExceeded: 'invalid_amount',
      FractionalAmountNotAllowed: 'invalid_amount',
      InsufficientFunds: 'insufficient_funds',
      IssuanceCapExceeded: 'out_of_stock',
      CustomerSurpassedDailyVelocityLimit: 'out_of_stock',
      AccountHasProblems: 'account_suspended',
      InvalidAwsAccessKeyId: 'account_suspended',
    });
  });

  it('is F300 GeneralError, which the sandbox answers for an account with problems', async () => {
    answer(failure('F300', 'GeneralError'), 400);
    expect(await connection.issue(request, { now })).toMatchObject({ kind: 'declined', reason: 'account_suspended' });
  });

  it('is throttling, which has no error code', async () => {
    for (const status of [400, 429]) {
      answer({ message: 'Rate exceeded' }, status);
      expect(await connection.issue(request, { now })).toEqual({ kind: 'declined', reason: 'throttled', detail: 'Rate exceeded' });
    }
  });

  it.each([
    ["F100, Amazon's own trouble", failure('F100', 'GeneralError'), 400, 'server_error'],
    ['F100 even with a type that is a no elsewhere', failure('F100', 'InsufficientFunds'), 400, 'server_error'],
    ['F400, please repeat', failure('F400', 'SystemTemporarilyUnavailable', 'RESEND'), 400, 'resend'],
    ['F400 without the plea', failure('F400', 'SystemTemporarilyUnavailable'), 400, 'resend'],
    ['F400 in a 5xx', failure('F400', 'SystemTemporarilyUnavailable', 'RESEND'), 503, 'resend'],
    ['F300 that asks to repeat', failure('F300', 'InsufficientFunds', 'RESEND'), 400, 'resend'],
    ['F500', failure('F500', 'GeneralError'), 400, 'server_error'],
    ['a type that no document lists', failure('F200', 'MoonPhase'), 400, 'unlisted'],
    ['a type that every object has', failure('F200', 'constructor'), 400, 'unlisted'],
    ['F200 GeneralError', failure('F200', 'GeneralError'), 400, 'unlisted'],
    ['a family that no document lists', failure('F600', 'InsufficientFunds'), 400, 'unlisted'],
    ['a no in a 5xx', failure('F300', 'InsufficientFunds'), 500, 'server_error'],
    ['a no in a 200', failure('F300', 'InsufficientFunds'), 200, 'unlisted'],
    [
      'a no with a code',
      { ...failure('F300', 'InsufficientFunds'), agcodResponse: { status: 'FAILURE', gcClaimCode: 'TEST-AB2CDE-F3GH' } },
      400,
      'unlisted',
    ],
    ['a no that says SUCCESS', { ...failure('F300', 'InsufficientFunds'), agcodResponse: { status: 'SUCCESS' } }, 400, 'unlisted'],
    ['an id used with another amount', failure('F200', 'RequestedDenominationMismatch'), 400, 'wrong_amount'],
    ['throttling with an error code', { message: 'Rate exceeded', errorCode: 'F500', errorType: 'GeneralError' }, 400, 'server_error'],
    ['a success in a 201', card, 201, 'unlisted'],
  ])('is not %s', async (_, body, status, cause) => {
    answer(body, status);
    expect(await connection.issue(request, { now })).toMatchObject({ kind: 'unknown', cause });
  });
});

describe('cancel', () => {
  const cancel = () => connection.cancel?.({ key: request.key, reference: card.gcId }, { now });

  it('sends the gcId along and takes an answer without one', async () => {
    let sent: unknown;
    network.use(
      http.post('https://agcod.test/prefix/CancelGiftCard', async ({ request: arrived }) => {
        sent = await arrived.json();
        return HttpResponse.json({ creationRequestId: request.key, status: 'SUCCESS' });
      }),
    );
    expect(await cancel()).toEqual({ kind: 'cancelled' });
    expect(sent).toEqual({ creationRequestId: request.key, partnerId: 'Awssb', gcId: card.gcId });
  });

  it.each([
    ['CancelRequestArrivedAfterTimeLimit', { kind: 'declined', reason: 'too_late' }],
    ['CardNotFound', { kind: 'declined', reason: 'never_seen' }],
    ['InvalidGCIdInput', { kind: 'declined', reason: 'rejected' }],
    ['AccountHasProblems', { kind: 'declined', reason: 'rejected' }],
    ['MoonPhase', { kind: 'unknown', cause: 'unlisted' }],
    ['toString', { kind: 'unknown', cause: 'unlisted' }],
  ])('%s', async (errorType, outcome) => {
    answer(failure('F200', errorType), 400);
    expect(await cancel()).toMatchObject(outcome);
  });

  it('is not done by an answer about another card, nor when throttled', async () => {
    answer({ creationRequestId: request.key, gcId: '9999999999999999', status: 'SUCCESS' });
    expect(await cancel()).toMatchObject({ kind: 'unknown', cause: 'unreadable' });
    answer({ message: 'Rate exceeded' }, 400);
    expect(await cancel()).toMatchObject({ kind: 'unknown', cause: 'resend' });
  });
});

describe('funds', () => {
  it('reads decimals and the compact time', async () => {
    answer('{"availableFunds":{"amount":123456.0,"currencyCode":"JPY"},"status":"SUCCESS","timestamp":"20220610T085450Z"}');
    expect(await connection.funds?.({ now })).toEqual({ kind: 'funds', yen: 123456, at: new Date('2022-06-10T08:54:50Z') });
  });

  it.each(['20221310T085450Z', 'yesterday'])('does not believe the time %s', async (timestamp) => {
    answer({ availableFunds: { amount: 1, currencyCode: 'JPY' }, status: 'SUCCESS', timestamp });
    expect(await connection.funds?.({ now })).toMatchObject({ kind: 'unknown', cause: 'unreadable' });
  });
});

describe('expiry', () => {
  it.each([
    ['Thu Jun 10 14:59:59 UTC 2032', '2032-06-10'],
    ['Thu Jun 10 15:00:00 UTC 2032', '2032-06-10'],
    ['Thu Jun 10 15:00:01 UTC 2032', '2032-06-11'],
    ['Thu Jun 10 23:59:59 JST 2032', '2032-06-10'],
    ['Fri Dec 31 14:59:59 GMT 2032', '2032-12-31'],
    ['Sun Feb 29 14:59:59 UTC 2032', '2032-02-29'],
    ['Mon Feb 30 14:59:59 UTC 2032', undefined],
    ['Thu Jun 10 24:00:00 UTC 2032', undefined],
    ['Thu Jun 10 14:59:59 PDT 2032', undefined],
    ['2032-06-10T14:59:59Z', undefined],
    ['', undefined],
  ])('%s is %s', (text, day) => {
    expect(lastDayInJapan(text)).toBe(day);
  });
});

describe('settings', () => {
  const example = Object.fromEntries(amazonSettings.variables.map(({ name, example: value }) => [name, value]));

  it('takes us-west-2 when no region is set', () => {
    expect(amazonSettings.parse({ ...example, AMAZON_REGION: '' })).toMatchObject({ ok: true, settings: { region: 'us-west-2' } });
  });

  it('names what is missing or malformed, without its value', () => {
    const parsed = amazonSettings.parse({ ...example, AMAZON_SECRET_KEY: 'too short', AMAZON_PARTNER_ID: undefined });
    expect(parsed).toEqual({
      ok: false,
      problems: [expect.stringMatching(/^AMAZON_PARTNER_ID is missing/), expect.stringMatching(/^AMAZON_SECRET_KEY is malformed/)],
    });
    expect(JSON.stringify(parsed)).not.toContain('too short');
  });
});

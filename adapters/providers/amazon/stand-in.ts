import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { z } from 'zod';
import { parseJson } from '../parse-json';
import type { StandInFactory } from '../port';
import {
  CLEAR,
  DIGITS,
  dayInJapan,
  EARLY_FAULTS,
  faultQueue,
  garbage,
  hang,
  json,
  LATE_FAULTS,
  madeUp,
  ORDER_FAULTS,
  pathBelow,
  redirect,
  torn,
} from '../stand-in-kit';
import type { AmazonSettings } from './settings';

interface Card {
  readonly key: string;
  /** What was asked; the card's worth differs from it only under the fault `wrong_amount`. */
  readonly asked: number;
  readonly yen: number;
  readonly code: string;
  readonly reference: string;
  readonly createdAt: Date;
  cancelled: boolean;
}

const AMOUNTS = { kind: 'range', minYen: 1, maxYen: 500_000, stepYen: 1 } as const;
const CANCEL_WINDOW_MS = 15 * 60_000;
const CLOCK_TOLERANCE_MS = 5 * 60_000;

const createOrder = z.object({
  creationRequestId: z.string(),
  partnerId: z.string(),
  value: z.object({ currencyCode: z.string(), amount: z.number() }),
});
const cancelOrder = z.object({ creationRequestId: z.string(), partnerId: z.string(), gcId: z.string().optional() });

/** A fake of the Amazon Incentives API for Japan. */
const amazonStandIn: StandInFactory<AmazonSettings> = ({ settings, now, hangMs, seed = 1 }) => {
  const cards = new Map<string, Card>();
  const faults = faultQueue();
  let funds = 100_000_000;

  function fail(errorCode: string, errorType: string, { status = 400, operation = 'CreateGiftCard' } = {}): Response {
    const agcodResponse = {
      __type: `${operation}Response:http://internal.amazon.com/coral/com.amazonaws.agcod/`,
      cardInfo: null,
      creationRequestId: null,
      gcClaimCode: null,
      gcExpirationDate: null,
      gcId: null,
      status: errorCode === 'F400' ? 'RESEND' : 'FAILURE',
    };
    return json(status, { agcodResponse, errorCode, errorType, message: `stand-in: ${errorType}` });
  }

  async function create(body: unknown): Promise<Response> {
    const early = faults.take('throttle', ...EARLY_FAULTS);
    if (early === 'throttle') return json(400, { message: 'Rate exceeded' });
    if (early === 'timeout_before') return hang(hangMs);
    if (early === 'error_before') return fail('F500', 'GeneralError', { status: 500 });
    if (early === 'garbage') return garbage();
    if (early === 'unlisted') return fail('F200', 'MoonPhaseNotSupported');
    if (early === 'redirect') return redirect();
    if (early === 'account_suspended') return fail('F300', 'AccountHasProblems');

    const read = createOrder.safeParse(body);
    if (!read.success) return fail('F200', 'InvalidRequestInput');
    const { creationRequestId: key, partnerId, value } = read.data;
    if (partnerId !== settings.partnerId) return fail('F200', 'InvalidPartnerIdInput');
    if (!key.startsWith(partnerId)) return fail('F200', 'RequestIdMustStartWithPartnerName');
    if (key.length > 40) return fail('F200', 'RequestIdTooLong');
    if (!/^[A-Za-z0-9]+$/.test(key)) return fail('F200', 'InvalidRequestIdInput');
    const known = cards.get(key);
    const card = known ?? issue(key, value);
    if (card instanceof Response) return card;
    if (card.asked !== value.amount) return fail('F200', 'RequestedDenominationMismatch');

    const late = faults.take(...LATE_FAULTS);
    if (late === 'timeout_after') return hang(hangMs);
    if (late === 'error_after') return fail('F500', 'GeneralError', { status: 500 });
    const text = decimals(JSON.stringify(shown(card)));
    const answer = new Response(text, { status: 200, headers: { 'content-type': 'application/json' } });
    return late === 'torn' ? torn(answer, text) : answer;
  }

  function issue(key: string, value: { currencyCode: string; amount: number }): Card | Response {
    if (value.currencyCode !== 'JPY') return fail('F200', 'CurrencyCodeMismatch');
    if (!Number.isInteger(value.amount)) return fail('F200', 'FractionalAmountNotAllowed');
    if (value.amount < AMOUNTS.minYen) return fail('F200', 'NegativeOrZeroAmount');
    if (value.amount > AMOUNTS.maxYen) return fail('F200', 'MaxAmountExceeded');
    const fault = faults.take(...ORDER_FAULTS);
    if (fault === 'out_of_stock') return fail('F300', 'IssuanceCapExceeded');
    if (fault === 'rejected') return fail('F200', 'InvalidRequestInput');
    if (fault === 'insufficient_funds' || value.amount > funds) return fail('F300', 'InsufficientFunds');
    const yen = fault === 'wrong_amount' ? value.amount + 1 : value.amount;
    funds -= yen;
    const letters = madeUp(10, CLEAR, 'amazon', seed, key);
    const card: Card = {
      key,
      asked: value.amount,
      yen,
      code: `TEST-${letters.slice(0, 6)}-${letters.slice(6)}`,
      reference: madeUp(16, DIGITS, 'amazon gcId', seed, key),
      createdAt: now(),
      cancelled: false,
    };
    cards.set(key, card);
    return card;
  }

  function cancel(body: unknown): Response {
    const read = cancelOrder.safeParse(body);
    if (!read.success) return fail('F200', 'InvalidRequestInput', { operation: 'CancelGiftCard' });
    const card = cards.get(read.data.creationRequestId);
    if (!card) return fail('F200', 'CardNotFound', { operation: 'CancelGiftCard' });
    if (read.data.gcId !== undefined && read.data.gcId !== card.reference)
      return fail('F200', 'InvalidGCIdInput', { operation: 'CancelGiftCard' });
    if (!card.cancelled) {
      if (now().getTime() - card.createdAt.getTime() > CANCEL_WINDOW_MS) {
        return fail('F200', 'CancelRequestArrivedAfterTimeLimit', { operation: 'CancelGiftCard' });
      }
      card.cancelled = true;
      funds += card.yen;
    }
    return json(200, { creationRequestId: card.key, gcId: card.reference, status: 'SUCCESS' });
  }

  return {
    amounts: AMOUNTS,
    fault: faults.add,
    setFunds: (yen) => {
      funds = yen;
    },
    issues: () => [...cards.values()].map(({ key, yen, code, reference, cancelled }) => ({ key, yen, code, reference, cancelled })),
    async handle(request) {
      const text = await request.text();
      const refusal = await refuseSignature(request, text, settings, now());
      if (refusal) return fail(...refusal);
      const operation = pathBelow(request, settings.baseUrl).slice(1);
      const body = parseJson(text);
      if (operation === 'CreateGiftCard') return create(body);
      if (operation === 'CancelGiftCard') return cancel(body);
      if (operation === 'GetAvailableFunds') {
        const timestamp = now()
          .toISOString()
          .replace(/[-:]|\.\d+/g, '');
        const answer = { availableFunds: { amount: funds, currencyCode: 'JPY' }, status: 'SUCCESS', timestamp };
        return new Response(decimals(JSON.stringify(answer)), { status: 200, headers: { 'content-type': 'application/json' } });
      }
      return json(404, { message: 'no such operation' });
    },
  };
};

function shown(card: Card): object {
  return {
    cardInfo: {
      cardNumber: null,
      cardStatus: card.cancelled ? 'RefundedToPurchaser' : 'Fulfilled',
      expirationDate: null,
      value: { amount: card.yen, currencyCode: 'JPY' },
    },
    creationRequestId: card.key,
    gcClaimCode: card.code,
    gcExpirationDate: javaDate(dayInJapan(card.createdAt, 120)),
    gcId: card.reference,
    status: 'SUCCESS',
  };
}

/** Amazon writes yen with a decimal point (`1000.0`); JSON.stringify never does. */
function decimals(text: string): string {
  return text.replace(/"amount":(\d+)(?=[,}])/g, '"amount":$1.0');
}

/** The end of a day in Japan as Amazon's servers print it: `Thu Jun 10 14:59:59 UTC 2032`. */
function javaDate(day: string): string {
  const [weekday = '', dayOfMonth = '', month = '', year = ''] = new Date(`${day}T14:59:59Z`).toUTCString().replace(',', '').split(' ');
  return `${weekday} ${month} ${dayOfMonth} 14:59:59 UTC ${year}`;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/([^/]+)\/AGCODService\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=[0-9a-f]{64}$/;

/** Checks the signature over whichever headers the client chose to sign; the real service insists on no one set. */
async function refuseSignature(request: Request, body: string, settings: AmazonSettings, now: Date): Promise<[string, string] | undefined> {
  const given = request.headers.get('authorization') ?? '';
  const [, accessKeyId, region = '', signedHeaders = ''] = AUTHORIZATION.exec(given) ?? [];
  if (accessKeyId !== settings.accessKeyId) return ['F300', 'InvalidAwsAccessKeyId'];
  const stamp = request.headers.get('x-amz-date') ?? '';
  const signedAt = new Date(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (!(Math.abs(now.getTime() - signedAt.getTime()) <= CLOCK_TOLERANCE_MS)) return ['F200', 'InvalidRequestInput'];
  const url = new URL(request.url);
  const headers: Record<string, string> = { host: url.host };
  for (const name of signedHeaders.split(';')) if (name !== 'host') headers[name] = request.headers.get(name) ?? '';
  const signer = new SignatureV4({
    service: 'AGCODService',
    region,
    credentials: { accessKeyId, secretAccessKey: settings.secretKey },
    sha256: Sha256,
    applyChecksum: false,
  });
  const unsigned = new HttpRequest({
    method: request.method,
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    headers,
    body,
  });
  const expected = await signer.sign(unsigned, { signingDate: signedAt });
  const same = expected.headers.authorization === given && region === settings.region;
  return same ? undefined : ['F200', 'InvalidRequestInput'];
}

export default amazonStandIn;

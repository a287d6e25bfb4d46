import { parseJson } from '../parse-json';
import type { StandInAmounts, StandInFactory } from '../port';
import {
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
import type { GiftCodeSettings } from './settings';
import { CLOCK_TOLERANCE_S, NONCE_MEMORY_S, sameSignature, signature } from './signing';
import { cancellation, order, PROBLEM_PREFIX, PROBLEMS, type ProblemType } from './wire';

export interface GiftStandInProduct {
  readonly name: string;
  readonly amounts: StandInAmounts;
  /** A code that is plainly none for real use; the same for the same key and seed. */
  codeFor(key: string, seed: number): string;
  readonly urlFor?: (code: string) => string;
  readonly hasManagementNo: boolean;
  /** How long after the issue a code can be cancelled, in milliseconds. */
  readonly cancelWindowMs: number;
}

interface Gift {
  readonly key: string;
  readonly asked: number;
  readonly yen: number;
  readonly code: string;
  readonly reference: string;
  readonly issuedAt: Date;
  cancelled: boolean;
}

/** A fake server of the gift-code API with one product. */
export function giftCodeStandIn(product: GiftStandInProduct): StandInFactory<GiftCodeSettings> {
  return ({ settings, now, hangMs, seed = 1 }) => {
    const gifts = new Map<string, Gift>();
    const nonces = new Map<string, number>();
    const faults = faultQueue();
    let funds = 100_000_000;

    function refuseRequest(request: Request, body: string): ProblemType | undefined {
      const header = (name: string) => request.headers.get(name) ?? '';
      const [timestamp, nonce] = [header('gift-timestamp'), header('gift-nonce')];
      if (!/^\d{1,12}$/.test(timestamp) || !/^[A-Za-z0-9_-]{22,64}$/.test(nonce)) return 'bad-signature';
      const path = new URL(request.url).pathname;
      const expected = signature(settings.secret, { method: request.method, path, timestamp, nonce, body });
      if (header('gift-key-id') !== settings.keyId || !sameSignature(header('gift-signature'), expected)) return 'bad-signature';
      const seconds = now().getTime() / 1000;
      if (Math.abs(seconds - Number(timestamp)) > CLOCK_TOLERANCE_S) return 'clock-skew';
      for (const [old, at] of nonces) if (seconds - at > NONCE_MEMORY_S) nonces.delete(old);
      if (nonces.has(nonce)) return 'replayed-request';
      nonces.set(nonce, seconds);
      return undefined;
    }

    async function put(key: string, body: unknown): Promise<Response> {
      const early = faults.take(...EARLY_FAULTS);
      if (early === 'timeout_before') return hang(hangMs);
      if (early === 'error_before') return new Response('bad gateway', { status: 502 });
      if (early === 'garbage') return garbage();
      if (early === 'unlisted') return json(422, { type: `${PROBLEM_PREFIX}moon-phase`, title: 'Not tonight', status: 422 });
      if (early === 'redirect') return redirect();
      if (early === 'account_suspended') return refuse('account-suspended');

      const read = order.safeParse(body);
      const known = gifts.get(key);
      if (!read.success) return refuse('malformed-request');
      const { yen, product: id } = read.data;
      if (known && (known.asked !== yen || id !== settings.productId)) return refuse('key-conflict');
      const gift = known ?? issue(key, yen, id);
      if (gift instanceof Response) return gift;

      const late = faults.take(...LATE_FAULTS);
      if (late === 'timeout_after') return hang(hangMs);
      if (late === 'error_after') return new Response('gateway time-out', { status: 504 });
      const answer = json(known ? 200 : 201, shown(gift));
      return late === 'torn' ? torn(answer, JSON.stringify(shown(gift))) : answer;
    }

    function issue(key: string, asked: number, id: string): Gift | Response {
      if (id !== settings.productId) return refuse('unknown-product');
      if (!sells(product.amounts, asked)) return refuse('invalid-amount');
      const fault = faults.take(...ORDER_FAULTS);
      if (fault === 'out_of_stock') return refuse('out-of-stock');
      if (fault === 'rejected') return refuse('unknown-product');
      if (fault === 'insufficient_funds' || asked > funds) return refuse('insufficient-funds');
      const yen = fault === 'wrong_amount' ? asked + 1 : asked;
      funds -= yen;
      const gift: Gift = {
        key,
        asked,
        yen,
        code: product.codeFor(key, seed),
        reference: `gft_${madeUp(16, DIGITS, settings.productId, 'id', seed, key)}`,
        issuedAt: now(),
        cancelled: false,
      };
      gifts.set(key, gift);
      return gift;
    }

    function shown(gift: Gift): object {
      const base = { id: gift.reference, key: gift.key, product: settings.productId, yen: gift.yen };
      if (gift.cancelled) return { status: 'cancelled', ...base };
      return {
        status: 'issued',
        ...base,
        code: gift.code,
        url: product.urlFor?.(gift.code),
        expiresOn: dayInJapan(gift.issuedAt, 5),
        managementNo: product.hasManagementNo ? madeUp(10, DIGITS, settings.productId, 'managementNo', seed, gift.key) : undefined,
      };
    }

    function cancel(key: string, body: unknown): Response {
      const read = cancellation.safeParse(body);
      if (!read.success) return refuse('malformed-request');
      const gift = gifts.get(key);
      if (!gift) return refuse('never-seen');
      if (gift.reference !== read.data.id) return refuse('wrong-gift');
      if (!gift.cancelled) {
        if (now().getTime() - gift.issuedAt.getTime() > product.cancelWindowMs) return refuse('too-late');
        gift.cancelled = true;
        funds += gift.yen;
      }
      return json(200, shown(gift));
    }

    function answer(method: string, path: string, body: unknown): Response | Promise<Response> {
      const [, key = '', tail] = /^\/v1\/gifts\/([A-Za-z0-9_-]{8,64})(\/cancellation)?$/.exec(path) ?? [];
      if (method === 'PUT' && key && tail) return cancel(key, body);
      if (method === 'PUT' && key) return put(key, body);
      if (method === 'GET' && key && !tail) {
        const gift = gifts.get(key);
        return gift ? json(200, shown(gift)) : refuse('never-seen');
      }
      if (method === 'GET' && path === '/v1/funds') return json(200, { yen: funds, at: now().toISOString() });
      if (method === 'GET' && path === '/v1/products') {
        return json(200, { products: [{ id: settings.productId, name: product.name, cancellable: true, amount: product.amounts }] });
      }
      return refuse('malformed-request');
    }

    return {
      amounts: product.amounts,
      fault: faults.add,
      setFunds: (yen) => {
        funds = yen;
      },
      issues: () => [...gifts.values()].map(({ key, yen, code, reference, cancelled }) => ({ key, yen, code, reference, cancelled })),
      async handle(request) {
        const path = pathBelow(request, settings.baseUrl);
        const issuing = request.method === 'PUT' && !path.endsWith('/cancellation');
        if (issuing && faults.take('throttle')) return refuse('throttled', { 'retry-after': '2' });
        const text = await request.text();
        const refusal = refuseRequest(request, text);
        return refusal ? refuse(refusal) : answer(request.method, path, parseJson(text));
      },
    };
  };
}

function refuse(type: ProblemType, headers: Record<string, string> = {}): Response {
  const status = PROBLEMS[type];
  return json(
    status,
    { type: PROBLEM_PREFIX + type, title: `stand-in: ${type}`, status },
    { 'content-type': 'application/problem+json', ...headers },
  );
}

function sells(amounts: StandInAmounts, yen: number): boolean {
  if (amounts.kind === 'fixed') return amounts.faceValuesYen.includes(yen);
  return yen >= amounts.minYen && yen <= amounts.maxYen && (yen - amounts.minYen) % amounts.stepYen === 0;
}

import { z } from 'zod';
import type { CancelOutcome, DeclineReason } from '../port';

/**
 * The wire shapes of the gift-code API (`openapi.yaml` beside this file) and the only answers that count as a
 * no. A test holds the two together. Unknown extra members of an answer are let through.
 */

export const PATHS = {
  gift: (key: string) => `/v1/gifts/${encodeURIComponent(key)}`,
  cancellation: (key: string) => `/v1/gifts/${encodeURIComponent(key)}/cancellation`,
  funds: () => '/v1/funds',
  products: () => '/v1/products',
} as const;

const key = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/);
const product = z.string().regex(/^[a-z0-9][a-z0-9-]{1,39}$/);
const yen = z.number().int().min(1).max(9_999_999);
const giftId = z.string().regex(/^[A-Za-z0-9_-]{4,64}$/);
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .refine((text) => new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) ?? false);

export const order = z.strictObject({ product, yen });
export const cancellation = z.strictObject({ id: giftId });

const issuedGift = z.looseObject({
  status: z.literal('issued'),
  id: giftId,
  key,
  product,
  yen,
  code: z.string().regex(/^[A-Za-z0-9-]{4,64}$/),
  pin: z
    .string()
    .regex(/^[0-9A-Za-z]{1,32}$/)
    .optional(),
  url: z
    .string()
    .regex(/^https:\/\/[!-~]{1,500}$/)
    .refine((text) => URL.canParse(text))
    .optional(),
  expiresOn: day.optional(),
  managementNo: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,40}$/)
    .optional(),
});
const cancelledGift = z.looseObject({ status: z.literal('cancelled'), id: giftId, key, product, yen });
const pendingGift = z.looseObject({ status: z.literal('pending'), key, product, yen });
export const gift = z.discriminatedUnion('status', [issuedGift, cancelledGift, pendingGift]);
export type Gift = z.infer<typeof gift>;

export const funds = z.looseObject({ yen: z.number().int().min(0), at: z.iso.datetime({ offset: true }) });

export const catalogue = z.looseObject({
  products: z.array(
    z.looseObject({
      id: product,
      name: z.string().min(1).max(80),
      cancellable: z.boolean(),
      amount: z.discriminatedUnion('kind', [
        z.looseObject({ kind: z.literal('range'), minYen: yen, maxYen: yen, stepYen: yen }),
        z.looseObject({ kind: z.literal('fixed'), faceValuesYen: z.array(yen).min(1) }),
      ]),
    }),
  ),
});
export type Catalogue = z.infer<typeof catalogue>;

export const PROBLEM_PREFIX = 'urn:problem-type:gift-code:';

/** Every type of problem with the one status under which it is believed. Gift-code API, Problem. */
export const PROBLEMS = {
  'malformed-request': 400,
  'bad-signature': 401,
  'clock-skew': 401,
  'replayed-request': 401,
  'insufficient-funds': 402,
  'account-suspended': 403,
  'never-seen': 404,
  'key-conflict': 409,
  'wrong-gift': 409,
  used: 409,
  'too-late': 409,
  'unknown-product': 422,
  'invalid-amount': 422,
  'out-of-stock': 422,
  throttled: 429,
} as const;
export type ProblemType = keyof typeof PROBLEMS;

export const problem = z.looseObject({ type: z.string().startsWith(PROBLEM_PREFIX), title: z.string(), status: z.number().int() });

/**
 * The sure noes of an order. Missing on purpose: `replayed-request` (the first copy may have issued) and
 * `key-conflict` (the key has issued another amount). A wrong signature stops every order until an operator
 * acts, hence `account_suspended`.
 */
export const ISSUE_DECLINES: Readonly<Partial<Record<ProblemType, DeclineReason>>> = {
  'malformed-request': 'rejected',
  'unknown-product': 'rejected',
  'bad-signature': 'account_suspended',
  'clock-skew': 'account_suspended',
  'account-suspended': 'account_suspended',
  'insufficient-funds': 'insufficient_funds',
  'invalid-amount': 'invalid_amount',
  'out-of-stock': 'out_of_stock',
  throttled: 'throttled',
};

/** The sure noes of a look-up: whether the key is known, and what keeps us from asking. */
export const LOOKUP_DECLINES: Readonly<Partial<Record<ProblemType, DeclineReason>>> = {
  'never-seen': 'never_seen',
  'bad-signature': 'account_suspended',
  'clock-skew': 'account_suspended',
  'account-suspended': 'account_suspended',
  throttled: 'throttled',
};

export const CANCEL_DECLINES: Readonly<Partial<Record<ProblemType, (CancelOutcome & { kind: 'declined' })['reason']>>> = {
  'never-seen': 'never_seen',
  used: 'used',
  'too-late': 'too_late',
  'wrong-gift': 'rejected',
  'malformed-request': 'rejected',
  'bad-signature': 'rejected',
  'clock-skew': 'rejected',
  'account-suspended': 'rejected',
};

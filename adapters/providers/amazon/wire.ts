import { z } from 'zod';
import type { CancelOutcome, DeclineReason } from '../port';

/**
 * The wire shapes of the Amazon Incentives API and the only answers that count as a no. Unknown extra members
 * are let through; everything we act upon must have the documented shape.
 */

/** Japanese samples are 4-6-4; Amazon documents no length, so the middle and the end may vary. Amazon Incentives API, FAQ. */
export const CLAIM_CODE = /^[A-Z0-9]{4}-?[A-Z0-9]{4,6}-?[A-Z0-9]{4,5}$/;

const amount = z.looseObject({ amount: z.number(), currencyCode: z.string() });

/** Amazon Incentives API, CreateGiftCard, response. */
export const created = z.looseObject({
  status: z.literal('SUCCESS'),
  creationRequestId: z.string().min(1),
  gcId: z.string().regex(/^[A-Za-z0-9]{4,64}$/),
  // Looked at only once the card is known to be good: a voided card may come without one.
  gcClaimCode: z.string().nullish(),
  gcExpirationDate: z.string().nullish(),
  cardInfo: z.looseObject({ cardStatus: z.string(), value: amount }),
});
export type Created = z.infer<typeof created>;

/** Amazon Incentives API, CancelGiftCard, response. */
export const cancelled = z.looseObject({ status: z.literal('SUCCESS'), creationRequestId: z.string(), gcId: z.string().nullish() });

/** Amazon Incentives API, GetAvailableFunds, response: `20220610T085450Z`. */
export const availableFunds = z.looseObject({
  status: z.literal('SUCCESS'),
  availableFunds: z.looseObject({ amount: z.number().int(), currencyCode: z.literal('JPY') }),
  timestamp: z.string().regex(/^\d{8}T\d{6}Z$/),
});

/** Amazon Incentives API, Errors: `status` is FAILURE (do not repeat unchanged) or RESEND (repeat the same id). */
export const failure = z.looseObject({
  agcodResponse: z.looseObject({ status: z.enum(['FAILURE', 'RESEND']), gcClaimCode: z.null().optional() }).nullish(),
  errorCode: z.enum(['F100', 'F200', 'F300', 'F400', 'F500']),
  errorType: z.string().max(80),
});
export type Failure = z.infer<typeof failure>;

/** "Please try again" without an error of its own: any answer whose status is RESEND. */
export const resend = z.looseObject({ status: z.literal('RESEND') });

/** Throttling carries neither an error code nor a status. Amazon Incentives API, Errors, "Throttled". */
export const throttled = z.looseObject({
  message: z.literal('Rate exceeded'),
  errorCode: z.undefined().optional(),
  status: z.undefined().optional(),
  agcodResponse: z.undefined().optional(),
});

/** What a card is worth when it is no longer worth anything. A repeat after a cancel answers SUCCESS with one of these. */
export const VOID_CARD_STATUSES: ReadonlySet<string> = new Set(['RefundedToPurchaser', 'Expired']);

/**
 * Which F200 and F300 errors are a sure no, and which no. Amazon Incentives API, Errors.
 *
 * `RequestedDenominationMismatch` is missing on purpose: it says that this id has been used with another
 * amount, so a card may exist. F100, F400 and F500 are never a no.
 */
export const DECLINES: Readonly<Record<string, DeclineReason>> = {
  InvalidAmountInput: 'invalid_amount',
  InvalidAmountValue: 'invalid_amount',
  NegativeOrZeroAmount: 'invalid_amount',
  MaxAmountExceeded: 'invalid_amount',
  AmountBelowMinThreshold: 'invalid_amount',
  FractionalAmountNotAllowed: 'invalid_amount',

  InvalidRequestInput: 'rejected',
  InvalidCardNumberInput: 'rejected',
  InvalidPartnerIdInput: 'rejected',
  InvalidCurrencyCodeInput: 'rejected',
  InvalidRequestIdInput: 'rejected',
  CardAlreadyActivatedWithDifferentRequestId: 'rejected',
  CurrencyCodeMismatch: 'rejected',
  InvalidCurrencyInMarketplace: 'rejected',
  RequestIdTooLong: 'rejected',
  RequestIdMustStartWithPartnerName: 'rejected',
  ExternalReferenceTooLong: 'rejected',
  ProgramIdNotPresent: 'rejected',
  BadInput: 'rejected',

  InsufficientFunds: 'insufficient_funds',
  // A cap or a daily limit of the contract is used up: nothing more comes for now and topping up would not help.
  IssuanceCapExceeded: 'out_of_stock',
  CustomerSurpassedDailyVelocityLimit: 'out_of_stock',

  ActiveContractNotFound: 'account_suspended',
  AccountHasProblems: 'account_suspended',
  OperationNotPermitted: 'account_suspended',
  UnknownCustomer: 'account_suspended',
  BlockedCustomer: 'account_suspended',
  CustomerAccountBlocked: 'account_suspended',
  InvalidAwsAccessKeyId: 'account_suspended',
  InvalidAccessKey: 'account_suspended',
  InvalidProgramId: 'account_suspended',
  ProgramIsNotApproved: 'account_suspended',
};

/** The sandbox answers F300 with this type where its documentation says AccountHasProblems. */
export const F300_GENERAL: DeclineReason = 'account_suspended';

/** CancelGiftCard's own sure noes; the rest of `DECLINES` also means that nothing was cancelled. */
export const CANCEL_DECLINES: Readonly<Record<string, (CancelOutcome & { kind: 'declined' })['reason']>> = {
  CancelRequestArrivedAfterTimeLimit: 'too_late',
  CardNotFound: 'never_seen',
  InvalidGCIdInput: 'rejected',
  GcNotReadyForRefund: 'rejected',
};

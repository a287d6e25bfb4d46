/**
 * Our own "no" (受付不可), as a value. Every reason has a sentence in the catalogues that says what
 * happened, what is safe and what to do, and a status for the page.
 */
export const REFUSALS = {
  unknown_link: 404,
  session_ended: 401,
  not_found: 404,
  closed: 410,
  frozen: 409,
  nothing_left: 409,
  nothing_chosen: 422,
  amount_invalid: 422,
  amount_too_large: 422,
  amount_not_possible: 422,
  rest_unredeemable: 422,
  too_many_choices: 422,
  offer_unknown: 422,
  offer_paused: 409,
  out_of_stock: 409,
  request_key_invalid: 422,
  request_key_reused: 409,
  not_failed: 409,
  form_expired: 403,
  too_many_requests: 429,
  too_large: 413,
} as const;

export type RefusalReason = keyof typeof REFUSALS;

export interface Refusal {
  readonly kind: 'refused';
  readonly reason: RefusalReason;
  /** The provider or amount it is about, for the sentence. */
  readonly provider?: string;
  readonly yen?: bigint;
}

/** Makes a refusal. */
export function refuse(reason: RefusalReason, about: { provider?: string; yen?: bigint } = {}): Refusal {
  return { kind: 'refused', reason, ...about };
}

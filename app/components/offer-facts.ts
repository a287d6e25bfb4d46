import { canEmpty, mostOf, type OfferFacts, planCodes } from '../domain/offer';
import type { Yen } from '../domain/yen';
import type { CardOffer } from './choice-card';

/** An offer with what the rules need to foresee the service's decision; the service decides. */
export type KnownOffer = CardOffer & { readonly facts: OfferFacts };

/** An offer as its card shows it for another amount than the residual. */
export function offerFor(
  offer: KnownOffer,
  yen: Yen,
  all: readonly KnownOffer[],
  mayLeave: { readonly residualYen: Yen } | null,
): CardOffer {
  const { facts } = offer;
  let most = offer.paused ? 0n : mostOf(facts, yen);
  // What would be left must be receivable; with nothing to come after it, nothing may be left.
  const open = all.map((other) => other.facts);
  if (most < yen && (mayLeave === null || !canEmpty(mayLeave.residualYen + yen - most, open))) most = 0n;
  return { ...offer, mostYen: most, mostCodes: most > 0n ? (planCodes(facts, most)?.length ?? 0) : 0 };
}

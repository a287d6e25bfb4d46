import { canEmpty, mostOf, type OfferFacts, planCodes } from '../domain/offer';
import type { Yen } from '../domain/yen';
import type { CardOffer } from './choice-card';

/** An offer as the pages know it: without the exact count of stock codes, which only the service may rely on. */
export type KnownOffer = CardOffer & { readonly source: 'api' | 'stock' };

const PLENTY = 20;

/** What the rules need to foresee the service's decision; the service decides. */
export function factsOf(offer: KnownOffer): OfferFacts {
  const { provider, paused, amount, faceValuesYen } = offer;
  const faces = faceValuesYen ?? [];
  if (amount.kind === 'fixed') return { provider, paused, amount: { ...amount, faceValuesYen: [...faces] }, stock: null };
  return { provider, paused, amount, stock: faceValuesYen ? new Map(faces.map((face) => [face, PLENTY])) : null };
}

/** An offer as its card shows it for another amount than the residual. */
export function offerFor(
  offer: KnownOffer,
  yen: Yen,
  all: readonly KnownOffer[],
  mayLeave: { readonly residualYen: Yen } | null,
): CardOffer {
  const facts = factsOf(offer);
  let most = offer.paused ? 0n : mostOf(facts, yen);
  // What would be left must be receivable; with nothing to come after it, nothing may be left.
  if (most < yen && (mayLeave === null || !canEmpty(mayLeave.residualYen + yen - most, all.map(factsOf)))) most = 0n;
  return { ...offer, mostYen: most, mostCodes: most > 0n ? (planCodes(facts, most)?.length ?? 0) : 0 };
}

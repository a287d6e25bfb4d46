import type { OfferAmount } from './campaign';
import { type Refusal, refuse } from './refusal';
import { sumYen, type Yen } from './yen';

/** Free stock codes by face value; absent for providers that are asked by API. */
export type FreeStock = ReadonlyMap<number, number>;

/** An offer (取扱額面) as the rules need it. */
export interface OfferFacts {
  readonly provider: string;
  readonly amount: OfferAmount;
  readonly paused: boolean;
  /** Null: asked by API, not limited by us. */
  readonly stock: FreeStock | null;
}

/**
 * The codes that make up an amount: one for a range, as few as possible for face values.
 * @returns whole yen per code, largest first, or null when the offer cannot make exactly this amount
 */
export function planCodes(offer: Pick<OfferFacts, 'amount' | 'stock'>, yen: Yen): Yen[] | null {
  return planTable(offer, yen).planFor(yen);
}

/** The largest amount up to `yen` that an offer can make; 0 when it can make none. */
export function mostOf(offer: Pick<OfferFacts, 'amount' | 'stock'>, yen: Yen): Yen {
  return planTable(offer, yen).mostUpTo(yen);
}

interface Plans {
  planFor(yen: Yen): Yen[] | null;
  mostUpTo(yen: Yen): Yen;
}

function planTable(offer: Pick<OfferFacts, 'amount' | 'stock'>, upTo: Yen): Plans {
  const { amount, stock } = offer;
  if (amount.kind === 'fixed') {
    const free = (face: number) => (stock ? (stock.get(face) ?? 0) : amount.maxCodes);
    const faces = amount.faceValuesYen.map((face) => ({ face, count: Math.min(free(face), amount.maxCodes) }));
    return faceValuePlans(faces, amount.maxCodes, upTo);
  }
  if (stock) {
    // Bought codes have face values of their own; the range only bounds what may be asked for.
    const faces = [...stock].map(([face, count]) => ({ face, count: Math.min(count, MAX_STOCK_CODES) }));
    const plans = faceValuePlans(faces, MAX_STOCK_CODES, min(upTo, BigInt(amount.maxYen)));
    return { planFor: (yen) => (fitsRange(amount, yen) ? plans.planFor(yen) : null), mostUpTo: plans.mostUpTo };
  }
  return {
    planFor: (yen) => (fitsRange(amount, yen) ? [yen] : null),
    mostUpTo: (yen) => {
      const top = min(yen, BigInt(amount.maxYen));
      if (top < BigInt(amount.minYen)) return 0n;
      return top - ((top - BigInt(amount.minYen)) % BigInt(amount.stepYen));
    },
  };
}

const MAX_STOCK_CODES = 20;

function fitsRange(amount: OfferAmount & { kind: 'range' }, yen: Yen): boolean {
  return yen >= BigInt(amount.minYen) && yen <= BigInt(amount.maxYen) && (yen - BigInt(amount.minYen)) % BigInt(amount.stepYen) === 0n;
}

/** Fewest codes for every reachable amount, in units of the face values' greatest common divisor. */
function faceValuePlans(faces: readonly { face: number; count: number }[], maxCodes: number, upTo: Yen): Plans {
  const usable = faces.filter((f) => f.count > 0).sort((a, b) => b.face - a.face);
  const unit = usable.reduce((divisor, f) => gcd(divisor, f.face), 0);
  if (unit === 0) return { planFor: () => null, mostUpTo: () => 0n };
  const top = Number(min(upTo / BigInt(unit), BigInt(Math.floor(((usable[0]?.face ?? 0) * maxCodes) / unit))));
  // fewest[u]: codes needed for u units; taken[k][u]: how many of face k that best way takes.
  let fewest = new Array<number>(top + 1).fill(Number.POSITIVE_INFINITY);
  fewest[0] = 0;
  const taken: number[][] = [];
  for (const { face, count } of usable) {
    const size = face / unit;
    const next = [...fewest];
    const took = new Array<number>(top + 1).fill(0);
    for (let units = size; units <= top; units += 1) {
      for (let n = 1; n <= count && n * size <= units; n += 1) {
        const codes = (fewest[units - n * size] ?? Number.POSITIVE_INFINITY) + n;
        if (codes <= maxCodes && codes < (next[units] ?? Number.POSITIVE_INFINITY)) {
          next[units] = codes;
          took[units] = n;
        }
      }
    }
    taken.push(took);
    fewest = next;
  }
  const reachable = (units: number) => Number.isFinite(fewest[units] ?? Number.POSITIVE_INFINITY);
  return {
    planFor(yen) {
      if (yen % BigInt(unit) !== 0n || yen / BigInt(unit) > BigInt(top) || yen <= 0n) return null;
      let units = Number(yen / BigInt(unit));
      if (!reachable(units)) return null;
      const plan: Yen[] = [];
      for (let k = usable.length - 1; k >= 0; k -= 1) {
        const n = taken[k]?.[units] ?? 0;
        const face = usable[k]?.face ?? 0;
        for (let i = 0; i < n; i += 1) plan.push(BigInt(face));
        units -= (n * face) / unit;
      }
      return plan.sort((a, b) => (a < b ? 1 : a > b ? -1 : 0));
    },
    mostUpTo(yen) {
      for (let units = Number(min(yen / BigInt(unit), BigInt(top))); units > 0; units -= 1) {
        if (reachable(units)) return BigInt(units * unit);
      }
      return 0n;
    },
  };
}

/**
 * Whether an amount can be received down to 0 with the offers that are open, in any number of choices.
 * Decides if a rest would be lost to the recipient.
 */
export function canEmpty(yen: Yen, offers: readonly OfferFacts[]): boolean {
  if (yen === 0n) return true;
  const open = offers.filter((offer) => !offer.paused);
  if (open.some((offer) => planCodes(offer, yen) !== null)) return true;
  const unitSizes = open.flatMap((offer) =>
    offer.amount.kind === 'fixed'
      ? offer.amount.faceValuesYen.filter((face) => offer.stock === null || (offer.stock.get(face) ?? 0) > 0)
      : offer.stock
        ? [...offer.stock].filter(([, count]) => count > 0).map(([face]) => face)
        : [],
  );
  const ranges = open.flatMap((offer) => (offer.amount.kind === 'range' && !offer.stock ? [offer.amount] : []));
  const top = Number(yen);
  const reach = new Uint8Array(top + 1);
  reach[0] = 1;
  // For each range: how many reachable amounts lie at u, u - step, u - 2 step, … so that a window is one subtraction.
  const counts = ranges.map(() => new Uint32Array(top + 1));
  const countAt = (k: number, u: number) => (u < 0 ? 0 : (counts[k]?.[u] ?? 0));
  for (let u = 0; u <= top; u += 1) {
    if (u > 0 && unitSizes.some((face) => face <= u && reach[u - face] === 1)) reach[u] = 1;
    for (const [k, range] of ranges.entries()) {
      const widest = range.maxYen - ((range.maxYen - range.minYen) % range.stepYen);
      if (u > 0 && countAt(k, u - range.minYen) - countAt(k, u - widest - range.stepYen) > 0) reach[u] = 1;
    }
    for (const [k, range] of ranges.entries()) {
      const column = counts[k];
      if (column) column[u] = (reach[u] ?? 0) + countAt(k, u - range.stepYen);
    }
  }
  return reach[top] === 1;
}

/** One part of a recipient's choice. */
export interface Choice {
  readonly provider: string;
  readonly yen: Yen;
}

export interface PlannedRedemption extends Choice {
  readonly codes: readonly Yen[];
}

/** How many providers one confirmation may be split over. */
export const MAX_CHOICES = 10;

/**
 * Decides whether a choice can be taken from a residual: every part possible, the sum within the
 * residual, and no rest that could be received no more although the whole could.
 */
export function decideAllocation(
  residual: Yen,
  choices: readonly Choice[],
  offers: readonly OfferFacts[],
): { readonly kind: 'planned'; readonly redemptions: readonly PlannedRedemption[] } | Refusal {
  if (choices.length === 0) return refuse('nothing_chosen');
  if (choices.length > MAX_CHOICES || new Set(choices.map((c) => c.provider)).size !== choices.length) return refuse('too_many_choices');
  const redemptions: PlannedRedemption[] = [];
  for (const choice of choices) {
    const about = { provider: choice.provider, yen: choice.yen };
    const offer = offers.find((candidate) => candidate.provider === choice.provider);
    if (!offer) return refuse('offer_unknown');
    if (offer.paused) return refuse('offer_paused', about);
    if (choice.yen <= 0n) return refuse('amount_invalid', about);
    if (choice.yen > residual) return refuse('amount_too_large', about);
    const codes = planCodes(offer, choice.yen);
    if (codes === null) {
      const withFullStock = planCodes({ amount: offer.amount, stock: null }, choice.yen);
      return refuse(withFullStock === null || offer.amount.kind === 'range' ? 'amount_not_possible' : 'out_of_stock', about);
    }
    redemptions.push({ ...choice, codes });
  }
  const total = sumYen(choices.map((choice) => choice.yen));
  if (total > residual) return refuse('amount_too_large', { yen: total });
  const rest = residual - total;
  if (rest > 0n && !canEmpty(rest, offers) && canEmpty(residual, offers)) return refuse('rest_unredeemable', { yen: rest });
  return { kind: 'planned', redemptions };
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

function min(a: Yen, b: Yen): Yen {
  return a < b ? a : b;
}

/** Damm's quasigroup of order 10: finds every single wrong digit and every two neighbours that changed places. */
const DAMM = [
  '0317598642',
  '7092154863',
  '4206871359',
  '1750983426',
  '6123045978',
  '3674209581',
  '5869720134',
  '8945362017',
  '9438617205',
  '2581436790',
] as const;

function damm(digits: string): number {
  let carry = 0;
  for (const digit of digits) carry = Number(DAMM[carry]?.[Number(digit)]);
  return carry;
}

const SEEDS = 900_000_000n;

/**
 * The reference number (受付番号) of a claim: nine digits from an unguessable seed, never with a 0 in front, and a
 * tenth that checks them.
 */
export function claimNumber(seed: bigint): string {
  const digits = String(100_000_000n + (((seed % SEEDS) + SEEDS) % SEEDS));
  return digits + String(damm(digits));
}

/** Reads a reference number as people type it: any width, with or without hyphens and spaces. @returns null when it is none */
export function readClaimNumber(text: string): string | null {
  const digits = text.normalize('NFKC').replace(/[\s\-‐‑‒–—―−ー]/g, '');
  return /^[1-9]\d{9}$/.test(digits) && damm(digits) === 0 ? digits : null;
}

/** As it is read aloud: 1234-567-890. */
export function showClaimNumber(number: string): string {
  return `${number.slice(0, 4)}-${number.slice(4, 7)}-${number.slice(7)}`;
}

/** A seeded source of chance (mulberry32): the same seed, the same run. */
export interface Chance {
  /** 0 ≤ x < 1 */
  next(): number;
  int(below: number): number;
  /** True with probability `p`. */
  hit(p: number): boolean;
  pick<T>(list: readonly T[]): T;
  bytes(size: number): Buffer;
}

/** Makes a source from a seed. */
export function makeChance(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const int = (below: number) => Math.floor(next() * below);
  return {
    next,
    int,
    hit: (p) => next() < p,
    pick<T>(list: readonly T[]): T {
      const item = list[int(list.length)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
    bytes: (size) => Buffer.from(Array.from({ length: size }, () => int(256))),
  };
}

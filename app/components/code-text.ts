/** Letters that look alike, in the order in which the legend names them. */
const LOOK_ALIKES = ['0', 'O', 'o', '1', 'I', 'i', 'l'] as const;
export type LookAlike = (typeof LOOK_ALIKES)[number];

/** Cuts a code into pieces for reading: at its own hyphens, else every `size` letters; 0 leaves it whole. */
export function groupCode(code: string, size: number): string[] {
  if (code.includes('-') || size === 0) return code.split(/(?<=-)/);
  return code.match(new RegExp(`.{1,${size}}`, 'gu')) ?? [];
}

/** Which letters of a code are easily taken for another; among digits alone none is. */
export function lookAlikes(code: string): LookAlike[] {
  return /^[\d-]*$/.test(code) ? [] : LOOK_ALIKES.filter((letter) => code.includes(letter));
}

/**
 * How Japanese carriers cut an SMS: up to 70 characters are one; longer ones go in parts of 66 (the safe common part
 * of the carriers), 10 parts at most. Letters and digits alone count 160, in parts of 153.
 */
const PLAIN = /^[A-Za-z0-9 \n\r@!"#%&'()*+,\-./:;<=>?_]*$/;
const MOST_PARTS = 10;

/** What a text costs as an SMS. */
export interface Segments {
  /** UTF-16 units, which is how it is sent. */
  readonly characters: number;
  readonly segments: number;
  /** More than any carrier takes. */
  readonly tooLong: boolean;
}

/** Counts a text as an SMS. */
export function segments(text: string): Segments {
  const characters = text.length;
  const [one, part] = PLAIN.test(text) ? [160, 153] : [70, 66];
  const count = characters <= one ? 1 : Math.ceil(characters / part);
  return { characters, segments: count, tooLong: count > MOST_PARTS };
}

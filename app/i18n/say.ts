import { digits } from './format';

/** The tag of a text that people read: its numbers are written the one way, 1,872. Its words are left as they are. */
export function say(words: TemplateStringsArray, ...values: readonly (string | number | bigint)[]): string {
  return words.reduce((text, piece, i) => {
    const value = values[i - 1];
    return text + (typeof value === 'string' ? value : value === undefined ? '' : digits(value)) + piece;
  });
}

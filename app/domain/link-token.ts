/** 128 bits as they stand in an address. */
const TOKEN = /^[A-Za-z0-9_-]{22}/;

/**
 * The token at the beginning of what stands in a link's address; null when there is none. What comes after it is left
 * aside: phones and mail programs take the letters and the full stop that follow a link into it.
 */
export function readLinkToken(text: string): string | null {
  return TOKEN.exec(text)?.[0] ?? null;
}

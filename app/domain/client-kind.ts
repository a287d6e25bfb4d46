import { isbot } from 'isbot';

/** What opened a page, by what it says of itself. */
export type ClientKind = 'bot' | 'phone' | 'computer' | 'other';

const PHONE = /\b(?:iPhone|iPad|iPod|Android|Mobile)\b/;
const COMPUTER = /\b(?:Windows NT|Macintosh|X11|CrOS)\b/;

/** Reads a User-Agent. Scanners often call themselves a browser: whether somebody was there, only what they did tells. */
export function clientKind(userAgent: string | null): ClientKind {
  const start = (userAgent ?? '').slice(0, 400);
  if (start === '') return 'other';
  if (isbot(start)) return 'bot';
  if (PHONE.test(start)) return 'phone';
  return COMPUTER.test(start) ? 'computer' : 'other';
}

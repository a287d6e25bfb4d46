import { Secret, TOTP } from 'otpauth';

/** Time-based one-time passwords (RFC 6238) as every authenticator app makes them: SHA-1, six digits, 30 seconds. */
export const TOTP_PERIOD_SECONDS = 30;

function totpOf(secret: string, label = ''): TOTP {
  return new TOTP({ issuer: 'uketori', label, secret: Secret.fromBase32(secret), digits: 6, period: TOTP_PERIOD_SECONDS });
}

/** A new shared secret, base32: 160 bits. */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/**
 * A shared secret out of two keyed tags: the same whenever it is asked for again, so that an authenticator app
 * which has read it already still fits. 160 bits.
 */
export function derivedTotpSecret(tag: (purpose: string, text: string) => string, of: string): string {
  const bytes = ['totp-1', 'totp-2'].map((purpose) => Uint8Array.from(atob(plainBase64(tag(purpose, of))), (sign) => sign.charCodeAt(0)));
  const joined = new Uint8Array([...(bytes[0] ?? []), ...(bytes[1] ?? [])].slice(0, 20));
  return new Secret({ buffer: joined.buffer }).base32;
}

function plainBase64(text: string): string {
  return text.replaceAll('-', '+').replaceAll('_', '/');
}

/** What an authenticator app reads from a QR code. */
export function totpUri(secret: string, login: string): string {
  return totpOf(secret, login).toString();
}

/** The number that is shown at an instant. */
export function totpAt(secret: string, now: Date): string {
  return totpOf(secret).generate({ timestamp: now.getTime() });
}

/** The half minute a number belongs to, one before or after now allowed for clocks that differ; null when it is wrong. */
export function readTotp(secret: string, digits: string, now: Date): bigint | null {
  const plain = digits.normalize('NFKC').replace(/\s/g, '');
  if (!/^\d{6}$/.test(plain)) return null;
  const delta = totpOf(secret).validate({ token: plain, timestamp: now.getTime(), window: 1 });
  return delta === null ? null : BigInt(Math.floor(now.getTime() / 1_000 / TOTP_PERIOD_SECONDS) + delta);
}

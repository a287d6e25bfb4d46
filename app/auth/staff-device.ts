import { z } from 'zod';
import type { Crypto } from '../crypto.server';
import { readCookie } from './session';

/** A browser in which somebody signed in before. Their guesses count apart, so that nobody can lock them out. */
const COOKIE = '__Host-staff-device';
const PURPOSE = 'staff-device';
const LOGINS_MAX = 8;
const YEAR_SECONDS = 31_536_000;

const shape = z.object({ d: z.string().length(22), l: z.array(z.string()).max(LOGINS_MAX) });

function read(crypto: Crypto, request: Request): z.infer<typeof shape> | null {
  const sealed = readCookie(request, COOKIE);
  const opened = sealed ? crypto.openText(PURPOSE, sealed) : null;
  const parsed = opened === null ? null : shape.safeParse(JSON.parse(opened));
  return parsed?.success ? parsed.data : null;
}

/** The device's id, when this login signed in on it before. */
export function deviceOf(crypto: Crypto, request: Request, login: string): string | null {
  const device = read(crypto, request);
  return device?.l.includes(login) ? device.d : null;
}

/** The Set-Cookie line after a sign-in: the device knows this login from now on. */
export function deviceCookie(crypto: Crypto, request: Request, login: string): string {
  const device = read(crypto, request) ?? { d: crypto.newKey(), l: [] };
  const logins = [login, ...device.l.filter((known) => known !== login)].slice(0, LOGINS_MAX);
  const sealed = crypto.sealText(PURPOSE, JSON.stringify({ d: device.d, l: logins }));
  return `${COOKIE}=${sealed}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=${YEAR_SECONDS}`;
}

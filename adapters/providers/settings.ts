import { z } from 'zod';
import type { SettingsSpec } from './port';

export interface SettingField<T> {
  /** Environment variable: `PONTA_BASE_URL`. */
  readonly variable: string;
  /** What it is, one sentence for `.env.example` and error lists. */
  readonly about: string;
  readonly secret: boolean;
  /** A well-formed value; the demo and the tests use it as it stands. */
  readonly example: string;
  readonly schema: z.ZodType<T>;
}

/**
 * Builds a settings spec from one description per member. An unset and an empty variable are the same. A
 * problem names the variable and what is expected, never the value.
 */
export function settingsSpec<S extends object>(fields: { readonly [K in keyof S]: SettingField<S[K]> }): SettingsSpec<S> {
  const entries = Object.entries(fields) as [string, SettingField<unknown>][];
  return {
    variables: entries.map(([, { variable, about, secret, example }]) => ({ name: variable, about, secret, example })),
    parse(env) {
      const settings: Record<string, unknown> = {};
      const problems: string[] = [];
      for (const [member, field] of entries) {
        const value = env[field.variable] || undefined;
        const parsed = field.schema.safeParse(value);
        if (parsed.success) settings[member] = parsed.data;
        else problems.push(`${field.variable} is ${value === undefined ? 'missing' : 'malformed'}: ${field.about}`);
      }
      return problems.length > 0 ? { ok: false, problems } : { ok: true, settings: settings as S };
    },
  };
}

/**
 * A base URL under which the provider's paths are put: https, or http to this machine only (a stand-in, a
 * side-car), because the answers are bearer money. A path prefix is allowed; user, query and fragment are not.
 */
export const baseUrl = z.string().refine((text) => {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const local = url.hostname === 'localhost' || url.hostname === '127.0.0.1' || url.hostname === '[::1]';
  return (url.protocol === 'https:' || (url.protocol === 'http:' && local)) && !url.username && !url.password && !url.search && !url.hash;
});

/** The address of an operation under a base URL, with or without a path prefix or a trailing slash. */
export function under(base: string, path: string): URL {
  return new URL(base.replace(/\/+$/, '') + path);
}

/** A secret or an id: printable ASCII without blanks, so that a pasted line break is noticed at the start. */
export function token(min: number, max = 256): z.ZodType<string> {
  return z.string().regex(new RegExp(`^[\\x21-\\x7e]{${min},${max}}$`));
}

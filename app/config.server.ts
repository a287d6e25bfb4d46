import { z } from 'zod';
import type { ChannelDefinition } from '#adapters/channels/port';
import type { ProviderDefinition } from '#adapters/providers/port';
import { type CryptoKeys, type Keyring, readKeyring } from './crypto.server';

/** The whole configuration of a process, read once from its environment. */
export interface Config {
  readonly production: boolean;
  readonly databaseUrl: string;
  readonly databaseConnections: number;
  /** PostgreSQL with the console's role; null on processes that have no console. */
  readonly consoleDatabaseUrl: string | null;
  /** Where the portal stands for the public, without a slash at the end. */
  readonly publicUrl: string;
  readonly host: string;
  readonly port: number;
  /** How many proxies stand before us and may be believed about the client's address. */
  readonly proxyHops: number;
  /** After SIGTERM, how long readiness says no before connections are refused. */
  readonly drainMs: number;
  readonly logLevel: string;
  readonly keys: CryptoKeys;
  /** Signs the heads of the audit chain and the proofs of the day; null where nothing is signed. */
  readonly proofKey: Keyring | null;
  /** Where the moved clock starts; null is the machine's time. */
  readonly portalNow: Date | null;
  /** The machine's instant at which the moved clock started; null is the process's own start. */
  readonly portalNowSince: Date | null;
  /** Settings by provider id, as each provider's own schema read them. */
  readonly providerSettings: ReadonlyMap<string, unknown>;
  /** Settings of the channels that are set up, by id. */
  readonly channelSettings: ReadonlyMap<string, unknown>;
  /** Null: no bounces are taken over HTTP. */
  readonly bouncesSecret: string | null;
  /** Null: there is no security.txt. */
  readonly securityContact: string | null;
  /** A PostgreSQL server on which rehearsals may make databases of their own; null: there are none. */
  readonly rehearsalDatabaseUrl: string | null;
  /** Messages are shown at /outbox instead of being sent. */
  readonly outbox: boolean;
}

/** One variable: how it is read, and what it should be (the text of the error list and of `.env.example`). */
interface Variable<T> {
  readonly schema: z.ZodType<T>;
  readonly about: string;
  readonly example: string;
  readonly secret?: boolean;
}

/** Everything that can be wrong with an environment, at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly problems: readonly string[]) {
    super(`the environment is not complete:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

const wholeNumber = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/)
    .transform(Number)
    .pipe(z.number().min(from).max(to));
const keyring = z.string().transform((text, context): Keyring => {
  const read = readKeyring(text);
  if (read.ok) return read.ring;
  context.addIssue({ code: 'custom', message: read.problem });
  return z.NEVER;
});
const web = z
  .string()
  .refine((text) => URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol) && new URL(text).pathname === '/');

/** The portal's own variables; those of the providers come from the registry. */
export const VARIABLES = {
  DATABASE_URL: variable(z.url({ protocol: /^postgres(ql)?$/ }), {
    about:
      'PostgreSQL of this process with its own role: postgres://uketori_web:…@host:5432/uketori (worker: uketori_worker; command line and migration: the owner)',
    example: 'postgres://uketori_web:change-me@localhost:5432/uketori',
    secret: true,
  }),
  CONSOLE_DATABASE_URL: variable(z.url({ protocol: /^postgres(ql)?$/ }).optional(), {
    about:
      "PostgreSQL with the role of the operators' console (uketori_console); without it this process serves no console and does none of its jobs",
    example: 'postgres://uketori_console:change-me@localhost:5432/uketori',
    secret: true,
  }),
  DATABASE_CONNECTIONS: variable(wholeNumber(1, 200).default(10), {
    about: 'connections of this process at most, 1 to 200',
    example: '10',
  }),
  PUBLIC_URL: variable(
    web.transform((text) => new URL(text).origin),
    {
      about: 'where the public finds the portal, https and without a path (http for rehearsals)',
      example: 'https://uketori.example.jp',
    },
  ),
  HOST: variable(z.string().min(1).default('0.0.0.0'), { about: 'address the web process listens on', example: '0.0.0.0' }),
  PORT: variable(wholeNumber(0, 65_535).default(3000), { about: 'port the web process listens on', example: '3000' }),
  PROXY_HOPS: variable(wholeNumber(0, 9).default(0), {
    about: 'how many proxies before the web process add to X-Forwarded-For, 0 to 9',
    example: '1',
  }),
  DRAIN_MS: variable(wholeNumber(0, 60_000).default(5_000), {
    about: 'milliseconds between "not ready" and closing after SIGTERM, so that the balancer notices',
    example: '5000',
  }),
  LOG_LEVEL: variable(z.enum(['debug', 'info', 'warn', 'error']).default('info'), { about: 'debug, info, warn or error', example: 'info' }),
  SEAL_KEYS: variable(keyring, {
    about: 'keys that seal contacts, codes and cookies: id:base64 of 32 random bytes, current first, comma between',
    example: '',
    secret: true,
  }),
  INDEX_KEYS: variable(keyring, { about: 'keys of the search indexes and code digests, in the same form', example: '', secret: true }),
  LINK_KEYS: variable(keyring, {
    about: 'keys from which links are derived, in the same form; an old one stays while links of it are out',
    example: '',
    secret: true,
  }),
  PROOF_KEY: variable(keyring.optional(), {
    about:
      'key that signs the audit chain and the proofs of the day, in the same form; without it nothing is signed (workers and command line only)',
    example: '',
    secret: true,
  }),
  PORTAL_NOW: variable(
    z.iso
      .datetime({ offset: true })
      .transform((text) => new Date(text))
      .optional(),
    {
      about: 'starts the clock at another instant (2023-05-20T10:00:00+09:00); for rehearsals only, every page says so',
      example: '',
    },
  ),
  PORTAL_NOW_SINCE: variable(
    z.iso
      .datetime({ offset: true })
      .transform((text) => new Date(text))
      .optional(),
    { about: 'the real instant at which PORTAL_NOW began, so that several processes agree; with PORTAL_NOW only', example: '' },
  ),
  SECURITY_CONTACT: variable(
    z
      .string()
      .regex(/^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/)
      .optional(),
    { about: 'where finders of a security hole turn to, mailto: or https:, for /.well-known/security.txt (web only)', example: '' },
  ),
  BOUNCES_SECRET: variable(
    z
      .string()
      .regex(/^[\x21-\x7e]{32,256}$/)
      .optional(),
    {
      about: 'secret with which a mail server signs the bounces it posts, 32 characters or more; without it none are taken (web only)',
      example: '',
      secret: true,
    },
  ),
  REHEARSAL_DATABASE_URL: variable(z.url({ protocol: /^postgres(ql)?$/ }).optional(), {
    about:
      'PostgreSQL with a role that may create databases (and roles, on a server that has none of this portal yet), for rehearsals of a calendar; best a server apart; without it there are none (workers and command line only)',
    example: '',
    secret: true,
  }),
  OUTBOX: variable(z.enum(['0', '1']).default('0'), {
    about: '1 shows all messages to recipients at /outbox instead of sending them; only with REHEARSAL=1',
    example: '0',
  }),
  REHEARSAL: variable(z.enum(['0', '1']).default('0'), {
    about: '1 permits PORTAL_NOW and a PUBLIC_URL without https; never with real codes',
    example: '0',
  }),
} as const;

function variable<T>(schema: z.ZodType<T>, about: Omit<Variable<T>, 'schema'>): Variable<T> {
  return { schema, ...about };
}

type Values = { [K in keyof typeof VARIABLES]: (typeof VARIABLES)[K] extends Variable<infer T> ? T : never };
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the environment. @throws ConfigError with every problem, never with a value */
export function readConfig(
  env: Environment,
  providers: readonly ProviderDefinition[],
  channels: readonly ChannelDefinition[] = [],
): Config {
  const problems: string[] = [];
  const values = readVariables(env, VARIABLES, problems);
  const providerSettings = new Map<string, unknown>();
  for (const provider of providers) {
    const read = provider.settings.parse(env);
    if (read.ok) providerSettings.set(provider.id, read.settings);
    else problems.push(...read.problems);
  }
  const channelSettings = readChannels(env, channels, values.OUTBOX === '1', problems);

  const production = isProduction(env);
  if (production && values.REHEARSAL !== '1') {
    if (values.PORTAL_NOW) problems.push('PORTAL_NOW is not for production: remove it, or set REHEARSAL=1 where no real codes are given');
    if (typeof values.PUBLIC_URL === 'string' && !values.PUBLIC_URL.startsWith('https:'))
      problems.push('PUBLIC_URL must be https in production');
  }
  if (values.OUTBOX === '1' && values.REHEARSAL !== '1')
    problems.push('OUTBOX is for rehearsals only: remove it, or set REHEARSAL=1 where no real people wait for messages');
  if (problems.length > 0) throw new ConfigError(problems);

  const read = values as Values;
  return {
    production,
    databaseUrl: read.DATABASE_URL,
    databaseConnections: read.DATABASE_CONNECTIONS,
    consoleDatabaseUrl: read.CONSOLE_DATABASE_URL ?? null,
    publicUrl: read.PUBLIC_URL,
    host: read.HOST,
    port: read.PORT,
    proxyHops: read.PROXY_HOPS,
    drainMs: read.DRAIN_MS,
    logLevel: read.LOG_LEVEL,
    keys: { seal: read.SEAL_KEYS, index: read.INDEX_KEYS, link: read.LINK_KEYS },
    proofKey: read.PROOF_KEY ?? null,
    portalNow: read.PORTAL_NOW ?? null,
    portalNowSince: read.PORTAL_NOW_SINCE ?? null,
    providerSettings,
    channelSettings,
    bouncesSecret: read.BOUNCES_SECRET ?? null,
    securityContact: read.SECURITY_CONTACT ?? null,
    rehearsalDatabaseUrl: read.REHEARSAL_DATABASE_URL ?? null,
    outbox: read.OUTBOX === '1',
  };
}

/** The channels that are set up: with none of its variables one is not there, with some it must be whole. With the outbox there is no other. */
function readChannels(
  env: Environment,
  channels: readonly ChannelDefinition[],
  outbox: boolean,
  problems: string[],
): ReadonlyMap<string, unknown> {
  const settings = new Map<string, unknown>();
  for (const channel of channels) {
    const isSetUp = channel.settings.variables.some(({ name }) => env[name]);
    if (channel.rehearsalOnly ? !outbox : !isSetUp) continue;
    const read = channel.settings.parse(env);
    if (!read.ok) problems.push(...read.problems);
    else if (channel.rehearsalOnly === outbox) settings.set(channel.id, read.settings);
  }
  return settings;
}

/** What the operator's command line needs: the database as its owner, the keys, the clock. */
export interface CommandConfig extends Pick<Config, 'databaseUrl' | 'keys' | 'proofKey' | 'portalNow' | 'portalNowSince'> {
  /** No real codes and no real people. */
  readonly rehearsal: boolean;
  /** Where rehearsals of a calendar may make databases of their own; null: nowhere. */
  readonly rehearsalDatabaseUrl: string | null;
  /** Where the portal stands; null when the environment does not say. */
  readonly publicUrl: string | null;
}

/** Reads the command line's part of the environment. @throws ConfigError with every problem, never with a value */
export function readCommandConfig(env: Environment): CommandConfig {
  const problems: string[] = [];
  const {
    DATABASE_URL,
    SEAL_KEYS,
    INDEX_KEYS,
    LINK_KEYS,
    PROOF_KEY,
    PORTAL_NOW,
    PORTAL_NOW_SINCE,
    REHEARSAL,
    REHEARSAL_DATABASE_URL,
    PUBLIC_URL,
  } = VARIABLES;
  const needed = {
    DATABASE_URL,
    SEAL_KEYS,
    INDEX_KEYS,
    LINK_KEYS,
    PROOF_KEY,
    PORTAL_NOW,
    PORTAL_NOW_SINCE,
    REHEARSAL,
    REHEARSAL_DATABASE_URL,
    ...(env.PUBLIC_URL ? { PUBLIC_URL } : {}),
  };
  const read = readVariables(env, needed, problems) as Pick<Values, Exclude<keyof typeof needed, 'PUBLIC_URL'>> & { PUBLIC_URL?: string };
  if (isProduction(env) && read.REHEARSAL !== '1' && read.PORTAL_NOW) {
    problems.push('PORTAL_NOW is not for production: remove it, or set REHEARSAL=1 where no real codes are given');
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    databaseUrl: read.DATABASE_URL,
    keys: { seal: read.SEAL_KEYS, index: read.INDEX_KEYS, link: read.LINK_KEYS },
    proofKey: read.PROOF_KEY ?? null,
    portalNow: read.PORTAL_NOW ?? null,
    portalNowSince: read.PORTAL_NOW_SINCE ?? null,
    rehearsal: read.REHEARSAL === '1',
    rehearsalDatabaseUrl: read.REHEARSAL_DATABASE_URL ?? null,
    publicUrl: read.PUBLIC_URL ?? null,
  };
}

function readVariables(
  env: Environment,
  variables: Readonly<Record<string, Variable<unknown>>>,
  problems: string[],
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, { schema, about }] of Object.entries(variables)) {
    // An empty variable is what a compose file makes of an unset one.
    const value = env[name] || undefined;
    const read = schema.safeParse(value);
    if (read.success) values[name] = read.data;
    else problems.push(`${name} is ${value === undefined ? 'missing' : 'malformed'}: ${about}`);
  }
  return values;
}

function isProduction(env: Environment): boolean {
  return env.NODE_ENV !== 'development' && env.NODE_ENV !== 'test';
}

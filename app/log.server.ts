import { type DestinationStream, pino } from 'pino';
import type { Log } from './portal';

export interface LogOptions {
  /** Which process speaks: web, worker. */
  readonly name: string;
  readonly level: string;
  /** Where lines go; standard output if left out. */
  readonly destination?: DestinationStream;
}

// What must never be printed, wherever a careless caller puts it. Two levels deep is as deep as our fields go.
const SECRET = [
  'code',
  'pin',
  'url',
  'token',
  'link',
  'contact',
  'name',
  'kana',
  'mail',
  'phone',
  'password',
  'secret',
  'key',
  'cookie',
  'authorization',
];
const PATHS = ['*', '*.*'].flatMap((depth) => SECRET.map((field) => `${depth}.${field}`)).concat(SECRET);

/** The process's log: one JSON line per event, with secrets taken out by name and link tokens by shape. */
export function makeLog({ name, level, destination }: LogOptions): Log {
  return pino(
    {
      level,
      base: { process: name },
      redact: { paths: PATHS, censor: '[redacted]' },
      serializers: { err: describeError, error: describeError },
      hooks: { streamWrite: hideLinks },
    },
    destination ?? pino.destination({ fd: 1, sync: false }),
  );
}

/** Takes link tokens out of a text, in whatever address or message they stand; the route's pattern may stay. */
function hideLinks(text: string): string {
  return text.replaceAll(/\/(?:r|stop)\/(?!:token")[^\s"'/?#\\]+/g, (link) => `${link.slice(0, link.indexOf('/', 1))}/[link]`);
}

/** What is safe to say of an error. PostgreSQL's `detail` quotes values of the row, so it stays out. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return typeof error === 'object' && error !== null ? error : { type: typeof error };
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...(typeof code === 'string' ? { sqlstate: code } : {}),
    ...(typeof constraint === 'string' ? { constraint } : {}),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}

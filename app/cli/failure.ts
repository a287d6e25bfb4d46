import { sqlState } from '#db/transaction';
import { ConfigError } from '../config.server';
import type { CliTexts } from '../i18n/cli-texts';
import { SchemaTooOld } from './context';
import { EnvFileUnreadable } from './env-file';
import { EXIT, type ExitCode } from './terminal';

export interface Failure {
  readonly code: ExitCode;
  readonly reason: 'interrupted' | 'environment' | 'schema' | 'database' | 'privilege' | 'file' | 'unexpected';
  readonly lines: readonly string[];
}

const UNREACHABLE = ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH'];
/** Wrong password or role, no such database, too many connections, shutting down. */
const NOT_LET_IN = /^(28|3D|53|57)/;
const NO_PRIVILEGE = '42501';
const FILE_TROUBLE = ['EACCES', 'EROFS', 'ENOSPC', 'EISDIR', 'ENOENT', 'EPERM'];

/** Says in plain words what went wrong. Never a value of a row, a key or an address. */
export function describeFailure(error: unknown, { texts, stopped }: { texts: CliTexts; stopped: 'nothing' | 'resume' | null }): Failure {
  const { errors } = texts;
  if (stopped) {
    return {
      code: EXIT.interrupted,
      reason: 'interrupted',
      lines: [stopped === 'nothing' ? errors.interruptedNothing : errors.interruptedResume],
    };
  }
  if (error instanceof ConfigError) {
    return environment('environment', [errors.environment, ...error.problems.map((problem) => `  - ${problem}`)]);
  }
  if (error instanceof EnvFileUnreadable) return environment('file', [errors.envFile(error.file)]);
  if (error instanceof SchemaTooOld) return environment('schema', [errors.schema]);
  const code = sqlState(error) ?? sqlState((error as { errors?: unknown[] } | null)?.errors?.[0]);
  if (code === NO_PRIVILEGE) return environment('privilege', [errors.privilege]);
  if (code !== null && (UNREACHABLE.includes(code) || NOT_LET_IN.test(code))) return environment('database', [errors.database]);
  if (code !== null && FILE_TROUBLE.includes(code))
    return environment('file', [errors.unwritable(String((error as { path?: unknown }).path ?? ''))]);
  const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  return environment('unexpected', [errors.unexpected(message)]);
}

function environment(reason: Failure['reason'], lines: readonly string[]): Failure {
  return { code: EXIT.environment, reason, lines };
}

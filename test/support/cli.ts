import { randomBytes } from 'node:crypto';
import { run } from '~/cli/run';

export interface CliRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A complete environment for the command line over a database. */
export function cliEnv(ownerUrl: string): Record<string, string> {
  const key = () => `k1:${randomBytes(32).toString('base64')}`;
  return {
    DATABASE_URL: ownerUrl,
    SEAL_KEYS: key(),
    INDEX_KEYS: key(),
    LINK_KEYS: key(),
    PORTAL_NOW: '2023-05-20T10:00:00+09:00',
    REHEARSAL: '1',
  };
}

/** Runs a command line in this process and gives what it printed. */
export async function runCli(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  signal = new AbortController().signal,
): Promise<CliRun> {
  let out = '';
  let err = '';
  const code = await run(argv, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    isTerminal: false,
    env,
    signal,
  });
  return { code, out, err };
}

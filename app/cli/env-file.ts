import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';

/** The file named by --env-file cannot be read. */
export class EnvFileUnreadable extends Error {
  constructor(readonly file: string) {
    super('env file unreadable');
  }
}

/** Reads a file of `NAME=value` lines. What the environment itself has comes first. */
export async function readEnvFile(file: string): Promise<Record<string, string | undefined>> {
  try {
    return { ...parseEnv(await readFile(file, 'utf8')) };
  } catch {
    throw new EnvFileUnreadable(file);
  }
}

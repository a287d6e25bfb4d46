import { migrate as migrateDatabase } from '#db/migrate';
import { ConfigError, VARIABLES } from '../config.server';
import { EXIT, type ExitCode, type Terminal } from './terminal';

/** `migrate`: needs the owner's DATABASE_URL only. Passwords of the runtime roles are set when they are given. */
export async function migrate(terminal: Terminal, env: Readonly<Record<string, string | undefined>>): Promise<ExitCode> {
  const { DATABASE_URL, WEB_DATABASE_PASSWORD, WORKER_DATABASE_PASSWORD, CONSOLE_DATABASE_PASSWORD } = env;
  if (!DATABASE_URL) throw new ConfigError([`DATABASE_URL is missing: ${VARIABLES.DATABASE_URL.about}`]);
  const applied = await migrateDatabase(DATABASE_URL, {
    rolePasswords: { web: WEB_DATABASE_PASSWORD, worker: WORKER_DATABASE_PASSWORD, console: CONSOLE_DATABASE_PASSWORD },
  });
  const { texts } = terminal;
  terminal.answer({ applied }, [...applied.map(texts.migrate.applied), texts.migrate.done(applied.length)]);
  return EXIT.ok;
}

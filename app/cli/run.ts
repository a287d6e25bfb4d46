import { Command, CommanderError } from 'commander';
import { cliEn } from '../i18n/cli-en';
import { cliJa } from '../i18n/cli-ja';
import type { CommandKit, WhenStopped } from './command-kit';
import { type CliContext, openCliContext } from './context';
import { describeFailure } from './failure';
import { migrate } from './migrate';
import { addProofCommands } from './proof-commands';
import { addRegisterCommands } from './register-commands';
import { addSendCommands } from './send-commands';
import { addStaffCommands } from './staff-commands';
import { type CliIo, EXIT, type ExitCode, Terminal } from './terminal';
import { usageError } from './usage-error';
import { addWorkCommands } from './work-commands';

interface Globals {
  readonly json?: boolean;
}

/** Runs one command line. @returns the exit code; everything to be read has been written to `io` */
export async function run(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  const lang = languageOf(argv, io.env);
  const texts = lang === 'en' ? cliEn : cliJa;
  const { about } = texts;
  let code: ExitCode = EXIT.ok;

  const program = new Command('uketori').description(about.program).exitOverride().showHelpAfterError(false);
  program.configureOutput({ writeOut: io.out, writeErr: io.err, outputError: (text, write) => write(usageError(lang, text)) });
  program.option('--json', about.json).option('--lang <ja|en>', about.lang).option('--env-file <file>', about.envFile);

  /** Runs a command's work and turns whatever goes wrong into a line and an exit code. */
  const act = async (whenStopped: WhenStopped, work: (terminal: Terminal, env: CliIo['env']) => Promise<ExitCode>): Promise<void> => {
    const { json = false, envFile } = program.opts<Globals & { envFile?: string }>();
    try {
      const { readEnvFile } = await import('./env-file');
      const env = envFile ? { ...(await readEnvFile(envFile)), ...io.env } : io.env;
      code = await work(new Terminal(io, texts, json), env);
    } catch (error) {
      const failure = describeFailure(error, { texts, stopped: io.signal.aborted ? whenStopped : null });
      if (json) io.out(`${JSON.stringify({ kind: 'failed', reason: failure.reason, lines: failure.lines })}\n`);
      else io.err(failure.lines.map((line) => `${line}\n`).join(''));
      code = failure.code;
    }
  };
  const withContext = (whenStopped: WhenStopped, work: (context: CliContext, terminal: Terminal) => Promise<ExitCode>) =>
    act(whenStopped, async (terminal, env) => {
      const context = await openCliContext(env);
      try {
        return await work(context, terminal);
      } finally {
        await context.close();
      }
    });
  const kit: CommandKit = { program, texts, lang, act, withContext };
  addRegisterCommands(kit);
  addProofCommands(kit);
  addStaffCommands(kit);
  addWorkCommands(kit);
  addSendCommands(kit);

  program
    .command('migrate')
    .description(about.migrate)
    .action(() => act('resume', (terminal, env) => migrate(terminal, env)));

  try {
    inherit(program);
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
}

/** Subcommands speak and end as the program does. */
function inherit(command: Command): void {
  for (const child of command.commands) {
    child.copyInheritedSettings(command);
    inherit(child);
  }
}

function languageOf(argv: readonly string[], env: CliIo['env']): 'ja' | 'en' {
  const at = argv.findIndex((arg) => arg === '--lang' || arg.startsWith('--lang='));
  const asked = at < 0 ? undefined : (argv[at]?.split('=', 2)[1] ?? argv[at + 1]);
  return (asked ?? env.LANG ?? '').startsWith('en') ? 'en' : 'ja';
}

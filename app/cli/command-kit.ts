import { type Command, InvalidArgumentError } from 'commander';
import type { CliTexts } from '../i18n/cli-texts';
import type { CliContext } from './context';
import type { CliIo, ExitCode, Terminal } from './terminal';

/** What is true of every command that is stopped: it leaves nothing, or goes on next time. */
export type WhenStopped = 'nothing' | 'resume';

/** What commands are made with. */
export interface CommandKit {
  readonly program: Command;
  readonly texts: CliTexts;
  readonly lang: 'ja' | 'en';
  /** Runs a command's work and turns whatever goes wrong into a line and an exit code. */
  act(whenStopped: WhenStopped, work: (terminal: Terminal, env: CliIo['env']) => Promise<ExitCode>): Promise<void>;
  /** The same with the database and the keys open. */
  withContext(whenStopped: WhenStopped, work: (context: CliContext, terminal: Terminal) => Promise<ExitCode>): Promise<void>;
}

/** Reads an option that is a whole number from 1, of so many digits at most. */
export function wholeNumber({ texts }: Pick<CommandKit, 'texts'>, option: string, digitsMost: number): (text: string) => number {
  return (text) => {
    if (!/^[1-9]\d*$/.test(text) || text.length > digitsMost) throw new InvalidArgumentError(texts.errors.number(option, text));
    return Number(text);
  };
}

export type EmbeddedTrouble = 'port_taken' | 'not_writable' | 'already_running' | 'no_binaries' | 'no_account' | 'failed';

/** Why the embedded server cannot start, in one line for whoever typed the command. */
export class EmbeddedError extends Error {
  override readonly name = 'EmbeddedError';
  constructor(
    readonly trouble: EmbeddedTrouble,
    message: string,
  ) {
    super(message);
  }
}

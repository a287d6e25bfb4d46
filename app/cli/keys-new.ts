import { newKeyringEntry } from '../crypto.server';
import { EXIT, type ExitCode, type Terminal } from './terminal';

/** `keys new [--id ID]`: needs neither database nor environment. */
export async function keysNew(terminal: Terminal, { id, now }: { id?: string; now: Date }): Promise<ExitCode> {
  const keyId = id ?? `k${now.toISOString().slice(0, 10).replaceAll('-', '')}`;
  if (!/^[a-z0-9-]{1,20}$/.test(keyId)) {
    terminal.refuse({ kind: 'refused', reason: 'key_id' }, [terminal.texts.errors.keyId]);
    return EXIT.usage;
  }
  const entry = newKeyringEntry(keyId);
  // The entry alone goes to where answers go, so that it can be piped into a secret store.
  terminal.answer({ id: keyId, entry }, [entry]);
  terminal.hint(terminal.texts.keys.newHint);
  return EXIT.ok;
}

import { findStaff } from '#db/staff';
import { TOTP_PERIOD_SECONDS, totpAt } from '../domain/totp';
import type { CliContext } from './context';
import { EXIT, type ExitCode, type Terminal } from './terminal';

/** `staff totp LOGIN`: what the person's authenticator would show. For rehearsals only, whose clock no phone follows. */
export async function staffTotp(context: CliContext, terminal: Terminal, { login }: { login: string }): Promise<ExitCode> {
  const { staff: texts } = terminal.texts;
  if (!context.rehearsal) return terminal.refuse({ kind: 'refused', reason: 'not_a_rehearsal' }, [texts.notRehearsal]);
  const staff = await findStaff(context.db, { login });
  if (!staff) return terminal.refuse({ kind: 'refused', reason: 'unknown' }, [texts.unknown(login)]);
  if (!staff.totp_sealed || !staff.totp_key_id) return terminal.refuse({ kind: 'refused', reason: 'none' }, [texts.noTotp(login)]);
  const now = context.clock.now();
  const number = totpAt(context.crypto.open('staff.totp', staff.id, staff.totp_sealed, staff.totp_key_id), now);
  const secondsLeft = TOTP_PERIOD_SECONDS - (Math.floor(now.getTime() / 1_000) % TOTP_PERIOD_SECONDS);
  terminal.answer({ login, number, secondsLeft }, [number]);
  terminal.hint(texts.totpHint(secondsLeft));
  return EXIT.ok;
}

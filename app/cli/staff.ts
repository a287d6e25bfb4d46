import { findStaff } from '#db/staff';
import { ROLES, type Role } from '../domain/access';
import { japanTime } from '../domain/japan-time';
import { disableStaff } from '../services/disable-staff';
import { inviteStaff } from '../services/invite-staff';
import { inviteStaffAgain } from '../services/invite-staff-again';
import { listStaff } from '../views/staff-list';
import type { CliContext } from './context';
import { EXIT, type ExitCode, type Terminal, table } from './terminal';

/** The owner of the database may do everything with accounts. */
const byOwner = (context: CliContext) => ({ actor: context.actor, staffId: null, scope: 'all' as const });

/** `staff invite`: an account with its one-time link, or with `--again` a new link for an account that exists. */
export async function staffInvite(
  context: CliContext,
  terminal: Terminal,
  options: { login: string; name?: string; role?: string; campaign?: string[]; again: boolean },
): Promise<ExitCode> {
  const { staff: texts } = terminal.texts;
  const now = context.clock.now();
  const answer = (invited: { login: string; token: string; expiresAt: Date }): ExitCode => {
    const path = `/admin/invitations/${invited.token}`;
    const url = context.publicUrl === null ? path : context.publicUrl + path;
    terminal.answer({ kind: 'invited', login: invited.login, url, expiresAt: invited.expiresAt }, [url]);
    terminal.hint(texts.invited(invited.login, japanTime(invited.expiresAt)));
    if (context.publicUrl === null) terminal.hint(texts.pathOnly);
    return EXIT.ok;
  };
  const refuse = (reason: keyof typeof texts.problems) => terminal.refuse({ kind: 'refused', reason }, [texts.problems[reason]]);
  if (options.again) {
    const staff = await findStaff(context.db, { login: options.login });
    const result = staff && (await inviteStaffAgain(context, { staffId: staff.id, by: byOwner(context), now }));
    if (!result) return refuse('unknown');
    return result.kind === 'invited' ? answer(result) : refuse(result.reason);
  }
  const role = ROLES.find((known) => known === options.role);
  if (!role) return refuse('role_unknown');
  const { login, name = '', campaign } = options;
  const result = await inviteStaff(context, {
    login,
    name,
    role: role satisfies Role,
    scope: campaign ?? 'all',
    by: byOwner(context),
    now,
  });
  return result.kind === 'invited' ? answer(result) : refuse(result.reason);
}

/** `staff list` */
export async function staffList(context: CliContext, terminal: Terminal): Promise<ExitCode> {
  const { staff: texts } = terminal.texts;
  const lines = await listStaff(context, { scope: 'all', now: context.clock.now() });
  const rows = lines.map((line) => [
    line.login,
    line.name,
    line.role,
    line.scope === 'all' ? texts.allCampaigns : line.scope.join(' '),
    texts.state[line.state],
    line.lastSignInAt ? japanTime(line.lastSignInAt) : '-',
  ]);
  terminal.answer({ staff: lines }, lines.length === 0 ? [texts.nobody] : table(rows));
  return EXIT.ok;
}

/** `staff disable LOGIN` */
export async function staffDisable(context: CliContext, terminal: Terminal, { login }: { login: string }): Promise<ExitCode> {
  const { staff: texts } = terminal.texts;
  const staff = await findStaff(context.db, { login });
  if (!staff) return terminal.refuse({ kind: 'refused', reason: 'unknown' }, [texts.unknown(login)]);
  const result = await disableStaff(context, { staffId: staff.id, by: byOwner(context), now: context.clock.now() });
  if (result.kind === 'refused') return terminal.refuse(result, [texts.problems[result.reason]]);
  terminal.answer({ ...result, login }, [texts.disabled(login)]);
  return EXIT.ok;
}

import { ROLES } from '../domain/access';
import type { CommandKit } from './command-kit';
import { staffDisable, staffInvite, staffList } from './staff';
import { staffTotp } from './staff-totp';

/** `staff`: who works in the console. */
export function addStaffCommands({ program, texts, withContext }: CommandKit): void {
  const { about } = texts;
  const staff = program.command('staff').description(about.staff);
  staff
    .command('invite')
    .description(about.staffInvite)
    .requiredOption('--login <login>', about.login)
    .option('--name <name>', about.staffName)
    .option('--role <role>', `${about.role}: ${ROLES.join(', ')}`)
    .option('--campaign <id...>', about.staffCampaigns)
    .option('--again', about.again, false)
    .action((options: { login: string; name?: string; role?: string; campaign?: string[]; again: boolean }) =>
      withContext('nothing', (context, terminal) => staffInvite(context, terminal, options)),
    );
  staff
    .command('list')
    .description(about.staffList)
    .action(() => withContext('nothing', staffList));
  staff
    .command('disable')
    .description(about.staffDisable)
    .argument('<login>', about.login)
    .action((login: string) => withContext('nothing', (context, terminal) => staffDisable(context, terminal, { login })));
  staff
    .command('totp')
    .description(about.staffTotp)
    .argument('<login>', about.login)
    .action((login: string) => withContext('nothing', (context, terminal) => staffTotp(context, terminal, { login })));
}

import fs from 'node:fs';
import path from 'node:path';
import { CONSOLE_ROUTES, isPermitted, PERMISSIONS, type Permission, ROLES, STEP_UP_ACTS } from '../app/domain/access';

/** Writes docs/access.md from the one table of the code: `npx tsx scripts/access-doc.ts`. */
const FILE = path.resolve(import.meta.dirname, '../docs/access.md');

/** Who may do what, as a document. */
export function accessDocument(): string {
  const roles = ROLES.map((role) => role.replace('_', ' '));
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const marks = (permission: Permission) => ROLES.map((role) => (isPermitted(role, permission) ? '●' : ''));
  const table = (permissions: readonly Permission[]) => [
    row(['', ...roles]),
    row(['---', ...roles.map(() => ':-:')]),
    ...permissions.map((permission) => row([`\`${permission}\`${STEP_UP_ACTS.includes(permission) ? ' ⚿' : ''}`, ...marks(permission)])),
  ];
  const all = Object.keys(PERMISSIONS) as Permission[];
  const routes = Object.values(CONSOLE_ROUTES).map(({ path: address, read, acts }) => {
    const needed = Object.entries(acts).map(([act, permission]) =>
      permission === null || permission === act ? act : `${act} (${permission})`,
    );
    return row([`\`${address}\``, read === null ? 'anybody' : `\`${read}\``, needed.join(', ')]);
  });
  return [
    '# Who may do what in the console',
    '',
    'Made from `app/domain/access.ts` by `npx tsx scripts/access-doc.ts`; a test keeps it current. The same table guards',
    'every page and act, and `test/console/access.test.ts` asks for each of its cells over HTTP.',
    '',
    '⚿ needs a proof that the person is at the keyboard: a passkey, or a number of the authenticator app, fresh and for',
    'this act, this thing and this amount only.',
    '',
    '## Pages',
    '',
    ...table(all.filter((permission) => permission.startsWith('see.'))),
    '',
    '## Acts',
    '',
    ...table(all.filter((permission) => !permission.startsWith('see.'))),
    '',
    'Everything is limited to the campaigns that a person is bound to. Whoever proposes an act never decides on it; the',
    'database refuses that as well.',
    '',
    '## Addresses',
    '',
    row(['address', 'reading needs', 'acts, and what they need where it has another name']),
    row(['---', '---', '---']),
    ...routes,
    '',
  ].join('\n');
}

if (process.argv[1] === import.meta.filename) fs.writeFileSync(FILE, accessDocument());

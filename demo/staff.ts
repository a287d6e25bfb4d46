import { findStaff } from '#db/staff';
import type { Role } from '~/domain/access';
import { totpUri } from '~/domain/totp';
import type { Portal } from '~/portal';
import { hashPassword } from '~/services/parts/password-hash';
import type { DemoSecrets } from './secrets';

/** One account for each role. Only the demo makes them. */
const PEOPLE: readonly { role: Role; login: string; name: string }[] = [
  { role: 'operator', login: 'demo-operator', name: '運用 花子' },
  { role: 'approver', login: 'demo-approver', name: '承認 太郎' },
  { role: 'call_centre', login: 'demo-call-centre', name: '電話 里美' },
  { role: 'viewer', login: 'demo-viewer', name: '閲覧 次郎' },
  { role: 'auditor', login: 'demo-auditor', name: '監査 恵子' },
  { role: 'administrator', login: 'demo-administrator', name: '管理 一郎' },
];

/** How to sign in as one of them. */
export interface DemoStaff {
  readonly role: Role;
  readonly login: string;
  readonly name: string;
  readonly password: string;
  readonly totpSecret: string;
  readonly totpUri: string;
}

/** Makes the accounts that are missing, as owner; what is there is left alone. */
export async function seedStaff(
  { db, crypto, clock }: Pick<Portal, 'db' | 'crypto' | 'clock'>,
  secrets: DemoSecrets['staff'],
): Promise<DemoStaff[]> {
  const people: DemoStaff[] = [];
  for (const { role, login, name } of PEOPLE) {
    const own = secrets[role];
    const now = clock.now();
    if (!(await findStaff(db, { login }))) {
      const id = crypto.newId(now);
      const { sealed, keyId } = crypto.seal('staff.totp', id, own.totpSecret);
      const password_hash = await hashPassword(own.password);
      await db
        .insertInto('staff')
        .values({ id, login, name, role, all_campaigns: true, password_hash, totp_sealed: sealed, totp_key_id: keyId, created_at: now })
        .execute();
    }
    people.push({ role, login, name, ...own, totpUri: totpUri(own.totpSecret, login) });
  }
  return people;
}

/** The accounts as the demo prints them. */
export function describeStaff(staff: readonly DemoStaff[], { signIn, operatorFile }: { signIn: string; operatorFile: string }): string {
  const width = Math.max(...staff.map(({ login }) => login.length));
  const lines = staff.map(
    ({ login, password, totpUri: uri, name, role }) => `  ${login.padEnd(width)}  ${password}  ${name} (${role})\n      ${uri}`,
  );
  return [
    `The operators' console: ${signIn}`,
    ...lines,
    `The number for one of them, at the portal's own moved time (an app on a phone shows numbers of the real time, which do not fit):`,
    `  npm run --silent uketori -- --env-file ${operatorFile} staff totp ${staff[0]?.login}`,
  ].join('\n');
}

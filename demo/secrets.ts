import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { ROLES, type Role } from '~/domain/access';
import { newTotpSecret } from '~/domain/totp';

export interface DemoSecrets {
  readonly ownerPassword: string;
  readonly webPassword: string;
  readonly workerPassword: string;
  readonly consolePassword: string;
  readonly sealKeys: string;
  readonly indexKeys: string;
  readonly linkKeys: string;
  readonly proofKey: string;
  /** What the demo's accounts sign in with. */
  readonly staff: Readonly<Record<Role, { readonly password: string; readonly totpSecret: string }>>;
}

/** The demo's own passwords and keys: made at the first start, kept for the next ones. */
export function readSecrets(folder: string): DemoSecrets {
  const file = path.join(folder, 'secrets.json');
  const kept = fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as Partial<DemoSecrets>) : {};
  const key = () => `demo:${randomBytes(32).toString('base64')}`;
  const password = () => randomBytes(18).toString('hex');
  // Readable, for whoever types it from one window into another.
  const words = () => (randomBytes(8).toString('hex').match(/.{4}/g) ?? []).join('-');
  const secrets: DemoSecrets = {
    ownerPassword: password(),
    webPassword: password(),
    workerPassword: password(),
    consolePassword: password(),
    sealKeys: key(),
    indexKeys: key(),
    linkKeys: key(),
    proofKey: key(),
    staff: Object.fromEntries(ROLES.map((role) => [role, { password: words(), totpSecret: newTotpSecret() }])) as DemoSecrets['staff'],
    // What an earlier start made stays; a newer version may need more.
    ...kept,
  };
  fs.writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  return secrets;
}

import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

export interface DemoSecrets {
  readonly ownerPassword: string;
  readonly webPassword: string;
  readonly workerPassword: string;
  readonly sealKeys: string;
  readonly indexKeys: string;
  readonly linkKeys: string;
}

/** The demo's own passwords and keys: made at the first start, kept for the next ones. */
export function readSecrets(folder: string): DemoSecrets {
  const file = path.join(folder, 'secrets.json');
  if (!fs.existsSync(file)) {
    const key = () => `demo:${randomBytes(32).toString('base64')}`;
    const password = () => randomBytes(18).toString('hex');
    const made: DemoSecrets = {
      ownerPassword: password(),
      webPassword: password(),
      workerPassword: password(),
      sealKeys: key(),
      indexKeys: key(),
      linkKeys: key(),
    };
    fs.writeFileSync(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  }
  return JSON.parse(fs.readFileSync(file, 'utf8')) as DemoSecrets;
}

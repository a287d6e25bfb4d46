import { hash, verify } from '@node-rs/argon2';
import { passwordForm } from '../../domain/password';

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. The package's own default is argon2id. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** What is kept of a password. */
export function hashPassword(password: string): Promise<string> {
  return hash(passwordForm(password), OPTIONS);
}

/** Made once: the hash that stands in for a person who does not exist or has no password. */
let nobody: Promise<string> | undefined;

/** Whether a password is the one of this hash. Without a hash it takes as long, and is no. */
export async function isPassword(hashed: string | null, password: string): Promise<boolean> {
  nobody ??= hashPassword('nobody has this one');
  const matches = await verify(hashed ?? (await nobody), passwordForm(password));
  return matches && hashed !== null;
}

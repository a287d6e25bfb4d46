import { generateAuthenticationOptions, generateRegistrationOptions } from '@simplewebauthn/server';
import { passkeyPlace } from '../domain/passkey';

const TIMEOUT_MS = 5 * 60_000;

interface KnownPasskey {
  readonly credentialId: string;
  readonly transports: readonly string[];
}

/** What the browser needs to prove a passkey; without a list it offers those it has for us. User verification is required. */
export async function proofOptions(publicUrl: string, challenge: string, passkeys: readonly KnownPasskey[] = []): Promise<string> {
  const options = await generateAuthenticationOptions({
    rpID: passkeyPlace(publicUrl).host,
    challenge: Buffer.from(challenge, 'base64url'),
    allowCredentials: passkeys.map(({ credentialId }) => ({ id: credentialId })),
    userVerification: 'required',
    timeout: TIMEOUT_MS,
  });
  return JSON.stringify(options);
}

/** What the browser needs to make a passkey for a person. */
export async function registrationOptions(
  publicUrl: string,
  challenge: string,
  { staffId, login, name, passkeys }: { staffId: string; login: string; name: string; passkeys: readonly KnownPasskey[] },
): Promise<string> {
  const options = await generateRegistrationOptions({
    rpName: 'uketori',
    rpID: passkeyPlace(publicUrl).host,
    userName: login,
    userDisplayName: name,
    userID: new Uint8Array(Buffer.from(staffId.replaceAll('-', ''), 'hex')),
    challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
    timeout: TIMEOUT_MS,
    attestationType: 'none',
    excludeCredentials: passkeys.map(({ credentialId }) => ({ id: credentialId })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  return JSON.stringify(options);
}

import { type AuthenticatorTransport, verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import { z } from 'zod';
import type { Trx } from '#db/database';
import { findPasskey, markPasskeyUsed, takeChallenge } from '#db/passkeys';
import type { PasskeyPlace } from '../../domain/passkey';
import type { Portal } from '../../portal';

const base64url = z
  .string()
  .max(4_096)
  .regex(/^[A-Za-z0-9_-]+$/);
const common = { id: base64url.max(1_400), rawId: base64url.max(1_400), type: z.literal('public-key') };
const assertionShape = z.object({
  ...common,
  response: z.object({ authenticatorData: base64url, clientDataJSON: base64url, signature: base64url, userHandle: base64url.optional() }),
});
const registrationShape = z.object({
  ...common,
  response: z.object({
    attestationObject: base64url,
    clientDataJSON: base64url,
    transports: z.array(z.string().max(20)).max(8).default([]),
  }),
});

/** What came from the browser, as it came. */
export interface PasskeyAnswer {
  /** The challenge it must answer, out of its seal. */
  readonly challenge: string;
  readonly response: string;
}

/**
 * Whose passkey answered a challenge: signature, address, user verification and counter are right, and the challenge
 * was answered for the first time, over all processes. Null for anything else.
 */
export async function verifyPasskey(
  trx: Trx,
  crypto: Pick<Portal['crypto'], 'tokenDigest'>,
  { challenge, response }: PasskeyAnswer,
  { place, now }: { place: PasskeyPlace; now: Date },
): Promise<{ staffId: string; passkeyId: string } | null> {
  const parsed = assertionShape.safeParse(readJson(response));
  if (!parsed.success) return null;
  const passkey = await findPasskey(trx, Buffer.from(parsed.data.id, 'base64url'));
  if (!passkey) return null;
  if (!(await takeChallenge(trx, { digest: crypto.tokenDigest('passkey-challenge', challenge), now }))) return null;
  const verified = await orNull(
    verifyAuthenticationResponse({
      response: { ...parsed.data, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: place.origin,
      expectedRPID: place.host,
      requireUserVerification: true,
      credential: {
        id: parsed.data.id,
        publicKey: new Uint8Array(passkey.public_key),
        counter: Number(passkey.counter),
      },
    }),
  );
  if (!verified?.verified) return null;
  await markPasskeyUsed(trx, { id: passkey.id, counter: BigInt(verified.authenticationInfo.newCounter), now });
  return { staffId: passkey.staff_id, passkeyId: passkey.id };
}

/** A new passkey as it is kept. */
export interface NewPasskey {
  readonly credential_id: Buffer;
  readonly public_key: Buffer;
  readonly counter: bigint;
  readonly transports: string[];
}

/** A passkey that was made for this challenge, on our address, with user verification; null otherwise. Each challenge once. */
export async function verifyNewPasskey(
  trx: Trx,
  crypto: Pick<Portal['crypto'], 'tokenDigest'>,
  { challenge, response }: PasskeyAnswer,
  { place, now }: { place: PasskeyPlace; now: Date },
): Promise<NewPasskey | null> {
  const parsed = registrationShape.safeParse(readJson(response));
  if (!parsed.success) return null;
  if (!(await takeChallenge(trx, { digest: crypto.tokenDigest('passkey-challenge', challenge), now }))) return null;
  const { transports, ...made } = parsed.data.response;
  const verified = await orNull(
    verifyRegistrationResponse({
      response: {
        ...parsed.data,
        response: { ...made, transports: transports as AuthenticatorTransport[] },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      expectedOrigin: place.origin,
      expectedRPID: place.host,
      requireUserVerification: true,
    }),
  );
  if (!verified?.verified) return null;
  const { id, publicKey, counter } = verified.registrationInfo.credential;
  return {
    credential_id: Buffer.from(id, 'base64url'),
    public_key: Buffer.from(publicKey),
    counter: BigInt(counter),
    transports,
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The package throws on whatever does not fit. */
function orNull<T>(verification: Promise<T>): Promise<T | null> {
  return verification.catch(() => null);
}

import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** A passkey in software, for tests over HTTP: ES256, attestation "none". What it says can be made wrong. */
export interface SoftPasskey {
  readonly id: string;
  /** As the portal keeps it. */
  readonly publicKey: Buffer;
  counter: bigint;
  register(optionsJson: string, lies?: Lies): string;
  prove(optionsJson: string, lies?: Lies): string;
}

/** What an attacker's authenticator might say. */
export interface Lies {
  readonly origin?: string;
  readonly host?: string;
  readonly challenge?: string;
  /** Without having verified the person. */
  readonly unverified?: boolean;
  readonly signature?: Buffer;
}

/** Makes a passkey for the site at this address. One that is kept on several devices does not count its uses. */
export function makePasskey(publicUrl: string, { counts = true } = {}): SoftPasskey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const credentialId = randomBytes(16);
  const own = { origin: new URL(publicUrl).origin, host: new URL(publicUrl).hostname };
  const passkey: SoftPasskey = {
    id: credentialId.toString('base64url'),
    publicKey: coseKey(publicKey),
    counter: 0n,
    register(optionsJson, lies = {}) {
      const options = JSON.parse(optionsJson) as { challenge: string };
      const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, credentialId.length]), credentialId, coseKey(publicKey)]);
      const authData = Buffer.concat([head(lies.host ?? own.host, lies.unverified ? 0x41 : 0x45, passkey.counter), attested]);
      // {"fmt": "none", "attStmt": {}, "authData": bytes}
      const attestation = Buffer.concat([
        Buffer.from([0xa3]),
        cborText('fmt'),
        cborText('none'),
        cborText('attStmt'),
        Buffer.from([0xa0]),
        cborText('authData'),
        cborBytes(authData),
      ]);
      const clientData = clientDataOf('webauthn.create', options.challenge, own.origin, lies);
      return answerOf({
        attestationObject: attestation.toString('base64url'),
        clientDataJSON: clientData.toString('base64url'),
        transports: ['internal'],
      });
    },
    prove(optionsJson, lies = {}) {
      const options = JSON.parse(optionsJson) as { challenge: string };
      if (counts) passkey.counter += 1n;
      const authData = head(lies.host ?? own.host, lies.unverified ? 0x01 : 0x05, passkey.counter);
      const clientData = clientDataOf('webauthn.get', options.challenge, own.origin, lies);
      const signed = Buffer.concat([authData, createHash('sha256').update(clientData).digest()]);
      return answerOf({
        authenticatorData: authData.toString('base64url'),
        clientDataJSON: clientData.toString('base64url'),
        signature: (lies.signature ?? sign('sha256', signed, privateKey)).toString('base64url'),
      });
    },
  };
  const answerOf = (response: object) => JSON.stringify({ id: passkey.id, rawId: passkey.id, type: 'public-key', response });
  return passkey;
}

function clientDataOf(type: string, challenge: string, origin: string, lies: Lies): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge: lies.challenge ?? challenge, origin: lies.origin ?? origin, crossOrigin: false }));
}

function head(host: string, flags: number, counter: bigint): Buffer {
  const rest = Buffer.alloc(5);
  rest[0] = flags;
  rest.writeUInt32BE(Number(counter), 1);
  return Buffer.concat([createHash('sha256').update(host).digest(), rest]);
}

/** {1: 2, 3: -7, -1: 1, -2: x, -3: y} */
function coseKey(publicKey: KeyObject): Buffer {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  return Buffer.concat([
    Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
    cborBytes(Buffer.from(x, 'base64url')),
    Buffer.from([0x22]),
    cborBytes(Buffer.from(y, 'base64url')),
  ]);
}

function cborText(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 + text.length]), Buffer.from(text)]);
}

function cborBytes(bytes: Buffer): Buffer {
  const length = bytes.length < 256 ? [0x58, bytes.length] : [0x59, bytes.length >> 8, bytes.length & 0xff];
  return Buffer.concat([Buffer.from(length), bytes]);
}

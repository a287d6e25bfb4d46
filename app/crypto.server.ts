import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  sign as signBytes,
  timingSafeEqual,
  verify as verifyBytes,
} from 'node:crypto';

/**
 * All of the portal's encryption and hashing. AES-256-GCM with the place of the value as associated
 * data, so that a ciphertext opens only where it was written; HMAC-SHA-256 for blind indexes, digests
 * and links. Keys have ids; the first of a list is used for writing, all for reading.
 */
export interface Keyring {
  /** Key ids with 32 bytes each, current first. */
  readonly keys: readonly { readonly id: string; readonly secret: Buffer }[];
}

export interface Crypto {
  readonly currentKeyId: string;
  /** Seals a text for one place (`issuances.code`, row id). */
  seal(place: string, rowId: string, text: string): { sealed: Buffer; keyId: string };
  /** Opens what was sealed for the same place and row. @throws when anything was changed or moved */
  open(place: string, rowId: string, sealed: Buffer, keyId: string): string;
  /** Blind index of a normalised value: equal values, equal bytes; says nothing without the key. 16 bytes. */
  index(field: string, value: string): Buffer;
  readonly indexKeyId: string;
  /** The same under every index key: for asking while the keys are being changed. */
  indexAll(field: string, value: string): Buffer[];
  /** A search token of a part of a value, to be filed: 63 bits under the current index key. */
  searchToken(field: string, text: string): bigint;
  /** The same under every index key, to be asked for. */
  searchTokens(field: string, text: string): bigint[];
  /** Keyed digest that recognises a code seen before. 32 bytes, the same under every sealing key. */
  codeDigest(provider: string, code: string): Buffer;
  /** The token of a grant's link: 128 bits, 22 characters base64url. */
  linkToken(grantId: string, generation: number, keyId?: string): string;
  /** 32 bytes drawn for a link by its key, for its phrase; they say nothing about its token. */
  linkDraw(grantId: string, generation: number, keyId: string): Buffer;
  readonly linkKeyId: string;
  /** What the database keeps of a link. */
  linkDigest(token: string): Buffer;
  /** What the database keeps of any other secret token (a session, an invitation, a download). 32 bytes. */
  tokenDigest(purpose: string, token: string): Buffer;
  /** Seals small values that travel through the browser (cookies). */
  sealText(purpose: string, text: string): string;
  /** Opens them; null when forged, cut, or for another purpose. */
  openText(purpose: string, sealed: string): string | null;
  /** A short keyed tag, for form tokens. */
  tag(purpose: string, text: string): string;
  /** Compares in constant time. */
  same(a: string, b: string): boolean;
  /** A new id: UUID version 7, ordered by the given time. */
  newId(now: Date): string;
  /** A new unguessable text of 128 bits. */
  newKey(): string;
}

export interface CryptoKeys {
  /** Seals contacts and codes. Rotated by `uketori keys rotate`. */
  readonly seal: Keyring;
  /** Blind indexes and code digests. The first key indexes; a change is a rotation of the indexes. */
  readonly index: Keyring;
  /** Derives links; an old key must stay while links of it are out. */
  readonly link: Keyring;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Builds the portal's crypto from its keys. `random` is replaced only by the seeded simulation. */
export function makeCrypto(keys: CryptoKeys, random: (size: number) => Buffer = pooledRandom()): Crypto {
  const sealKeys = derive(keys.seal, 'seal');
  const cookieKeys = derive(keys.seal, 'cookie');
  const tagKey = first(derive(keys.seal, 'tag')).secret;
  const indexKeys = derive(keys.index, 'index');
  const searchKeys = derive(keys.index, 'search');
  const digestKey = last(derive(keys.index, 'code-digest')).secret;
  const linkKeys = derive(keys.link, 'link');

  const encrypt = (key: KeyObject, context: string, text: string): Buffer => {
    const iv = random(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(context));
    const body = cipher.update(text, 'utf8');
    return Buffer.concat([iv, body, cipher.final(), cipher.getAuthTag()]);
  };
  const decrypt = (key: KeyObject, context: string, sealed: Buffer): string => {
    if (sealed.length < IV_BYTES + TAG_BYTES) throw new Error('sealed value is cut');
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    return decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  };
  const hmac = (key: KeyObject, ...parts: string[]) =>
    createHmac('sha256', key)
      .update(parts.map((part) => `${part.length}:${part}`).join(''))
      .digest();
  // The highest bit is left out, so that the number fits a column of type bigint.
  const token = (key: KeyObject, field: string, text: string) => hmac(key, field, text).readBigUInt64BE() >> 1n;

  return {
    currentKeyId: first(sealKeys).id,
    seal(place, rowId, text) {
      const key = first(sealKeys);
      return { sealed: encrypt(key.secret, `v1|${place}|${rowId}|${key.id}`, text), keyId: key.id };
    },
    open(place, rowId, sealed, keyId) {
      return decrypt(byId(sealKeys, keyId).secret, `v1|${place}|${rowId}|${keyId}`, sealed);
    },
    index: (field, value) => hmac(first(indexKeys).secret, field, value).subarray(0, 16),
    indexKeyId: first(indexKeys).id,
    indexAll: (field, value) => indexKeys.map((key) => hmac(key.secret, field, value).subarray(0, 16)),
    searchToken: (field, text) => token(first(searchKeys).secret, field, text),
    searchTokens: (field, text) => searchKeys.map((key) => token(key.secret, field, text)),
    codeDigest: (provider, code) => hmac(digestKey, provider, code),
    linkToken(grantId, generation, keyId = first(linkKeys).id) {
      const mac = hmac(byId(linkKeys, keyId).secret, keyId, grantId, String(generation));
      return mac.subarray(0, 16).toString('base64url');
    },
    linkDraw: (grantId, generation, keyId) => hmac(byId(linkKeys, keyId).secret, 'phrase', keyId, grantId, String(generation)),
    linkKeyId: first(linkKeys).id,
    linkDigest: (token) => createHash('sha256').update(`link:${token}`).digest(),
    tokenDigest: (purpose, token) => createHash('sha256').update(`${purpose}:${token}`).digest(),
    sealText(purpose, text) {
      const key = first(cookieKeys);
      return `${key.id}.${encrypt(key.secret, `v1|${purpose}|${key.id}`, text).toString('base64url')}`;
    },
    openText(purpose, sealed) {
      const [keyId = '', body = ''] = sealed.split('.', 2);
      const key = cookieKeys.find((candidate) => candidate.id === keyId);
      if (!key || body.length > 4096) return null;
      try {
        return decrypt(key.secret, `v1|${purpose}|${keyId}`, Buffer.from(body, 'base64url'));
      } catch {
        return null;
      }
    },
    tag: (purpose, text) => hmac(tagKey, purpose, text).subarray(0, 16).toString('base64url'),
    same(a, b) {
      const left = createHash('sha256').update(a).digest();
      const right = createHash('sha256').update(b).digest();
      return timingSafeEqual(left, right);
    },
    newId: (now) => uuidV7(now, random(10)),
    newKey: () => random(16).toString('base64url'),
  };
}

/** SHA-256 of a file's bytes, fed piece by piece. */
export function fileDigest(): { update(chunk: Uint8Array): void; digest(): Buffer } {
  const hash = createHash('sha256');
  return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest() };
}

const CHAIN_START = 'uketori audit';

/** The hash before the first entry of the audit chain; the database begins with the same. */
export function chainStart(): Buffer {
  return createHash('sha256').update(CHAIN_START).digest();
}

/** The hash at the next place of a chain: over the one before and the text that stands there. */
export function chainHash(before: Uint8Array, text: string): Buffer {
  return createHash('sha256').update(before).update(text, 'utf8').digest();
}

/** Signs records so that anybody with the public key can check them, without a database and without our keys. */
export interface Signer {
  readonly keyId: string;
  /** Ed25519, 64 bytes. */
  sign(text: string): Buffer;
  /** For whoever checks: id:base64 of the 32 bytes. */
  readonly publicKey: string;
}

/** PKCS#8 and SPKI around the bare 32 bytes of an Ed25519 key. RFC 8410, section 7 and 4. */
const PRIVATE_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** A signer from the first key of a ring: its 32 bytes are the seed of an Ed25519 key. */
export function makeSigner(ring: Keyring): Signer {
  const { id, secret } = first(ring.keys);
  const key = createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, secret]), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    keyId: id,
    sign: (text) => signBytes(null, Buffer.from(text, 'utf8'), key),
    publicKey: `${id}:${spki.subarray(-32).toString('base64')}`,
  };
}

/** Whether a signature is of that text and the key that belongs to this public key (`id:base64` or base64). */
export function isSignedBy(publicKey: string, text: string, signature: Uint8Array): boolean {
  const bare = Buffer.from(publicKey.replace(/^[a-z0-9-]{1,20}:/, ''), 'base64');
  if (bare.length !== 32) return false;
  const key = createPublicKey({ key: Buffer.concat([PUBLIC_PREFIX, bare]), format: 'der', type: 'spki' });
  return verifyBytes(null, Buffer.from(text, 'utf8'), key, signature);
}

/**
 * Reads a keyring as it stands in the environment: `id:base64,id:base64`, 32 bytes each, current first.
 * @returns the ring, or what is wrong with it
 */
export function readKeyring(text: string): { ok: true; ring: Keyring } | { ok: false; problem: string } {
  const keys: { id: string; secret: Buffer }[] = [];
  for (const part of text.split(',').map((p) => p.trim())) {
    const match = /^([a-z0-9-]{1,20}):([A-Za-z0-9+/_-]+={0,2})$/.exec(part);
    if (!match) return { ok: false, problem: 'must be id:base64[,id:base64]' };
    const secret = Buffer.from(match[2] ?? '', 'base64');
    if (secret.length !== 32) return { ok: false, problem: `key ${match[1]} must have 32 bytes` };
    if (new Set(secret).size < 8) return { ok: false, problem: `key ${match[1]} is not random` };
    if (keys.some((key) => key.id === match[1])) return { ok: false, problem: `key id ${match[1]} stands twice` };
    keys.push({ id: match[1] ?? '', secret });
  }
  return { ok: true, ring: { keys } };
}

/** A new key as it is put into a keyring's variable: `id:base64`, 32 random bytes. */
export function newKeyringEntry(id: string): string {
  return `${id}:${randomBytes(32).toString('base64')}`;
}

const POOL_BYTES = 4_096;

/** Random bytes drawn from the system a page at a time: an import asks for three pieces for every row. No byte is given twice. */
function pooledRandom(): (size: number) => Buffer {
  let pool = Buffer.alloc(0);
  return (size) => {
    if (pool.length < size) pool = randomBytes(Math.max(POOL_BYTES, size));
    const piece = pool.subarray(0, size);
    pool = pool.subarray(size);
    return piece;
  };
}

interface DerivedKey {
  readonly id: string;
  readonly secret: KeyObject;
}

function derive(ring: Keyring, purpose: string): DerivedKey[] {
  return ring.keys.map(({ id, secret }) => ({
    id,
    secret: createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `uketori/${purpose}`, 32))),
  }));
}

function first<T>(list: readonly T[]): T {
  const item = list[0];
  if (item === undefined) throw new Error('a keyring is empty');
  return item;
}

function last<T>(list: readonly T[]): T {
  return first(list.slice(-1));
}

function byId(ring: readonly DerivedKey[], id: string): DerivedKey {
  const key = ring.find((candidate) => candidate.id === id);
  if (!key) throw new Error(`key ${id} is not configured`);
  return key;
}

function uuidV7(now: Date, random: Buffer): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(now.getTime(), 0, 6);
  random.copy(bytes, 6, 0, 10);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** How old or how far ahead a signed post may be. */
const POST_AGE_MS = 300_000;

/**
 * Whether a post bears `sha256=` and the HMAC-SHA256 of "timestamp.body" in hexadecimal, and was made lately (its
 * timestamp in seconds).
 */
export function isPostSigned(
  secret: string,
  { body, timestamp, signature }: { readonly body: Uint8Array; readonly timestamp: string; readonly signature: string },
  now: Date,
): boolean {
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(Number(timestamp) * 1_000 - now.getTime()) > POST_AGE_MS) return false;
  const made = Buffer.from(`sha256=${createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')}`);
  const given = Buffer.from(signature);
  return given.length === made.length && timingSafeEqual(given, made);
}

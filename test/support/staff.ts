import type { Role } from '~/domain/access';
import { newTotpSecret, totpAt } from '~/domain/totp';
import { hashPassword } from '~/services/parts/password-hash';
import type { SoftPasskey } from './authenticator';
import type { TestPortal } from './portal';
import type { RecipientSite, Visitor } from './recipient-site';

/** Somebody who works in the console, with an authenticator app. */
export interface TestStaff {
  readonly id: string;
  readonly login: string;
  readonly role: Role;
  /** The authenticator app's number now. Each is taken once: the clock must go on by 30 s before the next. */
  totp(): string;
}

let serial = 0;

/** A member of staff, as owner: with TOTP, bound to the given campaigns or to none. */
export async function insertStaff(
  owner: TestPortal,
  role: Role,
  options: { campaigns?: readonly string[]; name?: string } = {},
): Promise<TestStaff> {
  serial += 1;
  const now = owner.clock.now();
  const id = owner.crypto.newId(now);
  const secret = newTotpSecret();
  const { sealed, keyId } = owner.crypto.seal('staff.totp', id, secret);
  const login = `${role.replace('_', '-')}-${serial}`;
  await owner.db
    .insertInto('staff')
    .values({
      id,
      login,
      name: options.name ?? `職員${serial}`,
      role,
      all_campaigns: options.campaigns === undefined,
      totp_sealed: sealed,
      totp_key_id: keyId,
      created_at: now,
    })
    .execute();
  for (const campaign_id of options.campaigns ?? []) {
    await owner.db.insertInto('staff_campaigns').values({ staff_id: id, campaign_id }).execute();
  }
  return { id, login, role, totp: () => totpAt(secret, owner.clock.now()) };
}

/** Somebody who can sign in at the page as well. */
export interface SignableStaff extends TestStaff {
  readonly password: string;
}

/** A member of staff with a password besides. */
export async function insertSignable(
  owner: TestPortal,
  role: Role,
  options: Parameters<typeof insertStaff>[2] = {},
): Promise<SignableStaff> {
  const staff = await insertStaff(owner, role, options);
  const password = `correct horse ${owner.crypto.newKey()}`;
  await owner.db
    .updateTable('staff')
    .set({ password_hash: await hashPassword(password) })
    .where('id', '=', staff.id)
    .execute();
  return { ...staff, password };
}

/** A running session of theirs, as owner. @returns the token of its cookie */
export async function insertSession(owner: TestPortal, staff: Pick<TestStaff, 'id'>): Promise<string> {
  const now = owner.clock.now();
  const token = owner.crypto.newKey() + owner.crypto.newKey();
  await owner.db
    .insertInto('staff_sessions')
    .values({
      id: owner.crypto.newId(now),
      digest: owner.crypto.tokenDigest('staff-session', token),
      staff_id: staff.id,
      created_at: now,
      seen_at: now,
      ends_at: new Date(now.getTime() + 12 * 3_600_000),
    })
    .execute();
  return token;
}

/** A browser in which a new member of staff with this role is signed in. */
export async function signInAs(
  site: RecipientSite,
  role: Role,
  options: { campaigns?: readonly string[]; name?: string } = {},
): Promise<{ staff: TestStaff; visitor: Visitor }> {
  const staff = await insertStaff(site.owner, role, options);
  const visitor = site.visitor();
  visitor.cookies.set('__Host-staff', await insertSession(site.owner, staff));
  return { staff, visitor };
}

/** The hidden fields of the form on a page whose field `act` has this value. */
export function formOfAct(html: string, act: string): [string, string][] {
  for (const [form] of html.matchAll(/<form [\s\S]*?<\/form>/g)) {
    const fields = [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map((match): [string, string] => [
      match[1] ?? '',
      match[2] ?? '',
    ]);
    if (fields.some(([name, value]) => name === 'act' && value === act)) return fields;
  }
  throw new Error(`no form for ${act}`);
}

/** The value of the first attribute of this name on a page. */
export function attributeOf(html: string, name: string): string {
  const value = new RegExp(` ${name}="([^"]*)"`).exec(html)?.[1];
  if (value === undefined) throw new Error(`no ${name} on the page`);
  return value.replaceAll('&quot;', '"').replaceAll('&amp;', '&').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&#x27;', "'");
}

/** Registers a passkey for somebody, as owner. */
export async function insertSoftPasskey(
  owner: TestPortal,
  staff: Pick<TestStaff, 'id'>,
  passkey: SoftPasskey,
  slot: 1 | 2 = 1,
): Promise<void> {
  const now = owner.clock.now();
  await owner.db
    .insertInto('passkeys')
    .values({
      id: owner.crypto.newId(now),
      staff_id: staff.id,
      slot,
      credential_id: Buffer.from(passkey.id, 'base64url'),
      public_key: passkey.publicKey,
      label: 'テスト用',
      created_at: now,
    })
    .execute();
}

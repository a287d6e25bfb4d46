import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { totpAt } from '~/domain/totp';
import { makePasskey } from '../support/authenticator';
import { type Answer, type RecipientSite, startRecipientSite, type Visitor } from '../support/recipient-site';
import { attributeOf, formOfAct, insertSession, insertSoftPasskey, signInAs, type TestStaff } from '../support/staff';

const PUBLIC_URL = 'https://uketori.example';
const GOOD = 'blue lantern under the bridge';

let site: RecipientSite;

beforeAll(async () => {
  site = await startRecipientSite();
});
afterAll(() => site.stop());
beforeEach(async () => {
  await sql`delete from rate_limits`.execute(site.owner.db);
  site.owner.clock.advance(60_000);
});

const PATH = '/admin/account?change=set_password';
const withPassword = (fields: [string, string][], password = GOOD): [string, string][] => [
  ...fields,
  ['password', password],
  ['password_again', password],
];

async function changePassword(visitor: Visitor, totp: string, password = GOOD): Promise<Answer> {
  const page = await visitor.get(PATH);
  return visitor.post(PATH, [...withPassword(formOfAct(page.text, 'set_password'), password), ['totp', totp]]);
}
const staffRow = (id: string) => site.owner.db.selectFrom('staff').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const elsewhere = async (staff: TestStaff) => {
  const visitor = site.visitor();
  visitor.cookies.set('__Host-staff', await insertSession(site.owner, staff));
  return visitor;
};

describe('a proof before an act', () => {
  it('by number lets the act be done, and gives the session a new token', async () => {
    const { staff, visitor } = await signInAs(site, 'viewer');
    const before = visitor.cookies.get('__Host-staff') ?? '';
    expect(await changePassword(visitor, staff.totp())).toMatchObject({ status: 303, location: '/admin/account?now=password_set' });
    expect((await staffRow(staff.id)).password_hash).toMatch(/^\$argon2id/);
    expect(visitor.cookies.get('__Host-staff')).not.toBe(before);
    expect((await visitor.get('/admin/account')).status).toBe(200);
    const thief = site.visitor();
    thief.cookies.set('__Host-staff', before);
    expect((await thief.get('/admin/account')).status, 'the old token opens nothing').toBe(303);
  });

  it('takes a number once, and a wrong one never', async () => {
    const { staff, visitor } = await signInAs(site, 'viewer');
    const totp = staff.totp();
    expect((await changePassword(visitor, '000000')).status).toBe(422);
    expect((await changePassword(visitor, '')).status).toBe(422);
    expect((await changePassword(visitor, totp)).status).toBe(303);
    const again = await changePassword(visitor, totp);
    expect(again.status).toBe(422);
    expect(again.text).toContain('すでに使われました');
    expect(again.text).toContain('aria-invalid="true"');
    const failures = await site.owner.db
      .selectFrom('audit_entries')
      .select('act')
      .where('actor', '=', `staff:${staff.id}`)
      .where('act', '=', 'proof_failed')
      .execute();
    expect(failures).toHaveLength(3);
  });

  it('has a limit on guesses; a right one does not count', async () => {
    const { staff, visitor } = await signInAs(site, 'viewer');
    for (let i = 0; i < 9; i += 1) await changePassword(visitor, '000000');
    expect((await changePassword(visitor, staff.totp())).status).toBe(303);
    expect((await changePassword(visitor, '000000')).status).toBe(422);
    site.owner.clock.advance(60_000);
    const stopped = await changePassword(visitor, staff.totp());
    expect(stopped.status).toBe(422);
    expect(stopped.text).toContain('試みが多すぎます');
  });

  it('by passkey is bound to the act, the session and five minutes, and answers once', async () => {
    const { staff, visitor } = await signInAs(site, 'viewer');
    const passkey = makePasskey(PUBLIC_URL);
    await insertSoftPasskey(site.owner, staff, passkey);
    const proofOn = async (browser: Visitor, path: string, act: string) => {
      const page = await browser.get(path);
      const fields = formOfAct(page.text, act).filter(([name]) => name !== 'passkey');
      return withPassword([...fields, ['passkey', passkey.prove(attributeOf(page.text, 'data-passkey'))]]);
    };
    // For another act.
    const other = await proofOn(visitor, '/admin/account?change=start_totp', 'start_totp');
    const moved = other.map(([name, value]): [string, string] => (name === 'act' ? ['act', 'set_password'] : [name, value]));
    expect((await visitor.post(PATH, moved)).status).toBe(422);
    // In another session of the same person.
    const second = await elsewhere(staff);
    const token = formOfAct((await second.get(PATH)).text, 'set_password').filter(([name]) => name === 'token');
    const mine = await proofOn(visitor, PATH, 'set_password');
    expect((await second.post(PATH, [...token, ...mine.filter(([name]) => name !== 'token')])).status).toBe(422);
    // Too late.
    const late = await proofOn(visitor, PATH, 'set_password');
    site.owner.clock.advance(5 * 60_000 + 1_000);
    const expired = await visitor.post(PATH, late);
    expect(expired.status).toBe(422);
    expect(expired.text).toContain('5分以上');
    expect((await staffRow(staff.id)).password_hash).toBeNull();
    // As it should be, once.
    const right = await proofOn(visitor, PATH, 'set_password');
    expect((await visitor.post(PATH, right)).status).toBe(303);
    expect((await visitor.post(PATH, right)).status).toBe(422);
  });

  it('by the passkey of somebody else is none', async () => {
    const { staff, visitor } = await signInAs(site, 'viewer');
    const { staff: stranger } = await signInAs(site, 'administrator');
    const [own, foreign] = [makePasskey(PUBLIC_URL), makePasskey(PUBLIC_URL)];
    await insertSoftPasskey(site.owner, staff, own);
    await insertSoftPasskey(site.owner, stranger, foreign);
    const page = await visitor.get(PATH);
    const fields = formOfAct(page.text, 'set_password').filter(([name]) => name !== 'passkey');
    const response = foreign.prove(attributeOf(page.text, 'data-passkey'));
    expect((await visitor.post(PATH, [...withPassword(fields), ['passkey', response]])).status).toBe(422);
  });

  it('at the same time in two tabs signs neither of them out', async () => {
    const { staff, visitor } = await signInAs(site, 'viewer');
    const page = await visitor.get(PATH);
    const first = [...withPassword(formOfAct(page.text, 'set_password')), ['totp', staff.totp()] as [string, string]];
    expect((await visitor.post(PATH, first)).status).toBe(303);
    site.owner.clock.advance(60_000);
    // The other tab was opened before; the browser sends the new cookie with it.
    const second = [...withPassword(formOfAct(page.text, 'set_password')), ['totp', staff.totp()] as [string, string]];
    expect((await visitor.post(PATH, second)).status).toBe(303);
    expect((await visitor.get('/admin')).status).toBe(200);
  });
});

describe('my account', () => {
  it('loses no number over a bad password', async () => {
    const { staff, visitor } = await signInAs(site, 'viewer');
    const totp = staff.totp();
    const bad = await changePassword(visitor, totp, 'password1234');
    expect(bad.status).toBe(422);
    expect(bad.text).toContain('推測されやすい');
    expect((await changePassword(visitor, totp)).status).toBe(303);
  });

  it('changes the password and signs me out everywhere else', async () => {
    const { staff, visitor } = await signInAs(site, 'viewer');
    const other = await elsewhere(staff);
    expect((await other.get('/admin')).status).toBe(200);
    await changePassword(visitor, staff.totp());
    expect((await other.get('/admin')).status).toBe(303);
    expect((await visitor.get('/admin')).status).toBe(200);
  });

  it('switches the authenticator only after its number; the old one is good no more', async () => {
    const { staff, visitor } = await signInAs(site, 'viewer');
    const path = '/admin/account?change=start_totp';
    const before = (await staffRow(staff.id)).totp_sealed;
    const page = await visitor.get(path);
    const set = await visitor.post(path, [...formOfAct(page.text, 'start_totp'), ['totp', staff.totp()]]);
    expect(set.status).toBe(200);
    expect((await staffRow(staff.id)).totp_sealed).toEqual(before);
    const secret = (/<code class="secret">([^<]+)</.exec(set.text)?.[1] ?? '').replaceAll(' ', '');
    const wrong = await visitor.post(path, [...formOfAct(set.text, 'confirm_totp'), ['totp', '000000']]);
    expect(wrong.status).toBe(422);
    const right = totpAt(secret, site.owner.clock.now());
    expect((await visitor.post(path, [...formOfAct(wrong.text, 'confirm_totp'), ['totp', right]])).status).toBe(303);
    site.owner.clock.advance(60_000);
    expect((await changePassword(visitor, staff.totp())).status, 'the old app').toBe(422);
    expect((await changePassword(visitor, totpAt(secret, site.owner.clock.now()))).status).toBe(303);
  });

  it('takes no authenticator without the page that the proof opened', async () => {
    const { staff, visitor } = await signInAs(site, 'viewer');
    const page = await visitor.get('/admin/account?change=start_totp');
    const token = formOfAct(page.text, 'start_totp').filter(([name]) => name === 'token');
    for (const sealed of ['', 'x', 'k1.AAAA']) {
      const answer = await visitor.post('/admin/account', [
        ...token,
        ['act', 'confirm_totp'],
        ['new_totp', sealed],
        ['totp', staff.totp()],
      ]);
      expect(answer.status).toBe(422);
    }
  });

  it('takes two passkeys and no third, each only after a proof', async () => {
    const { staff, visitor } = await signInAs(site, 'viewer');
    const path = '/admin/account?change=add_passkey';
    const add = async () => {
      site.owner.clock.advance(60_000);
      const page = await visitor.get(path);
      const make = await visitor.post(path, [
        ...formOfAct(page.text, 'add_passkey').filter(([name]) => !name.startsWith('passkey')),
        ['totp', staff.totp()],
      ]);
      const fields = formOfAct(make.text, 'add_passkey').filter(([name]) => name !== 'passkey');
      const response = makePasskey(PUBLIC_URL).register(attributeOf(make.text, 'data-passkey-new'));
      return visitor.post(path, [...fields, ['passkey', response], ['label', '<b>PC</b>']]);
    };
    expect((await add()).location).toBe('/admin/account?now=passkey_added');
    expect((await add()).location).toBe('/admin/account?now=passkey_added');
    expect((await add()).location).toBe('/admin/account');
    const shown = await visitor.get('/admin/account');
    expect(shown.text).toContain('&lt;b&gt;PC&lt;/b&gt;');
    expect(shown.text).not.toContain('<b>PC</b>');
    expect(await site.owner.db.selectFrom('passkeys').select('slot').where('staff_id', '=', staff.id).orderBy('slot').execute()).toEqual([
      { slot: 1 },
      { slot: 2 },
    ]);
    // Without a proof: the page's challenge is missing.
    const token = formOfAct((await visitor.get('/admin/account')).text, 'end_session').filter(([name]) => name === 'token');
    const forced = await visitor.post(path, [...token, ['act', 'add_passkey'], ['passkey_registration', '1'], ['passkey', '{}']]);
    expect(forced.status).toBe(422);
  });

  it('never takes away the last thing I can sign in with', async () => {
    const { staff, visitor } = await signInAs(site, 'viewer');
    const passkey = makePasskey(PUBLIC_URL);
    await insertSoftPasskey(site.owner, staff, passkey);
    const path = '/admin/account?change=remove_passkey&slot=1';
    const remove = async () => {
      site.owner.clock.advance(60_000);
      const page = await visitor.get(path);
      return visitor.post(path, [
        ...formOfAct(page.text, 'remove_passkey').filter(([name]) => !name.startsWith('passkey')),
        ['totp', staff.totp()],
      ]);
    };
    expect((await remove()).status, 'no password: the passkey is all there is').toBe(409);
    site.owner.clock.advance(60_000);
    await changePassword(visitor, staff.totp());
    expect((await remove()).location).toBe('/admin/account?now=passkey_removed');
  });

  it('lists where I am signed in and ends one of them', async () => {
    const { staff, visitor } = await signInAs(site, 'viewer');
    const other = await elsewhere(staff);
    const page = await visitor.get('/admin/account');
    const forms = [...page.text.matchAll(/name="session" value="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(forms).toHaveLength(2);
    const mine = await site.owner.db.selectFrom('staff_sessions').select(['id', 'digest']).where('staff_id', '=', staff.id).execute();
    const digest = site.owner.crypto.tokenDigest('staff-session', visitor.cookies.get('__Host-staff') ?? '');
    const otherId = mine.find((row) => !row.digest.equals(digest))?.id ?? '';
    const token = formOfAct(page.text, 'end_session').filter(([name]) => name === 'token');
    await visitor.post('/admin/account', [...token, ['act', 'end_session'], ['session', otherId]]);
    expect((await other.get('/admin')).status).toBe(303);
    expect((await visitor.get('/admin')).status).toBe(200);
  });

  it('ends nobody else’s session', async () => {
    const { visitor } = await signInAs(site, 'administrator');
    const { staff, visitor: stranger } = await signInAs(site, 'viewer');
    const { id } = await site.owner.db.selectFrom('staff_sessions').select('id').where('staff_id', '=', staff.id).executeTakeFirstOrThrow();
    const token = formOfAct((await visitor.get('/admin/account')).text, 'end_session').filter(([name]) => name === 'token');
    for (const session of [id, 'x', "' or 1=1"]) {
      expect((await visitor.post('/admin/account', [...token, ['act', 'end_session'], ['session', session]])).status).toBe(303);
    }
    expect((await stranger.get('/admin')).status).toBe(200);
  });
});

describe('a session', () => {
  it('ends after fifteen idle minutes, and goes on while it is used', async () => {
    const { visitor } = await signInAs(site, 'viewer');
    for (let i = 0; i < 3; i += 1) {
      site.owner.clock.advance(14 * 60_000);
      expect((await visitor.get('/admin')).status).toBe(200);
    }
    site.owner.clock.advance(15 * 60_000 + 1_000);
    expect((await visitor.get('/admin')).status).toBe(303);
  });

  it('ends after twelve hours, however it is used', async () => {
    const { visitor } = await signInAs(site, 'viewer');
    for (let i = 0; i < 12 * 6 - 1; i += 1) {
      site.owner.clock.advance(10 * 60_000);
      expect((await visitor.get('/admin/account')).status).toBe(200);
    }
    site.owner.clock.advance(10 * 60_000);
    expect((await visitor.get('/admin/account')).status).toBe(303);
  });

  it('ended by another process is dead at the next request', async () => {
    const { staff, visitor } = await signInAs(site, 'viewer');
    await sql`update staff_sessions set ended_at = ${site.owner.clock.now()}, end_reason = 'ended_by_staff' where staff_id = ${staff.id}`.execute(
      site.owner.db,
    );
    expect((await visitor.get('/admin')).status).toBe(303);
    expect((await visitor.post('/admin/sign-out', [['act', 'sign_out']])).status).toBe(401);
  });

  it('is not ended by a request that came without its cookie', async () => {
    const answer = await site.visitor().get('/admin');
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('signed out is over on the server, not in the browser only', async () => {
    const { visitor } = await signInAs(site, 'viewer');
    const cookie = visitor.cookies.get('__Host-staff') ?? '';
    const page = await visitor.get('/admin');
    expect((await visitor.get('/admin/sign-out')).location, 'the address alone signs nobody out').toBe('/admin');
    const out = await visitor.post('/admin/sign-out', formOfAct(page.text, 'sign_out'));
    expect(out).toMatchObject({ status: 303, location: '/admin/sign-in' });
    expect(visitor.cookies.has('__Host-staff')).toBe(false);
    visitor.cookies.set('__Host-staff', cookie);
    expect((await visitor.get('/admin')).status).toBe(303);
  });

  it.each(['', 'x', 'A'.repeat(44), `${'A'.repeat(43)}!`, 'A'.repeat(5_000)])('is none with a cookie that is none: %j', async (cookie) => {
    const visitor = site.visitor();
    visitor.cookies.set('__Host-staff', cookie);
    expect((await visitor.get('/admin')).status).toBe(303);
  });
});

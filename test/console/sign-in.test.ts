import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { signInPassword } from '~/services/sign-in-password';
import { type Lies, makePasskey, type SoftPasskey } from '../support/authenticator';
import { type Answer, type RecipientSite, startRecipientSite, type Visitor } from '../support/recipient-site';
import { attributeOf, formOfAct, insertSignable, insertSoftPasskey, insertStaff, type SignableStaff } from '../support/staff';

let site: RecipientSite;
let anna: SignableStaff;

beforeAll(async () => {
  site = await startRecipientSite();
  anna = await insertSignable(site.owner, 'operator');
});
afterAll(() => site.stop());
beforeEach(async () => {
  await sql`delete from rate_limits`.execute(site.owner.db);
  // A number is taken once.
  site.owner.clock.advance(60_000);
});

interface Typed {
  login?: string;
  password?: string;
  totp?: string;
  next?: string;
}

async function signIn(visitor: Visitor, typed: Typed = {}) {
  const page = await visitor.get(`/admin/sign-in${typed.next ? `?next=${encodeURIComponent(typed.next)}` : ''}`);
  return visitor.post('/admin/sign-in', [
    ...formOfAct(page.text, 'password'),
    ['login', typed.login ?? anna.login],
    ['password', typed.password ?? anna.password],
    ['totp', typed.totp ?? anna.totp()],
  ]);
}

const audit = () =>
  site.owner.db.selectFrom('audit_entries').select(['act', 'actor', 'subject_kind', 'subject_id']).orderBy('id').execute();

describe('signing in', () => {
  it('takes login, password and number, and gives a session in a cookie that no script and no other site can use', async () => {
    const visitor = site.visitor();
    const answer = await signIn(visitor);
    expect(answer).toMatchObject({ status: 303, location: '/admin' });
    const cookie = answer.headers.getSetCookie().find((line) => line.startsWith('__Host-staff='));
    expect(cookie).toMatch(/^__Host-staff=[A-Za-z0-9_-]{44}; Path=\/; Secure; HttpOnly; SameSite=Strict$/);
    const home = await visitor.get('/admin');
    expect(home.status).toBe(200);
    expect(home.headers.get('cache-control')).toBe('no-store');
    expect((await audit()).at(-1)).toMatchObject({ act: 'sign_in', actor: `staff:${anna.id}` });
  });

  it('takes a number once', async () => {
    const totp = anna.totp();
    expect((await signIn(site.visitor(), { totp })).status).toBe(303);
    expect((await signIn(site.visitor(), { totp })).status).toBe(422);
  });

  it('of two who bring the same number at the same time lets one in', async () => {
    const totp = anna.totp();
    const answers = await Promise.all([signIn(site.visitor(), { totp }), signIn(site.visitor(), { totp })]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([303, 422]);
  });

  it.each([
    ['an unknown login', { login: 'nobody-here' }],
    ['a wrong password', { password: 'not the right one' }],
    ['a wrong number', { totp: '000000' }],
    ['no number', { totp: '' }],
    ['a login of one megabyte, cut', { login: 'x'.repeat(20_000) }],
    ['a login with a NUL', { login: 'anna\0' }],
    ['an emoji', { login: '👩‍🚒' }],
    ['a kanji login', { login: '早川' }],
    ['SQL', { login: "' or 1=1 --" }],
    ['an empty login', { login: '' }],
    ['a number in full width that is wrong', { totp: '００００００' }],
  ])('answers %s with the same sentence', async (_title, typed) => {
    const reference = await signIn(site.visitor(), { password: 'wrong again and again' });
    const answer = await signIn(site.visitor(), typed);
    const plain = (page: Answer) => messageOf(page.text);
    expect(answer.status).toBe(422);
    expect(plain(answer)).toBe(plain(reference));
    expect(answer.headers.getSetCookie().filter((line) => line.startsWith('__Host-staff='))).toEqual([]);
  });

  it('takes login and number however they were typed', async () => {
    const wide = (text: string) => text.replaceAll(/[0-9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
    const answer = await signIn(site.visitor(), { login: ` ${anna.login.toUpperCase()}　`, totp: wide(anna.totp()) });
    expect(answer.status).toBe(303);
  });

  it('refuses a body of one megabyte', async () => {
    const answer = await site.visitor().post('/admin/sign-in', [['login', 'x'.repeat(1_000_000)]]);
    expect(answer.status).toBe(413);
  });

  it('works as hard for nobody as for somebody: the hash is computed for unknown logins as well', async () => {
    const measure = async (login: string) => {
      const took: number[] = [];
      for (let i = 0; i < 5; i += 1) {
        const started = performance.now();
        await signInPassword(site.console, {
          login,
          password: 'x'.repeat(20),
          totp: '000000',
          client: '',
          previousSessionId: null,
          now: site.owner.clock.now(),
        });
        took.push(performance.now() - started);
      }
      return took.sort((a, b) => a - b)[1] ?? 0;
    };
    await measure(anna.login);
    const [known, unknown] = [await measure(anna.login), await measure('nobody-here')];
    expect(unknown).toBeGreaterThan(known / 3);
  });

  it('shuts out a disabled person with the same answer', async () => {
    const gone = await insertSignable(site.owner, 'viewer');
    await site.owner.db.updateTable('staff').set({ disabled_at: site.owner.clock.now() }).where('id', '=', gone.id).execute();
    const answer = await signIn(site.visitor(), { login: gone.login, password: gone.password, totp: gone.totp() });
    expect(answer.status).toBe(422);
  });

  it('keeps failures on the record: the login only where somebody has it, a tag otherwise', async () => {
    await signIn(site.visitor(), { password: 'wrong wrong wrong' });
    site.owner.clock.advance(1_000);
    await signIn(site.visitor(), { login: 'my-secret-password' });
    site.owner.clock.advance(1_000);
    await signIn(site.visitor(), { login: 'my-secret-password' });
    const [known, unknown, again] = (await audit()).slice(-3);
    expect(known).toMatchObject({ act: 'sign_in_failed', actor: 'sign-in', subject_kind: 'login', subject_id: anna.login });
    expect(unknown).toMatchObject({ act: 'sign_in_failed', subject_kind: 'unknown_login' });
    expect(unknown?.subject_id).not.toContain('secret');
    expect(again?.subject_id).toBe(unknown?.subject_id);
  });
});

describe('where to go on after signing in', () => {
  it.each([
    ['/admin/approvals?state=proposed', '/admin/approvals?state=proposed'],
    ['https://evil.example/admin', '/admin'],
    ['//evil.example/admin', '/admin'],
    ['/admin//evil.example', '/admin'],
    ['/\\evil.example', '/admin'],
    ['/admin/../r/x', '/admin'],
    ['/admin/%2e%2e/r/x', '/admin'],
    ['/administrator', '/admin'],
    ['/admin/sign-out', '/admin'],
    ['javascript:alert(1)', '/admin'],
    ['', '/admin'],
  ])('%s leads to %s', async (next, location) => {
    expect((await signIn(site.visitor(), { next })).location).toBe(location);
  });

  it('is kept from the page one wanted, also over a wrong try, and whoever is signed in goes there at once', async () => {
    const visitor = site.visitor();
    expect((await visitor.get('/admin/account?x=1')).location).toBe('/admin/sign-in?next=%2Fadmin%2Faccount%3Fx%3D1');
    const wrong = await signIn(visitor, { next: '/admin/account?x=1', password: 'wrong' });
    expect(formOfAct(wrong.text, 'password')).toContainEqual(['next', '/admin/account?x=1']);
    expect(wrong.text).toContain(`value="${anna.login}"`);
    await signIn(visitor);
    expect((await visitor.get('/admin/sign-in?next=/admin/account')).location).toBe('/admin/account');
  });
});

describe('guessing', () => {
  const wrong = () => signIn(site.visitor(), { password: 'guess guess guess' });

  it('at one login stops after ten tries, and only failures count', async () => {
    for (let i = 0; i < 3; i += 1) {
      site.owner.clock.advance(60_000);
      expect((await signIn(site.visitor())).status).toBe(303);
    }
    for (let i = 0; i < 10; i += 1) expect((await wrong()).status).toBe(422);
    const stopped = await wrong();
    expect(stopped.status).toBe(429);
    expect(Number(stopped.headers.get('retry-after'))).toBeGreaterThan(0);
    site.owner.clock.advance(60_000);
    expect((await signIn(site.visitor())).status, 'nor with the right password').toBe(429);
    const stops = (await audit()).filter(({ act }) => act === 'sign_in_stopped');
    expect(stops, 'once, however often').toMatchObject([{ actor: 'sign-in', subject_kind: 'login', subject_id: anna.login }]);
  });

  it('locks nobody out of the device on which they signed in before', async () => {
    const own = site.visitor();
    expect((await signIn(own)).status).toBe(303);
    for (let i = 0; i < 11; i += 1) await wrong();
    site.owner.clock.advance(60_000);
    own.cookies.delete('__Host-staff');
    expect((await signIn(own)).status).toBe(303);
  });

  it('gains nothing by a made-up device, or by one of another person', async () => {
    const other = await insertSignable(site.owner, 'viewer');
    const device = site.visitor();
    expect((await signIn(device, { login: other.login, password: other.password, totp: other.totp() })).status).toBe(303);
    const cookie = device.cookies.get('__Host-staff-device') ?? '';
    expect(cookie).not.toContain(other.login);
    for (let i = 0; i < 10; i += 1) await wrong();
    for (const forged of [cookie, cookie.slice(0, -2), 'x', 'k1.AAAA']) {
      const visitor = site.visitor();
      visitor.cookies.set('__Host-staff-device', forged);
      expect((await signIn(visitor, { password: 'guess' })).status).toBe(429);
    }
  });

  it('from one address stops after thirty tries at whatever logins', async () => {
    for (let i = 0; i < 30; i += 1) await signIn(site.visitor(), { login: `guess-${i}` });
    expect((await signIn(site.visitor(), { login: 'guess-31' })).status).toBe(429);
  });
});

describe('a forged form', () => {
  const body = (token: string): [string, string][] => [
    ['token', token],
    ['act', 'password'],
    ['login', anna.login],
    ['password', anna.password],
    ['totp', anna.totp()],
  ];

  it.each([
    ['from another site', { 'sec-fetch-site': 'cross-site' }],
    ['from a sister site', { 'sec-fetch-site': 'same-site' }],
    ['with a foreign origin', { origin: 'https://evil.example' }],
  ])('%s signs nobody in', async (_title, headers: Record<string, string>) => {
    const visitor = site.visitor();
    const page = await visitor.get('/admin/sign-in');
    const token = formOfAct(page.text, 'password').find(([name]) => name === 'token')?.[1] ?? '';
    expect((await visitor.post('/admin/sign-in', body(token), headers)).status).toBe(403);
  });

  it.each(['', 'x', 'A'.repeat(22)])('without the token of this browser signs nobody in: %j', async (token) => {
    const visitor = site.visitor();
    await visitor.get('/admin/sign-in');
    expect((await visitor.post('/admin/sign-in', body(token))).status).toBe(403);
    expect((await site.visitor().post('/admin/sign-in', body(token))).status).toBe(403);
  });
});

describe('a passkey', () => {
  const PUBLIC_URL = 'https://uketori.example';

  async function withPasskey() {
    const staff = await insertStaff(site.owner, 'approver');
    const passkey = makePasskey(PUBLIC_URL);
    await insertSoftPasskey(site.owner, staff, passkey);
    return { staff, passkey };
  }
  async function prove(visitor: Visitor, passkey: SoftPasskey, lies?: Lies) {
    const page = await visitor.get('/admin/sign-in');
    const fields = formOfAct(page.text, 'passkey').filter(([name]) => name !== 'passkey');
    const body: [string, string][] = [...fields, ['passkey', passkey.prove(attributeOf(page.text, 'data-passkey'), lies)]];
    return { body, answer: await visitor.post('/admin/sign-in', body) };
  }

  it('signs its owner in without a login', async () => {
    const { staff, passkey } = await withPasskey();
    const visitor = site.visitor();
    expect((await prove(visitor, passkey)).answer).toMatchObject({ status: 303, location: '/admin' });
    expect((await visitor.get('/admin')).status).toBe(200);
    expect((await audit()).at(-1)).toMatchObject({ act: 'sign_in', actor: `staff:${staff.id}` });
  });

  it('answers a challenge once', async () => {
    const { passkey } = await withPasskey();
    const visitor = site.visitor();
    const { body } = await prove(visitor, passkey);
    expect((await visitor.post('/admin/sign-in', body)).status).toBe(422);
  });

  it('answers within five minutes, and in the browser that asked', async () => {
    const { passkey } = await withPasskey();
    const visitor = site.visitor();
    const page = await visitor.get('/admin/sign-in');
    const fields = formOfAct(page.text, 'passkey').filter(([name]) => name !== 'passkey');
    const body: [string, string][] = [...fields, ['passkey', passkey.prove(attributeOf(page.text, 'data-passkey'))]];
    const other = site.visitor();
    const token = formOfAct((await other.get('/admin/sign-in')).text, 'passkey').filter(([name]) => name === 'token');
    expect((await other.post('/admin/sign-in', [...token, ...body.filter(([name]) => name !== 'token')])).status).toBe(422);
    site.owner.clock.advance(5 * 60_000 + 1_000);
    expect((await visitor.post('/admin/sign-in', body)).status).toBe(422);
  });

  it.each<[string, Lies]>([
    ['from another address', { origin: 'https://uketori.example.evil' }],
    ['for another host', { host: 'evil.example' }],
    ['without having verified the person', { unverified: true }],
    ['for another challenge', { challenge: Buffer.alloc(32).toString('base64url') }],
    ['with a signature of somebody else', { signature: Buffer.alloc(70, 3) }],
  ])('is refused %s', async (_title, lies) => {
    const { passkey } = await withPasskey();
    expect((await prove(site.visitor(), passkey, lies)).answer.status).toBe(422);
  });

  it('that was copied is found out by its counter', async () => {
    const { passkey } = await withPasskey();
    await prove(site.visitor(), passkey);
    passkey.counter = 0n;
    expect((await prove(site.visitor(), passkey)).answer.status).toBe(422);
  });

  it('of nobody, of a disabled person, or unreadable is refused', async () => {
    const { staff, passkey } = await withPasskey();
    await site.owner.db.updateTable('staff').set({ disabled_at: site.owner.clock.now() }).where('id', '=', staff.id).execute();
    expect((await prove(site.visitor(), passkey)).answer.status).toBe(422);
    expect((await prove(site.visitor(), makePasskey(PUBLIC_URL))).answer.status).toBe(422);
    for (const rubbish of ['', '{', '[]', '{"id":1}', 'null', 'x'.repeat(9_000)]) {
      const visitor = site.visitor();
      const fields = formOfAct((await visitor.get('/admin/sign-in')).text, 'passkey').filter(([name]) => name !== 'passkey');
      expect((await visitor.post('/admin/sign-in', [...fields, ['passkey', rubbish]])).status).toBe(422);
    }
  });
});

function messageOf(html: string): string {
  return /<p class="message fail"[^>]*>([^<]*)</.exec(html)?.[1] ?? 'no message';
}

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { totpAt } from '~/domain/totp';
import { inviteStaff } from '~/services/invite-staff';
import { inviteStaffAgain } from '~/services/invite-staff-again';
import { makePasskey } from '../support/authenticator';
import { type Answer, type RecipientSite, startRecipientSite } from '../support/recipient-site';
import { attributeOf, formOfAct, insertSession, insertSignable } from '../support/staff';

const PUBLIC_URL = 'https://uketori.example';
const GOOD = 'blue lantern under the bridge';
const HOUR = 3_600_000;
const byOwner = { actor: 'cli:test', staffId: null, scope: 'all' as const };

let site: RecipientSite;
let serial = 0;

beforeAll(async () => {
  site = await startRecipientSite();
});
afterAll(() => site.stop());
beforeEach(() => site.owner.clock.advance(60_000));

async function invite(): Promise<{ path: string; staffId: string; login: string }> {
  serial += 1;
  const login = `hana-${serial}`;
  const now = site.owner.clock.now();
  const result = await inviteStaff(site.owner, { login, name: '早川 花', role: 'operator', scope: 'all', by: byOwner, now });
  if (result.kind !== 'invited') throw new Error(result.reason);
  return { path: `/admin/invitations/${result.token}`, staffId: result.staffId, login };
}

const visitor = () => site.visitor();
type Browser = ReturnType<typeof visitor>;

const choose = (browser: Browser, path: string, page: Answer, password: string, again = password) =>
  browser.post(path, [...formOfAct(page.text, 'password'), ['password', password], ['password_again', again]]);
const secretOn = (page: Answer) => (/<code class="secret">([^<]+)</.exec(page.text)?.[1] ?? '').replaceAll(' ', '');
const staffRow = (id: string) => site.owner.db.selectFrom('staff').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

describe('an invitation', () => {
  it('keeps only the digest of its link, and no account can sign in before it is used', async () => {
    const { staffId, path } = await invite();
    const [row] = await site.owner.db.selectFrom('staff_invitations').selectAll().where('staff_id', '=', staffId).execute();
    expect(JSON.stringify(row)).not.toContain(path.split('/').at(-1));
    expect(row?.digest).toHaveLength(32);
    expect(await staffRow(staffId)).toMatchObject({ password_hash: null, totp_sealed: null });
  });

  it('leads to a password, then to an authenticator, then into the console', async () => {
    const { path, staffId } = await invite();
    const browser = visitor();
    const first = await browser.get(path);
    expect(first.text).toContain('早川 花');
    expect(await choose(browser, path, first, GOOD)).toMatchObject({ status: 303, location: path });
    expect(await staffRow(staffId), 'half of it is nothing').toMatchObject({ password_hash: null });
    const second = await browser.get(path);
    const secret = secretOn(second);
    const done = await browser.post(path, [...formOfAct(second.text, 'totp'), ['totp', totpAt(secret, site.owner.clock.now())]]);
    expect(done).toMatchObject({ status: 303, location: '/admin' });
    expect((await browser.get('/admin')).status).toBe(200);
    expect((await staffRow(staffId)).password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect((await visitor().get(path)).status, 'once only').toBe(404);
    const kept = await site.owner.db.selectFrom('staff_invitations').select('password_hash').where('staff_id', '=', staffId).execute();
    expect(kept).toEqual([{ password_hash: null }]);
  });

  it('can be gone on with in another browser, with the same key for the app, until it expires', async () => {
    const { path } = await invite();
    const browser = visitor();
    await choose(browser, path, await browser.get(path), GOOD);
    const secret = secretOn(await browser.get(path));
    site.owner.clock.advance(23 * HOUR);
    const later = await visitor().get(path);
    expect(secretOn(later)).toBe(secret);
    site.owner.clock.advance(HOUR + 60_000);
    expect((await visitor().get(path)).status).toBe(404);
  });

  it('leads to a passkey in one step', async () => {
    const { path, staffId } = await invite();
    const browser = visitor();
    const page = await browser.get(path);
    const passkey = makePasskey(PUBLIC_URL);
    const fields: [string, string][] = formOfAct(page.text, 'passkey').filter(([name]) => name !== 'passkey');
    const response = passkey.register(attributeOf(page.text, 'data-passkey-new'));
    expect(await browser.post(path, [...fields, ['passkey', response], ['label', '会社のPC']])).toMatchObject({
      status: 303,
      location: '/admin',
    });
    const [kept] = await site.owner.db.selectFrom('passkeys').selectAll().where('staff_id', '=', staffId).execute();
    expect(kept).toMatchObject({ slot: 1, label: '会社のPC' });
    expect(kept?.credential_id.toString('base64url')).toBe(passkey.id);
  });

  it.each([
    ['from another address', { origin: 'https://uketori.example.evil' }],
    ['for another host', { host: 'evil.example' }],
    ['without having verified the person', { unverified: true }],
    ['for another challenge', { challenge: Buffer.alloc(32).toString('base64url') }],
  ])('takes no passkey %s', async (_title, lies) => {
    const { path, staffId } = await invite();
    const browser = visitor();
    const page = await browser.get(path);
    const fields = formOfAct(page.text, 'passkey').filter(([name]) => name !== 'passkey');
    const response = makePasskey(PUBLIC_URL).register(attributeOf(page.text, 'data-passkey-new'), lies);
    expect((await browser.post(path, [...fields, ['passkey', response], ['label', '']])).status).toBe(422);
    expect(await site.owner.db.selectFrom('passkeys').selectAll().where('staff_id', '=', staffId).execute()).toEqual([]);
  });

  it.each([
    ['short', 'kurzes wort', 'too_short', '12文字以上にしてください'],
    ['common', 'Password123456', 'common', '推測されやすい'],
    ['a run', '123456789012345', 'common', '推測されやすい'],
    ['full-width common', 'ｐａｓｓｗｏｒｄ１２３４５', 'common', '推測されやすい'],
    ['the own name', '早川 花 2023 ok!', 'personal', '名前やログイン名が含まれています'],
    ['with a NUL', 'blue lantern\0under', 'unreadable', '使えない文字'],
  ])('refuses a password that is %s, beside the field', async (_title, password, _reason, words) => {
    const { path } = await invite();
    const browser = visitor();
    const answer = await choose(browser, path, await browser.get(path), password);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(words);
    expect(answer.text).toContain('aria-invalid="true"');
    expect(answer.text).not.toContain(password);
  });

  it('refuses two entries that differ', async () => {
    const { path } = await invite();
    const browser = visitor();
    expect((await choose(browser, path, await browser.get(path), GOOD, `${GOOD}!`)).text).toContain('2回の入力が一致しません');
  });

  it('refuses a wrong number, and a number without a password', async () => {
    const { path } = await invite();
    const browser = visitor();
    const first = await browser.get(path);
    const token = formOfAct(first.text, 'password').filter(([name]) => name === 'token');
    expect((await browser.post(path, [...token, ['act', 'totp'], ['totp', '000000']])).status).toBe(422);
    await choose(browser, path, first, GOOD);
    const second = await browser.get(path);
    const wrong = await browser.post(path, [...formOfAct(second.text, 'totp'), ['totp', '000000']]);
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('番号が違います');
  });

  it('made again leaves what the person has until it is used, and then takes all of it away', async () => {
    const anna = await insertSignable(site.owner, 'operator');
    const session = await insertSession(site.owner, anna);
    const now = site.owner.clock.now();
    const first = await inviteStaffAgain(site.owner, { staffId: anna.id, by: byOwner, now });
    const again = await inviteStaffAgain(site.owner, { staffId: anna.id, by: byOwner, now });
    if (first.kind !== 'invited' || again.kind !== 'invited') throw new Error('not invited');
    expect((await visitor().get(`/admin/invitations/${first.token}`)).status, 'the newer one takes its place').toBe(404);
    const path = `/admin/invitations/${again.token}`;
    const browser = visitor();
    await choose(browser, path, await browser.get(path), GOOD);
    const old = visitor();
    old.cookies.set('__Host-staff', session);
    expect((await old.get('/admin')).status).toBe(200);
    const page = await browser.get(path);
    await browser.post(path, [...formOfAct(page.text, 'totp'), ['totp', totpAt(secretOn(page), site.owner.clock.now())]]);
    expect((await old.get('/admin')).status).toBe(303);
    expect((await staffRow(anna.id)).password_hash).not.toBeNull();
  });

  it.each(['', 'short', 'A'.repeat(22), '../../etc', '%00', '🙂'.repeat(8)])(
    'that is none looks as one that was used: %j',
    async (token) => {
      const answer = await visitor().get(`/admin/invitations/${encodeURIComponent(token)}`);
      expect([400, 404]).toContain(answer.status);
    },
  );

  it('of a disabled person is void', async () => {
    const { path, staffId } = await invite();
    await site.owner.db.updateTable('staff').set({ disabled_at: site.owner.clock.now() }).where('id', '=', staffId).execute();
    expect((await visitor().get(path)).status).toBe(404);
  });

  it('used twice at the same time is used once', async () => {
    const { path, staffId } = await invite();
    const browser = visitor();
    await choose(browser, path, await browser.get(path), GOOD);
    const page = await browser.get(path);
    const body = [...formOfAct(page.text, 'totp'), ['totp', totpAt(secretOn(page), site.owner.clock.now())] as [string, string]];
    const answers = await Promise.all([browser.post(path, body), browser.post(path, body)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 404]);
    const sessions = await site.owner.db.selectFrom('staff_sessions').select('id').where('staff_id', '=', staffId).execute();
    expect(sessions).toHaveLength(1);
  });
});

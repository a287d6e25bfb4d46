import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RecipientSite, startRecipientSite, type Visitor } from '../support/recipient-site';
import { formOfAct, insertSignable, type SignableStaff } from '../support/staff';

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
});

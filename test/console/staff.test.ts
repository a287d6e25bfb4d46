import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '~/domain/access';
import { changeStaff } from '~/services/change-staff';
import { disableStaff } from '~/services/disable-staff';
import { type Answer, type RecipientSite, startRecipientSite, type Visitor } from '../support/recipient-site';
import { formOfAct, insertSession, insertStaff, signInAs, type TestStaff } from '../support/staff';

let site: RecipientSite;
let admin: { staff: TestStaff; visitor: Visitor };
let other: string;

beforeAll(async () => {
  site = await startRecipientSite();
  other = 'aso-test';
  await sql`insert into campaigns (id, settings, redeem_until, grant_ceiling_yen, created_at)
    select ${other}, settings, redeem_until, grant_ceiling_yen, created_at from campaigns`.execute(site.owner.db);
});
afterAll(() => site.stop());
beforeEach(async () => {
  await sql`delete from rate_limits`.execute(site.owner.db);
  site.owner.clock.advance(60_000);
  admin = await signInAs(site, 'administrator');
});

type Fields = readonly (readonly [string, string])[];

/** Does an act on somebody through its page, with a number as proof. */
async function act(by: typeof admin, id: string, name: string, fields: Fields = [], totp = by.staff.totp()): Promise<Answer> {
  const path = `/admin/staff/${id}?do=${name}`;
  const page = await by.visitor.get(path);
  return by.visitor.post(path, [...formOfAct(page.text, name), ...fields, ['totp', totp]]);
}
async function invite(by: typeof admin, fields: Fields, totp = by.staff.totp()): Promise<Answer> {
  const page = await by.visitor.get('/admin/staff?invite=1');
  return by.visitor.post('/admin/staff?invite=1', [...formOfAct(page.text, 'invite'), ...fields, ['totp', totp]]);
}
const row = (id: string) => site.owner.db.selectFrom('staff').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const acts = async (subject: string) =>
  (await site.owner.db.selectFrom('audit_entries').select('act').where('subject_id', '=', subject).orderBy('at').execute()).map(
    ({ act: done }) => done,
  );
const PERSON: Fields = [
  ['name', '早川 花'],
  ['role', 'operator'],
  ['all', '1'],
];

describe('inviting', () => {
  it('shows a link once, which leads to the new account', async () => {
    const answer = await invite(admin, [['login', 'hayakawa'], ...PERSON]);
    expect(answer.status).toBe(200);
    const link = /https:\/\/uketori\.example(\/admin\/invitations\/[A-Za-z0-9_-]{22})/.exec(answer.text)?.[1] ?? '';
    expect((await site.visitor().get(link)).text).toContain('早川 花');
    const { id, created_by, role } = await site.owner.db
      .selectFrom('staff')
      .selectAll()
      .where('login', '=', 'hayakawa')
      .executeTakeFirstOrThrow();
    expect({ created_by, role }).toEqual({ created_by: admin.staff.id, role: 'operator' });
    expect(await acts(id)).toEqual(['invite_staff']);
    const list = await admin.visitor.get('/admin/staff');
    expect(list.text).toContain('早川 花');
    expect(list.text, 'the list has no link').not.toContain('/admin/invitations/');
  });

  it.each<[string, Fields, string]>([
    ['a login that is none', [['login', '早川'], ...PERSON], 'この形のログイン名は使えません'],
    [
      'no name',
      [
        ['login', 'nobody1'],
        ['name', ' '],
        ['role', 'viewer'],
        ['all', '1'],
      ],
      '氏名は1～60文字',
    ],
    [
      'a name with a control sign',
      [
        ['login', 'nobody2'],
        ['name', 'a\u202eb'],
        ['role', 'viewer'],
        ['all', '1'],
      ],
      '氏名は1～60文字',
    ],
    [
      'no programme',
      [
        ['login', 'nobody3'],
        ['name', 'X'],
        ['role', 'viewer'],
      ],
      '事業を1つ以上選んでください',
    ],
    [
      'an unknown programme',
      [
        ['login', 'nobody4'],
        ['name', 'X'],
        ['role', 'viewer'],
        ['campaign', 'nowhere'],
      ],
      'そのような事業はありません',
    ],
  ])('refuses %s beside the field, keeps what was typed, and makes nothing', async (_title, fields, words) => {
    const answer = await invite(admin, fields);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(words);
    const login = fields.find(([name]) => name === 'login')?.[1] ?? '';
    expect(answer.text).toContain(`value="${login}"`);
    expect(await site.owner.db.selectFrom('staff').select('id').where('login', '=', login).execute()).toEqual([]);
  });

  it('refuses a login that is taken', async () => {
    expect((await invite(admin, [['login', admin.staff.login], ...PERSON])).text).toContain('すでに使われています');
  });

  it('needs a proof', async () => {
    const answer = await invite(admin, [['login', 'without-proof'], ...PERSON], '000000');
    expect(answer.status).toBe(422);
    expect(await site.owner.db.selectFrom('staff').select('id').where('login', '=', 'without-proof').execute()).toEqual([]);
  });

  it('shows a name as text everywhere', async () => {
    await invite(admin, [
      ['login', 'xss-1'],
      ['name', '<script>alert(1)</script>'],
      ['role', 'viewer'],
      ['all', '1'],
    ]);
    const { id } = await site.owner.db.selectFrom('staff').select('id').where('login', '=', 'xss-1').executeTakeFirstOrThrow();
    for (const path of ['/admin/staff', `/admin/staff/${id}`, `/admin/staff/${id}?do=disable`]) {
      const page = await admin.visitor.get(path);
      expect(page.text).toContain('&lt;script&gt;alert(1)');
      expect(page.text).not.toContain('<script>alert');
    }
  });
});

describe('changing a role', () => {
  it('ends the person’s sessions at once', async () => {
    const { staff, visitor } = await signInAs(site, 'operator');
    const answer = await act(admin, staff.id, 'change', [
      ['role', 'viewer'],
      ['campaign', site.campaignId],
    ]);
    expect(answer.location).toBe(`/admin/staff/${staff.id}?now=changed`);
    expect((await visitor.get('/admin')).status).toBe(303);
    expect(await row(staff.id)).toMatchObject({ role: 'viewer', all_campaigns: false });
    expect(await acts(staff.id)).toEqual(['change_staff']);
    const [session] = await site.owner.db.selectFrom('staff_sessions').select('end_reason').where('staff_id', '=', staff.id).execute();
    expect(session?.end_reason).toBe('role_changed');
  });

  it('is nothing one does to oneself', async () => {
    const page = await admin.visitor.get(`/admin/staff/${admin.staff.id}?do=change`);
    expect(page.text).toContain('自分自身の役割や状態は変えられません');
    const token = formOfAct(page.text, 'sign_out').filter(([name]) => name === 'token');
    for (const name of ['change', 'disable', 'enable']) {
      const answer = await admin.visitor.post(`/admin/staff/${admin.staff.id}`, [
        ...token,
        ['act', name],
        ['role', 'approver'],
        ['all', '1'],
        ['totp', admin.staff.totp()],
      ]);
      expect(answer.status).toBe(422);
      site.owner.clock.advance(60_000);
    }
    expect((await row(admin.staff.id)).role).toBe('administrator');
  });

  it('leaves everything as it is without a proof, or with one for another person', async () => {
    const { staff } = await signInAs(site, 'operator');
    expect(
      (
        await act(
          admin,
          staff.id,
          'change',
          [
            ['role', 'approver'],
            ['all', '1'],
          ],
          '000000',
        )
      ).status,
    ).toBe(422);
    expect((await row(staff.id)).role).toBe('operator');
  });
});

describe('the last administrator', () => {
  const by = { actor: 'cli:test', staffId: null, scope: 'all' as const };
  const able = (id: string) => sql`update staff set password_hash = '$argon2id$x' where id = ${id}`.execute(site.owner.db);
  beforeEach(async () => {
    await sql`update staff set disabled_at = now() where role = 'administrator' and id <> ${admin.staff.id}`.execute(site.owner.db);
    await able(admin.staff.id);
  });

  it('is neither disabled nor given another role, also when another one was invited and never came', async () => {
    await insertStaff(site.owner, 'administrator');
    const now = site.owner.clock.now();
    expect(await disableStaff(site.console, { staffId: admin.staff.id, by, now })).toEqual({
      kind: 'refused',
      reason: 'last_administrator',
    });
    const change = { staffId: admin.staff.id, role: 'viewer' as Role, scope: 'all' as const, by, now };
    expect(await changeStaff(site.console, change)).toEqual({ kind: 'refused', reason: 'last_administrator' });
    expect((await admin.visitor.get('/admin')).status).toBe(200);
  });

  it('stays when two administrators disable each other at the same time', async () => {
    for (let round = 0; round < 5; round += 1) {
      const second = await insertStaff(site.owner, 'administrator');
      await able(second.id);
      const now = site.owner.clock.now();
      const as = (id: string) => ({ actor: `staff:${id}`, staffId: id, scope: 'all' as const });
      const results = await Promise.all([
        disableStaff(site.console, { staffId: second.id, by: as(admin.staff.id), now }),
        disableStaff(site.console, { staffId: admin.staff.id, by: as(second.id), now }),
      ]);
      expect(results.map(({ kind }) => kind).sort()).toEqual(['disabled', 'refused']);
      await sql`update staff set disabled_at = null where id = ${admin.staff.id}`.execute(site.owner.db);
      await sql`update staff set disabled_at = now() where id = ${second.id}`.execute(site.owner.db);
    }
  });
});

describe('disabling, enabling, ending sessions, inviting again', () => {
  it('shuts somebody out at once and lets them in again', async () => {
    const { staff, visitor } = await signInAs(site, 'viewer');
    expect((await act(admin, staff.id, 'disable')).location).toContain('now=disabled');
    expect((await visitor.get('/admin')).status).toBe(303);
    site.owner.clock.advance(60_000);
    expect((await act(admin, staff.id, 'enable')).location).toContain('now=enabled');
    expect((await visitor.get('/admin')).status, 'the session stays ended').toBe(303);
    const fresh = site.visitor();
    fresh.cookies.set('__Host-staff', await insertSession(site.owner, staff));
    expect((await fresh.get('/admin')).status).toBe(200);
    expect(await acts(staff.id)).toEqual(['disable_staff', 'enable_staff']);
  });

  it('ends every session of somebody', async () => {
    const { staff, visitor } = await signInAs(site, 'viewer');
    expect((await act(admin, staff.id, 'end_sessions')).location).toContain('now=ended');
    expect((await visitor.get('/admin')).status).toBe(303);
  });

  it('gives a new link; until it is used nothing changes', async () => {
    const { staff, visitor } = await signInAs(site, 'viewer');
    const answer = await act(admin, staff.id, 'invite_again');
    expect(answer.text).toMatch(/\/admin\/invitations\/[A-Za-z0-9_-]{22}/);
    expect((await visitor.get('/admin')).status).toBe(200);
  });

  it('answers for an id of nobody as if there were no such page', async () => {
    for (const id of [randomUUID(), 'x', '%27', '🙂']) {
      expect((await admin.visitor.get(`/admin/staff/${encodeURIComponent(id)}`)).status).toBe(404);
    }
  });
});

describe('an administrator bound to a campaign', () => {
  it('sees and keeps only those who see no more, and gives no more away', async () => {
    const bound = await signInAs(site, 'administrator', { campaigns: [site.campaignId] });
    const inside = await insertStaff(site.owner, 'viewer', { campaigns: [site.campaignId], name: '内 側子' });
    const outside = await insertStaff(site.owner, 'viewer', { campaigns: [site.campaignId, other], name: '外 側子' });
    const list = await bound.visitor.get('/admin/staff');
    expect(list.text).toContain('内 側子');
    expect(list.text).not.toContain('外 側子');
    expect((await bound.visitor.get(`/admin/staff/${outside.id}`)).status).toBe(404);
    const wider = await act(bound, inside.id, 'change', [
      ['role', 'viewer'],
      ['campaign', other],
    ]);
    expect(wider.status).toBe(422);
    expect(wider.text).toContain('自分の担当していない事業は選べません');
    site.owner.clock.advance(60_000);
    expect(
      (
        await act(bound, inside.id, 'change', [
          ['role', 'viewer'],
          ['all', '1'],
        ])
      ).status,
    ).toBe(422);
    expect(await row(inside.id)).toMatchObject({ all_campaigns: false });
  });
});

describe('an auditor', () => {
  it('looks and changes nothing', async () => {
    const { visitor } = await signInAs(site, 'auditor');
    const { staff } = await signInAs(site, 'viewer');
    const list = await visitor.get('/admin/staff');
    expect(list.status).toBe(200);
    expect(list.text).not.toContain('invite=1');
    const page = await visitor.get(`/admin/staff/${staff.id}?do=disable`);
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('name="act" value="disable"');
  });
});

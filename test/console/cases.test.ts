import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeBulk } from '#db/bulk';
import { makePool } from '#db/database';
import { callAbout, loadRegister, storyOf } from '../support/cases';
import { couponLine, KUMAMOTO, paymentLine } from '../support/coupons';
import { type RecipientSite, startRecipientSite, type Visitor } from '../support/recipient-site';
import { formOfAct, signInAs } from '../support/staff';

/** A call taken in the console, followed to its end by two people. */
const NUMBER = '437000000001';
let site: RecipientSite;
let pool: ReturnType<typeof makePool>;
beforeAll(async () => {
  site = await startRecipientSite();
  pool = makePool(site.ownerUrl, { max: 1, name: 'test-cases-bulk', statementTimeoutMs: 0 });
  await loadRegister(
    { ...site.owner, bulk: makeBulk(pool) },
    [couponLine(NUMBER, { balance: '400', phone: '090-1234-5678' }), couponLine('437000000002')],
    [paymentLine('P1', NUMBER, 600, { result: '応答なし' })],
  );
});
afterAll(async () => {
  await pool.end();
  await site.stop();
});
beforeEach(() => site.owner.clock.set(new Date('2023-03-06T14:00:00+09:00')));

type Pairs = [string, string][];
const said = (more: Parameters<typeof callAbout>[1] = {}): Pairs => Object.entries(callAbout(NUMBER, more));
const told = (more: Parameters<typeof storyOf>[1] = {}): Pairs =>
  Object.entries(storyOf([], { said1: '宿', ...more })).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as [string, string]] : [],
  );
const countCases = async () => (await site.owner.db.selectFrom('cases').select('id').execute()).length;

/** The first step, filled in. @returns the second page */
async function look(visitor: Visitor, call: Pairs) {
  const page = await visitor.get('/admin/cases/new');
  const own = ['token', 'act', 'candidate'];
  const fields = formOfAct(page.text, 'look').filter(([name]) => own.includes(name));
  return visitor.post('/admin/cases/new', [...fields, ['campaign', KUMAMOTO], ...call]);
}
const hiddenOf = (html: string, act: string): Pairs => {
  const form =
    [...html.matchAll(/<form [\s\S]*?<\/form>/g)].map(([each]) => each).find((each) => each.includes(`name="act" value="${act}"`)) ?? '';
  return [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map((m) => [m[1] ?? '', m[2] ?? '']);
};
const step = async (visitor: Visitor, address: string, act: string, more: Pairs = []) => {
  const page = await visitor.get(address);
  return visitor.post(`${address}?index`, [...hiddenOf(page.text, act), ...more]);
};

describe('a call', () => {
  it('is taken in two steps: what was said beside the register, nothing written before the last, nothing lost on an error', async () => {
    const { visitor } = await signInAs(site, 'call_centre');
    const wrong = await look(visitor, said({ phone: 'abc' }));
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('value="相談 花子"');
    expect(wrong.text).toContain('aria-invalid="true"');
    const second = await look(visitor, said());
    expect(second.status).toBe(200);
    expect(second.text).toContain('600円');
    expect(second.text).toContain('余分の疑い');
    expect(second.text).not.toContain('1234-5678');
    expect(await countCases()).toBe(0);
    const fields = hiddenOf(second.text, 'open');
    const refused = await visitor.post('/admin/cases/new', [...fields, ...told({ said2: '999' }), ['payment', 'P1']]);
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('画面が固まり');
    expect(await countCases()).toBe(0);
    const back = await visitor.post('/admin/cases/new', [...fields, ...told(), ['back', '1']]);
    expect(back.text).toContain('value="soudan@example.jp"');
    for (let i = 0; i < 2; i += 1) {
      const opened = await visitor.post('/admin/cases/new', [...fields, ...told(), ['payment', 'P1']]);
      expect(opened.status).toBe(303);
    }
    expect(await countCases()).toBe(1);
  });

  it('is followed to its end: the shop, the proposal, the second person, what to say, done', async () => {
    const agent = await signInAs(site, 'call_centre');
    const { visitor, staff } = agent;
    const fields = hiddenOf((await look(visitor, said())).text, 'open');
    const opened = await visitor.post('/admin/cases/new', [...fields, ...told(), ['payment', 'P1']]);
    const address = (opened.location ?? '').split('?')[0] ?? '';
    const first = await visitor.get(opened.location ?? '');
    expect(first.text).toMatch(/受付番号 \d{4}-\d{3}-\d{3} をお伝えください/);
    expect((await step(visitor, address, 'take')).status).toBe(303);
    expect((await step(visitor, address, 'ask_shop', [['body', '電話した']])).status).toBe(303);
    const silent = await step(visitor, address, 'shop_answer', [
      ['answer', ''],
      ['body', '伝票あり'],
    ]);
    expect(silent.status).toBe(422);
    expect(silent.text).toContain('伝票あり');
    expect(
      (
        await step(visitor, address, 'shop_answer', [
          ['answer', 'agrees'],
          ['body', '伝票あり'],
        ])
      ).status,
    ).toBe(303);
    const ready = await visitor.get(address);
    expect(ready.text).toContain('600円を残高に戻し、延長する');
    const decide = await visitor.get(`${address}/decide`);
    const proposed = await visitor.post(`${address}/decide`, [
      ...hiddenOf(decide.text, 'decide_case'),
      ['reason', 'shop_confirmed'],
      ['evidence', '店舗の伝票'],
      ['note', ''],
      ['totp', staff.totp()],
    ]);
    expect(proposed.status).toBe(303);
    expect((await visitor.get(address)).text).toContain('承認待ちの申請があります');
    const second = await signInAs(site, 'approver');
    const approvalPath = (proposed.location ?? '').split('?')[0] ?? '';
    site.owner.clock.advance(31_000);
    const approval = await second.visitor.get(approvalPath);
    expect(approval.text).toContain('戻入・延長');
    const decided = await second.visitor.post(approvalPath, [...formOfAct(approval.text, 'approve'), ['totp', second.staff.totp()]]);
    expect(decided.status).toBe(303);
    const after = await visitor.get(address);
    expect(after.text).toContain('600円をクーポンの残高に戻し、有効期限を2023年3月31日（金）23:59まで延長いたしました');
    expect((await step(visitor, address, 'close', [['body', '']])).status).toBe(303);
    expect((await visitor.get(address)).text).toContain('この件の対応は終わっております');
  });

  it('is found by its number, its inquiry number, the name and the telephone, and by nobody out of scope', async () => {
    const { visitor } = await signInAs(site, 'call_centre');
    const { number, id } = await site.owner.db
      .selectFrom('cases')
      .select(['number', 'id'])
      .orderBy('opened_at', 'desc')
      .executeTakeFirstOrThrow();
    const page = await visitor.get('/admin/cases?state=any');
    for (const find of [number, NUMBER, '相談 花子', '０９０７０００００01']) {
      const found = await visitor.post('/admin/cases?index', [...hiddenOf(page.text, 'find_case'), ['find', find]]);
      expect([find, found.status, found.text.includes(`/admin/cases/${id}`)]).toEqual([find, 200, true]);
    }
    expect((await visitor.post('/admin/cases?index', [...hiddenOf(page.text, 'find_case'), ['find', ' ']])).status).toBe(422);
    // The search for people knows its number, too.
    const people = await visitor.get('/admin/find');
    const byNumber: Pairs = [...hiddenOf(people.text, 'find'), ['fact', `${number.slice(0, 4)}-${number.slice(4)}`], ['second', '']];
    expect(await visitor.post('/admin/find', byNumber)).toMatchObject({ status: 303, location: `/admin/cases/${id}` });
    const { visitor: stranger } = await signInAs(site, 'operator', { campaigns: [] });
    expect((await stranger.get(`/admin/cases/${id}`)).status).toBe(404);
    expect((await stranger.get(`/admin/cases/${id}/decide`)).status).toBe(404);
    expect((await stranger.get('/admin/cases?state=any')).text).not.toContain(id);
    const strange = await stranger.get('/admin/find');
    const asked: Pairs = [...hiddenOf(strange.text, 'find'), ['fact', number], ['second', '']];
    expect((await stranger.post('/admin/find', asked)).location).not.toBe(`/admin/cases/${id}`);
  });

  it('shows the whole contact only to who says why, on the record', async () => {
    const { visitor } = await signInAs(site, 'call_centre');
    const { id } = await site.owner.db.selectFrom('cases').select('id').executeTakeFirstOrThrow();
    const address = `/admin/cases/${id}`;
    expect((await visitor.get(address)).text).not.toContain('090-7000-0001');
    expect((await step(visitor, address, 'unmask', [['reason', '']])).status).toBe(422);
    const shown = await step(visitor, address, 'unmask', [['reason', 'call_back']]);
    expect(shown.text).toContain('090-7000-0001');
    expect(shown.text).toContain('090-1234-5678');
    expect((await visitor.get(address)).text).not.toContain('090-7000-0001');
    const acts = await site.owner.db.selectFrom('audit_entries').select('act').where('subject_id', '=', id).execute();
    expect(acts.map(({ act }) => act)).toContain('unmask');
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PERSON_ACTS } from '~/domain/acts';
import { requestRedemption } from '~/services/request-redemption';
import { insertPerson } from '../support/people';
import { type Answer, MAY_20, type RecipientSite, startRecipientSite, type Visitor } from '../support/recipient-site';
import { formOfAct, signInAs, type TestStaff } from '../support/staff';

/** The pages on which something is done about one person, over HTTP, by a form without scripts. */
let site: RecipientSite;
let clock = MAY_20.getTime();

beforeAll(async () => {
  site = await startRecipientSite();
});
beforeEach(() => {
  site.fate = 'well';
  later();
});
afterAll(() => site.stop());

/** No number of an authenticator works twice. */
function later(): void {
  clock += 60_000;
  site.owner.clock.set(new Date(clock));
}

async function chosen(fate: RecipientSite['fate'], provider = 'nanaco', yen = 1_357): Promise<string> {
  const grantId = await site.grant(yen);
  site.fate = fate;
  const taken = await requestRedemption(site.portal, {
    grantId,
    requestKey: site.portal.crypto.newKey(),
    choices: [{ provider, yen: BigInt(yen) }],
  });
  expect(taken.kind).toBe('accepted');
  await site.issue(grantId);
  site.fate = 'well';
  return grantId;
}

const textOf = (html: string) =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

async function fill(
  visitor: Visitor,
  path: string,
  fields: Record<string, string>,
  staff?: TestStaff,
): Promise<{ page: Answer; answer: Answer }> {
  const page = await visitor.get(path);
  const act = /\/([a-z_]+)(?:\?|$)/.exec(path)?.[1] ?? '';
  const answer = await visitor.post(path, [
    ...formOfAct(page.text, act),
    ...Object.entries(fields),
    ...(staff ? ([['totp', staff.totp()]] as const) : []),
  ]);
  return { page, answer };
}

const approvalsOf = (grantId: string) => site.owner.db.selectFrom('approvals').selectAll().where('grant_id', '=', grantId).execute();

describe('the form of a re-issue', () => {
  it('says what will change, the amount on its button and what the recipient will read; then who decides', async () => {
    const grantId = await chosen('refused');
    const { visitor, staff } = await signInAs(site, 'operator');
    const path = `/admin/people/${grantId}/reissue`;
    const { page, answer } = await fill(visitor, path, { reason: 'not_issued', note: '電話で確認\r\n2件目' }, staff);
    for (const words of ['発行失敗', '発行処理中', '1,357円分の再発行を申請する', '別の承認者が24時間以内に決めます'])
      expect(page.text).toContain(words);
    expect(page.text).toMatch(/<blockquote class="quote" lang="ja">/);
    expect(answer.status).toBe(303);
    const after = await visitor.get(answer.location ?? '');
    expect(textOf(after.text)).toMatch(
      /「再発行を申請する」（1,357円）を申請しました。別の承認者が2023年5月21日（日）\d\d:\d\dまでに決めます/,
    );
    const [approval] = await approvalsOf(grantId);
    expect(approval).toMatchObject({ act: 'reissue', state: 'proposed', yen: 1_357n, reason: 'not_issued', note: '電話で確認 2件目' });
    // A second one is not offered: the page says that one waits.
    const second = await visitor.get(path);
    expect(textOf(second.text)).toContain('すでに承認を待っているか実行中です');
    expect(second.text).not.toContain('name="reason"');
  });

  it('does nothing without a proof, and keeps what was typed', async () => {
    const grantId = await chosen('refused');
    const { visitor } = await signInAs(site, 'operator');
    const { answer } = await fill(visitor, `/admin/people/${grantId}/reissue`, { reason: 'other', note: '<b>メモ</b>', totp: '000000' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('&lt;b&gt;メモ&lt;/b&gt;');
    expect(answer.text).toContain('<option value="other" selected="">');
    expect(answer.text).toContain('id="step-error"');
    expect(await approvalsOf(grantId)).toEqual([]);
  });

  it('puts what is wrong beside its field before a proof is asked for', async () => {
    const grantId = await chosen('refused');
    const { visitor, staff } = await signInAs(site, 'operator');
    const path = `/admin/people/${grantId}/reissue`;
    const missing = await fill(visitor, path, { reason: '' }, staff);
    expect(missing.answer.status).toBe(422);
    expect(missing.answer.text).toContain('aria-describedby="act-reason-error"');
    // The same number still works: it was not used up.
    const elsewhere = await fill(visitor, path, { reason: 'wrong_provider', provider: 'paypay' }, staff);
    expect(elsewhere.answer.text).toContain('id="act-consent-error"');
    const long = await fill(visitor, path, { reason: 'other', note: 'あ'.repeat(501) }, staff);
    expect(long.answer.text).toContain('メモは500文字までです');
    const taken = await fill(visitor, path, { reason: 'wrong_provider', provider: 'paypay', consent: '本人より電話で承諾' }, staff);
    expect(taken.answer.status).toBe(303);
    expect((await approvalsOf(grantId))[0]?.plan).toMatchObject({ input: { provider: 'paypay', consent: '本人より電話で承諾' } });
  });

  it('is refused when the amount is not the one that was shown', async () => {
    const grantId = await chosen('refused');
    const { visitor, staff } = await signInAs(site, 'operator');
    const path = `/admin/people/${grantId}/reissue`;
    const page = await visitor.get(path);
    const fields = formOfAct(page.text, 'reissue').map(([name, value]): [string, string] => [name, name === 'yen' ? '1' : value]);
    const answer = await visitor.post(path, [...fields, ['reason', 'other'], ['totp', staff.totp()]]);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('この画面を開いたあとに状況が変わりました');
    expect(await approvalsOf(grantId)).toEqual([]);
  });

  it('of an issued code asks for evidence where the provider cannot cancel, and shows its last four only', async () => {
    const grantId = await chosen('well', 'paypay');
    const { visitor, staff } = await signInAs(site, 'call_centre');
    const path = `/admin/people/${grantId}/reissue`;
    const { page, answer } = await fill(visitor, path, { reason: 'code_used', evidence: '' }, staff);
    expect(page.text).toMatch(/末尾 \d{4}<\/td>/);
    expect(page.text).not.toMatch(/4821\d{8}/);
    expect(answer.text).toContain('id="act-evidence-error"');
    const done = await fill(visitor, path, { reason: 'code_used', evidence: '5/19 交換先より書面で無効と回答' }, staff);
    expect(done.answer.status).toBe(303);
    expect((await approvalsOf(grantId))[0]).toMatchObject({ act: 'reissue', yen: 1_357n, state: 'proposed' });
  });
});

describe('the other forms', () => {
  it('propose giving back, and settling a doubt by evidence', async () => {
    const failed = await chosen('refused');
    const { visitor, staff } = await signInAs(site, 'operator');
    const back = await fill(visitor, `/admin/people/${failed}/give_back`, { reason: 'recipient_asked' }, staff);
    expect(textOf(back.page.text)).toContain('残額 0円 1,357円');
    expect(back.page.text).toContain('1,357円を残額に戻す申請をする');
    expect(back.answer.status).toBe(303);
    later();
    const doubtful = await chosen('silent');
    const settle = await fill(
      visitor,
      `/admin/people/${doubtful}/settle_doubt`,
      { reason: 'other', evidence: '交換先に発行記録なし' },
      staff,
    );
    expect(settle.answer.status).toBe(303);
    expect((await approvalsOf(doubtful))[0]).toMatchObject({ act: 'settle_doubt', yen: 1_357n });
  });

  it('ask again, freeze, release and resend at once, and say so', async () => {
    const doubtful = await chosen('silent');
    const { visitor } = await signInAs(site, 'operator');
    const asked = await fill(visitor, `/admin/people/${doubtful}/ask_again`, { reason: 'routine' });
    expect(asked.answer.location).toBe(`/admin/people/${doubtful}?did=ask_again`);
    expect((await visitor.get(asked.answer.location ?? '')).text).toContain('交換先に照会しています');
    const grantId = await insertPerson(site.owner, site.campaignId, { name: '高橋 花子', phone: '+819000000417' });
    const bad = await fill(visitor, `/admin/people/${grantId}/freeze`, { reason: 'lost_phone', hours: '0' });
    expect(bad.answer.status).toBe(422);
    expect(bad.answer.text).toContain('id="act-hours-error"');
    const frozen = await fill(visitor, `/admin/people/${grantId}/freeze`, { reason: 'lost_phone', hours: '48' });
    expect(frozen.answer.status).toBe(303);
    expect((await site.pageOf(grantId)).grant.frozen).toBe(true);
    const no = await visitor.get(`/admin/people/${grantId}/resend`);
    expect(textOf(no.text)).toContain('凍結中はできません');
    const free = await fill(visitor, `/admin/people/${grantId}/release`, { reason: 'cleared' });
    expect(free.answer.status).toBe(303);
    const sent = await fill(visitor, `/admin/people/${grantId}/resend`, { reason: 'lost' });
    expect(sent.answer.location).toBe(`/admin/people/${grantId}?did=resend`);
  });

  it('send a link once when the button is pressed twice, also at the same moment, and again after a minute', async () => {
    const grantId = await insertPerson(site.owner, site.campaignId, { name: '高橋 花子', phone: '+819000000417' });
    const { visitor } = await signInAs(site, 'operator');
    const path = `/admin/people/${grantId}/resend`;
    const page = await visitor.get(path);
    const press = () => visitor.post(path, [...formOfAct(page.text, 'resend'), ['reason', 'lost']]);
    const answers = await Promise.all([press(), press(), press()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422, 422]);
    expect(answers.find(({ status }) => status === 422)?.text).toContain('もう一度は送っていません');
    const count = async () => (await site.owner.db.selectFrom('messages').select('id').where('grant_id', '=', grantId).execute()).length;
    expect(await count()).toBe(1);
    later();
    expect((await press()).status).toBe(303);
    expect(await count()).toBe(2);
  });

  it('extend by an approver, with the day that was chosen', async () => {
    const grantId = await site.grant(1_357);
    const { visitor, staff } = await signInAs(site, 'approver');
    const path = `/admin/people/${grantId}/extend`;
    const early = await fill(visitor, path, { reason: 'illness', until: '2023-05-01' }, staff);
    expect(early.answer.text).toContain('id="act-until-error"');
    const odd = await fill(visitor, path, { reason: 'illness', until: '2023-99-99' }, staff);
    expect(odd.answer.status).toBe(422);
    const asked = await visitor.get(path);
    const preview = await visitor.post(path, [...formOfAct(asked.text, 'extend'), ['until', '2023-06-30'], ['preview', '1']]);
    expect(preview.status).toBe(200);
    expect(/<blockquote[\s\S]*<\/blockquote>/.exec(preview.text)?.[0]).toContain('2023年6月30日（金） 23:59まで');
    expect(preview.text).toContain('value="2023-06-30"');
    expect(await approvalsOf(grantId)).toEqual([]);
    const taken = await fill(visitor, path, { reason: 'illness', until: '2023-06-30' }, staff);
    expect(taken.answer.status).toBe(303);
    expect((await approvalsOf(grantId))[0]?.plan).toMatchObject({ after: { deadline: '2023-06-30T15:00:00.000Z' } });
  });

  it.each([
    ['freeze', 'hours', ['1e300', '99999999999999999999', '-5', '0', 'NaN', '４８', '']],
    ['extend', 'until', ['+275760-09-12', '275760-09-13', '9999-12-31', '0000-00-00', '2023-02-30', '２０２３-０６-３０', '']],
  ] as const)('preview whatever is typed: %s', async (act, field, values) => {
    const grantId = await site.grant(1_357);
    const { visitor } = await signInAs(site, act === 'freeze' ? 'operator' : 'approver');
    const path = `/admin/people/${grantId}/${act}`;
    const form = formOfAct((await visitor.get(path)).text, act);
    for (const value of values) {
      for (const preview of [[['preview', '1'] as const], []]) {
        const answer = await visitor.post(path, [...form, [field, value], ['reason', 'other'], ...preview]);
        expect([200, 303, 422], `${value} ${preview.length}`).toContain(answer.status);
        if (answer.status === 303)
          await site.owner.db.updateTable('grants').set({ frozen_at: null, frozen_until: null }).where('id', '=', grantId).execute();
      }
    }
  });

  it('change an address only for who proves themselves; five wrong tries a day, each on record', async () => {
    const grantId = await insertPerson(site.owner, site.campaignId, { name: '高橋 花子', kana: 'タカハシ ハナコ', phone: '+819000000417' });
    const { visitor, staff } = await signInAs(site, 'call_centre');
    const path = `/admin/people/${grantId}/change_address`;
    const said = { fact1: 'kana', said1: 'たかはし はなこ', fact2: 'phone', said2: '090-0000-0417' };
    const fields = { reason: 'number_changed', address: '080-1111-2222' };
    const invalid = await fill(visitor, path, { ...fields, ...said, address: '03-1111' }, staff);
    expect(invalid.answer.text).toContain('id="act-address-error"');
    for (let i = 0; i < 5; i += 1) {
      const wrong = await fill(visitor, path, { ...fields, ...said, said2: `090-0000-000${i}` }, staff);
      expect(wrong.answer.status).toBe(422);
      expect(wrong.answer.text).toContain('本人確認が合いません');
      later();
    }
    const tries = await site.owner.db.selectFrom('audit_entries').selectAll().where('act', '=', 'identity_wrong').execute();
    expect(tries.map(({ detail }) => detail)).toEqual(Array.from({ length: 5 }, () => ({ asked: 'kana phone' })));
    const many = await fill(visitor, path, { ...fields, ...said }, staff);
    expect(many.answer.text).toContain('回数の上限');
    clock += 24 * 3_600_000;
    site.owner.clock.set(new Date(clock));
    const next = await signInAs(site, 'call_centre');
    const taken = await fill(next.visitor, path, { ...fields, ...said }, next.staff);
    expect(taken.answer.status).toBe(303);
    const [approval] = await approvalsOf(grantId);
    expect(JSON.stringify(approval?.plan)).not.toContain('1111');
    expect(JSON.stringify(approval?.plan)).not.toContain('はなこ');
  });
});

describe('an act’s page', () => {
  it('is for the roles of its act only, and its form as well', async () => {
    const grantId = await chosen('refused');
    const { visitor: auditor } = await signInAs(site, 'auditor');
    const { visitor: approver } = await signInAs(site, 'approver');
    const home = formOfAct((await approver.get('/admin')).text, 'sign_out');
    for (const act of PERSON_ACTS) expect((await auditor.get(`/admin/people/${grantId}/${act}`)).status, act).toBe(403);
    for (const act of ['reissue', 'give_back', 'settle_doubt', 'change_address', 'resend', 'ask_again']) {
      expect((await approver.get(`/admin/people/${grantId}/${act}`)).status, act).toBe(403);
      const token = home.find(([name]) => name === 'token')?.[1] ?? '';
      const answer = await approver.post(`/admin/people/${grantId}/${act}`, [
        ['token', token],
        ['act', act],
        ['reason', 'other'],
      ]);
      expect(answer.status, act).toBe(403);
    }
    expect(await approvalsOf(grantId)).toEqual([]);
  });

  it('is not there for other programmes, other people’s redemptions, acts that are none and ids that are none', async () => {
    const mine = await chosen('refused');
    const other = await chosen('refused');
    const outside = await signInAs(site, 'operator', { campaigns: [] });
    expect((await outside.visitor.get(`/admin/people/${mine}/reissue`)).status).toBe(404);
    const { visitor, staff } = await signInAs(site, 'operator');
    for (const path of [`${mine}/nothing`, `${mine}/constructor`, `1/reissue`, `${mine}0/reissue`])
      expect((await visitor.get(`/admin/people/${path}`)).status, path).toBe(404);
    const theirs = (await site.pageOf(other)).redemptions[0]?.id ?? '';
    const page = await visitor.get(`/admin/people/${mine}/reissue?redemption=${theirs}`);
    expect(textOf(page.text)).toContain('対象が見つかりません');
    for (const odd of ["'", 'x'.repeat(300), '%00', 'null']) {
      expect((await visitor.get(`/admin/people/${mine}/reissue?redemption=${odd}&code=${odd}`)).status, odd).toBe(200);
    }
    const own = await visitor.get(`/admin/people/${mine}/reissue`);
    const fields = formOfAct(own.text, 'reissue').map(([name, value]): [string, string] => [name, name === 'redemption' ? theirs : value]);
    const answer = await visitor.post(`/admin/people/${mine}/reissue`, [...fields, ['reason', 'other'], ['totp', staff.totp()]]);
    expect(answer.status).toBe(422);
    expect(await approvalsOf(other)).toEqual([]);
    // What was shown is what is done: a form of another act is not taken here.
    const wrong = await visitor.post(`/admin/people/${mine}/give_back`, [...formOfAct(own.text, 'reissue'), ['reason', 'other']]);
    expect(wrong.status).toBe(404);
  });

  it('takes script and formula in every field as text', async () => {
    const grantId = await chosen('silent');
    const { visitor, staff } = await signInAs(site, 'operator');
    const evil = `=cmd|'/c calc'!A0"><script>alert(1)</script>`;
    const { answer } = await fill(visitor, `/admin/people/${grantId}/settle_doubt`, { reason: '', note: evil, evidence: evil }, staff);
    expect(answer.status).toBe(422);
    expect(answer.text).not.toContain('<script>alert');
    expect(answer.text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });
});

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeBulk } from '#db/bulk';
import { makePool } from '#db/database';
import { importCoupons } from '~/services/import-coupons';
import { importPayments } from '~/services/import-payments';
import { runCutoff } from '~/services/run-cutoff';
import { getProof } from '~/views/proof';
import { COUPON_HEADER, couponLine, KUMAMOTO, loadKumamoto, PAYMENT_HEADER, paymentLine } from '../support/coupons';
import { insertGrants } from '../support/programme';
import { type RecipientSite, startRecipientSite } from '../support/recipient-site';
import { formOfAct, signInAs } from '../support/staff';

/** The register of coupons in the console: found by number, put back by two people, and never twice. */
const MARCH_6 = new Date('2023-03-06T14:00:00+09:00');
let site: RecipientSite;
let pool: ReturnType<typeof makePool>;
let deliver: (lines: readonly string[]) => Promise<unknown>;
beforeAll(async () => {
  site = await startRecipientSite();
  pool = makePool(site.ownerUrl, { max: 1, name: 'test-coupons-bulk', statementTimeoutMs: 0 });
  const owner = { ...site.owner, bulk: makeBulk(pool) };
  site.owner.clock.set(new Date('2023-02-27T09:00:00+09:00'));
  await loadKumamoto(owner);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'uketori-coupons-'));
  const file = (name: string, lines: readonly string[]) => {
    fs.writeFileSync(path.join(folder, name), `${lines.join('\r\n')}\r\n`);
    return path.join(folder, name);
  };
  const common = { campaignId: KUMAMOTO, actor: 'test', rejectedFile: null };
  const coupons = [
    COUPON_HEADER,
    couponLine('437000000001', { balance: '400' }),
    couponLine('437000000002', { phone: '090-1234-5678' }),
    couponLine('437000000003', { balance: '999' }),
  ];
  await importCoupons(owner, { ...common, file: file('c.csv', coupons) });
  await importPayments(owner, {
    ...common,
    file: file('p.csv', [PAYMENT_HEADER, paymentLine('P1', '437000000001', 600, { result: '応答なし' })]),
  });
  deliver = (lines) => importCoupons(owner, { ...common, update: true, file: file('newer.csv', [COUPON_HEADER, ...lines]) });
  return () => fs.rmSync(folder, { recursive: true });
});
afterAll(async () => {
  await pool.end();
  await site.stop();
});
beforeEach(() => site.owner.clock.set(MARCH_6));

const couponId = async (number: string) =>
  (await site.owner.db.selectFrom('coupons').select('id').where('inquiry_number', '=', number).executeTakeFirstOrThrow()).id;
const hidden = (html: string, action: string): [string, string][] => {
  const form =
    [...html.matchAll(/<form [\s\S]*?<\/form>/g)]
      .map(([each]) => each)
      .find((each) => each.includes(`action="${action}"`) && each.includes('method="post"')) ?? '';
  return [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map((m) => [m[1] ?? '', m[2] ?? '']);
};
const books = async () => {
  const proof = await getProof(site.owner.db, { campaignId: KUMAMOTO });
  expect(proof.differences.filter(({ check }) => check !== 'coupon_listed')).toEqual([]);
  return proof.campaigns[0]?.coupons;
};

describe('a coupon in the console', () => {
  it('is found by its number however it is written, masked, and not out of scope', async () => {
    const { visitor } = await signInAs(site, 'call_centre');
    const page = await visitor.get('/admin/coupons');
    const fields = formOfAct(page.text, 'find_coupon');
    const found = await visitor.post('/admin/coupons', [...fields, ['number', '４３７０００００００02']]);
    expect(found).toMatchObject({ status: 303, location: `/admin/coupons/${await couponId('437000000002')}` });
    const coupon = await visitor.get(found.location ?? '');
    expect(coupon.status).toBe(200);
    expect(coupon.text).not.toContain('1234-5678');
    expect((await visitor.post('/admin/coupons', [...fields, ['number', '']])).status).toBe(422);
    const { visitor: other } = await signInAs(site, 'operator', { campaigns: [] });
    expect((await other.get(found.location ?? '')).status).toBe(404);
  });

  it('is put back by two people, once, and extended with it', async () => {
    const id = await couponId('437000000001');
    const address = `/admin/coupons/${id}/put_back`;
    const { visitor, staff } = await signInAs(site, 'operator');
    const page = await visitor.get(`${address}?payment=P1`);
    expect(page.text).toContain('600');
    const fields = hidden(page.text, address);
    const typed: [string, string][] = [
      ['reason', 'unanswered'],
      ['evidence', '店舗のレジ記録と一致'],
      ['note', ''],
    ];
    expect((await visitor.post(address, [...fields, ['reason', ''], ['evidence', ''], ['note', ''], ['totp', staff.totp()]])).status).toBe(
      422,
    );
    const proposed = await visitor.post(address, [...fields, ...typed, ['totp', staff.totp()]]);
    expect(proposed.status).toBe(303);
    expect((await books())?.putBackYen).toBe(0n);

    const second = await signInAs(site, 'approver');
    const approvalPath = (proposed.location ?? '').split('?')[0] ?? '';
    site.owner.clock.advance(31_000);
    const approval = await second.visitor.get(approvalPath);
    expect(approval.status).toBe(200);
    const decided = await second.visitor.post(approvalPath, [...formOfAct(approval.text, 'approve'), ['totp', second.staff.totp()]]);
    expect(decided.status).toBe(303);
    expect(await books()).toMatchObject({ putBackYen: 600n, remainingYen: 3_000n });
    const extended = await site.owner.db.selectFrom('coupon_extensions').select('coupon_id').execute();
    expect(extended).toEqual([{ coupon_id: id }]);
    const again = await visitor.get(`${address}?payment=P1`);
    expect(again.text).not.toContain('name="evidence"');
  });
});

describe('the register as a whole', () => {
  it('shows its totals to the yen, what differs from the file, and the candidates with their evidence', async () => {
    const { visitor } = await signInAs(site, 'operator');
    const ways = await visitor.get('/admin/coupons');
    for (const way of ['register', 'candidates', 'cutoff']) expect(ways.text).toContain(`href="/admin/coupons/${way}"`);
    const page = await visitor.get('/admin/coupons/register');
    expect(page.text).toContain('1円まで一致');
    expect(page.text).toContain('3,000円');
    expect(page.text).toContain('437000000003');
    const candidates = await visitor.get('/admin/coupons/candidates');
    expect(candidates.text).toContain('余分に引かれた額 600円');
    expect(candidates.text).toContain('戻入・付与済み');
    const { visitor: agent } = await signInAs(site, 'call_centre');
    expect((await agent.get('/admin/coupons')).text).not.toContain('/admin/coupons/register');
    expect((await agent.get('/admin/coupons/register')).status).toBe(403);
    const { visitor: stranger } = await signInAs(site, 'operator', { campaigns: [] });
    expect((await stranger.get(`/admin/coupons/register?campaign=${KUMAMOTO}`)).status).toBe(404);
    expect((await stranger.get('/admin/coupons/register')).text).not.toContain('3,000円');
    for (const way of ['candidates', 'cutoff', 'extend']) {
      expect((await stranger.get(`/admin/coupons/${way}?campaign=${KUMAMOTO}`)).status).toBe(404);
    }
  });

  it('shows in what the last file differed, and what of it was taken over, without an address', async () => {
    const { visitor } = await signInAs(site, 'auditor');
    expect((await visitor.get('/admin/coupons/register')).text).not.toContain('前回の取り込み');
    await deliver([couponLine('437000000002', { phone: '090-8765-4321' }), couponLine('437000000003', { face: '2000', balance: '999' })]);
    const { text } = await visitor.get('/admin/coupons/register');
    expect(text).toContain('2枚、2か所');
    expect(text).toContain('<td>額面</td><td>1,000円</td><td>2,000円</td><td>台帳のまま</td>');
    expect(text).toContain('<td>アプリの電話番号</td><td>（表示しない）</td><td>（表示しない）</td><td>反映した</td>');
    expect(text).not.toContain('4321');
  });

  it('is extended as a whole by two people, once', async () => {
    const { visitor, staff } = await signInAs(site, 'operator');
    const address = `/admin/coupons/extend?campaign=${KUMAMOTO}`;
    const page = await visitor.get(address);
    const typed: [string, string][] = [
      ['reason', 'failure'],
      ['evidence', '3月3日の通知'],
      ['note', ''],
    ];
    expect(
      (await visitor.post(address, [...formOfAct(page.text, 'extend_coupons'), ['reason', ''], ['evidence', ''], ['note', '']])).status,
    ).toBe(422);
    const own = formOfAct(page.text, 'extend_coupons').filter(([name]) => !['reason', 'evidence', 'note', 'totp'].includes(name));
    const proposed = await visitor.post(address, [...own, ...typed, ['totp', staff.totp()]]);
    expect(proposed.status).toBe(303);
    const second = await signInAs(site, 'approver');
    const approvalPath = (proposed.location ?? '').split('?')[0] ?? '';
    site.owner.clock.advance(31_000);
    const approval = await second.visitor.get(approvalPath);
    const decided = await second.visitor.post(approvalPath, [...formOfAct(approval.text, 'approve'), ['totp', second.staff.totp()]]);
    expect(decided.status).toBe(303);
    expect((await visitor.get('/admin/coupons/register')).text).toContain('2023年3月31日（金）23:59まで延長済み');
    expect((await visitor.get(address)).text).toContain('すでに同じ日時まで延長されています');
  });

  it('is counted for the cut-off without a trace, and shows what the cut-off took', async () => {
    const { visitor } = await signInAs(site, 'operator');
    const page = await visitor.get('/admin/coupons/cutoff');
    expect(page.text).toContain('2023年4月1日（土）00:00より前には確定できません');
    const counted = await visitor.post('/admin/coupons/cutoff', formOfAct(page.text, 'count_cutoff'));
    expect(counted.status).toBe(200);
    expect(counted.text).toContain('1,000円');
    expect(counted.text).toContain('1枚あります');
    expect(await site.owner.db.selectFrom('cutoffs').selectAll().execute()).toEqual([]);
    expect(counted.text).not.toContain('不足は合わせて');
    // A list grants one coupon less than is left on it, for as long as that list says so.
    const [grantId = ''] = await insertGrants(site.owner, KUMAMOTO, [1]);
    const name = (number: string | null) =>
      site.owner.db.updateTable('grants').set({ inquiry_number: number }).where('id', '=', grantId).execute();
    await name('4370000-00001');
    const short = await visitor.post('/admin/coupons/cutoff', formOfAct(page.text, 'count_cutoff'));
    expect(short.text).toContain('足りないものが1枚、不足は合わせて999円です');
    expect(short.text).toContain(`href="/admin/coupons/${await couponId('437000000001')}"`);
    await name(null);
    site.owner.clock.set(new Date('2023-04-01T00:00:00+09:00'));
    const owner = { ...site.owner, bulk: makeBulk(pool) };
    const stop = new AbortController();
    const half = await runCutoff(owner, {
      campaignId: KUMAMOTO,
      actor: 'test',
      withDifferences: true,
      batchSize: 1,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    expect(half).toMatchObject({ kind: 'ran', finished: false });
    const { visitor: later } = await signInAs(site, 'auditor');
    expect((await later.get('/admin/coupons/cutoff')).text).toContain('3枚のうち1枚まで進みました');
    await runCutoff(owner, { campaignId: KUMAMOTO, actor: 'test' });
    const done = await later.get('/admin/coupons/cutoff');
    expect(done.text).toContain('確定しました');
    expect(done.text).toContain('2,000円');
    expect((await later.get('/admin/coupons/register')).text).toContain('1円まで一致');
  });
});

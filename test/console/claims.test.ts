import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeBulk } from '#db/bulk';
import { makePool } from '#db/database';
import { openClaimDetails } from '~/domain/claim-form';
import { grantClaims } from '~/services/grant-claims';
import { moveClaim } from '~/services/move-claim';
import { claimProofToken } from '~/services/parts/claim-mail';
import { findClaimStatus } from '~/views/claim-status';
import { getProof } from '~/views/proof';
import { launchBrowser } from '../support/browser';
import { claimFor, registerAndCut } from '../support/claims';
import { KUMAMOTO } from '../support/coupons';
import { type RecipientSite, startRecipientSite, type Visitor } from '../support/recipient-site';
import { formOfAct, insertSession, insertStaff, signInAs } from '../support/staff';

/** The review of claims over HTTP: the queue, one claim beside the register, two people, and the applicant's own page. */
const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const NOW = new Date('2023-04-20T10:00:00+09:00');
const NUMBERS = Array.from({ length: 12 }, (_, i) => `4370000${String(i).padStart(5, '0')}`);

let site: RecipientSite;
let bulkPool: ReturnType<typeof makePool>;
let next = 0;
const free = () => NUMBERS[next++] ?? '';

beforeAll(async () => {
  site = await startRecipientSite();
  bulkPool = makePool(site.ownerUrl, { max: 1, name: 'test-claims-bulk', statementTimeoutMs: 0 });
  const coupons = Object.fromEntries(NUMBERS.map((number) => [number, {}]));
  await registerAndCut({ ...site.owner, bulk: makeBulk(bulkPool) }, { ...coupons, '999900000001': { phone: '090-1234-5678' } });
});
afterAll(async () => {
  await bulkPool.end();
  await site.stop();
});
beforeEach(() => site.owner.clock.set(NOW));

const hidden = (html: string, action: string): [string, string][] => {
  const form =
    [...html.matchAll(/<form [\s\S]*?<\/form>/g)].map(([each]) => each).find((each) => each.includes(`action="${action}"`)) ?? '';
  return [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map((m) => [m[1] ?? '', m[2] ?? '']);
};
const textOf = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const queue = (visitor: Visitor, state = 'checking') => visitor.get(`/admin/claims?campaign=${KUMAMOTO}&state=${state}`);

describe('the review of claims', () => {
  it('goes from the queue over two people to a grant, and the applicant reads each step', async () => {
    const mail = 'journey@example.jp';
    const claim = await claimFor(site.owner, [free()], { name: '申請 花子', mail });
    const status = async () => (await findClaimStatus(site.portal, { number: claim.number, fact: mail }))?.state;
    const { visitor, staff } = await signInAs(site, 'operator');
    expect((await queue(visitor)).text).toContain(`/admin/claims/${claim.id}`);
    const page = await visitor.get(`/admin/claims/approve?campaign=${KUMAMOTO}&c=${claim.id}`);
    expect(textOf(page.text)).toContain('金額 1,000円');
    const fields = hidden(page.text, '/admin/claims/approve');
    const wrong = await visitor.post('/admin/claims/approve', [...fields, ['reason', 'matches'], ['totp', '000000']]);
    expect(wrong.status).toBe(422);
    site.owner.clock.advance(31_000);
    const again = hidden(wrong.text, '/admin/claims/approve');
    const proposed = await visitor.post('/admin/claims/approve', [...again, ['reason', 'matches'], ['totp', staff.totp()]]);
    expect(proposed.status).toBe(303);
    expect(await status()).toBe('checking');

    const second = await signInAs(site, 'approver');
    const approvalPath = (proposed.location ?? '').split('?')[0] ?? '';
    const approval = await second.visitor.get(approvalPath);
    expect(approval.text).toContain(`/admin/claims/${claim.id}`);
    site.owner.clock.advance(31_000);
    const decided = await second.visitor.post(approvalPath, [...formOfAct(approval.text, 'approve'), ['totp', second.staff.totp()]]);
    expect(decided.status).toBe(303);
    await grantClaims(site.console, { approvalId: approvalPath.split('/').at(-1) ?? '' });
    expect(await status()).toBe('approved');
    expect((await getProof(site.owner.db, { campaignId: KUMAMOTO })).differences).toEqual([]);
    const { grant_id } = await site.owner.db.selectFrom('claims').select('grant_id').where('id', '=', claim.id).executeTakeFirstOrThrow();
    expect((await site.visitor().open(site.linkOf(grant_id ?? ''))).text).toContain('1,000');
    expect((await visitor.get(`/admin/claims/${claim.id}`)).text).toContain(`/admin/people/${grant_id}`);
  });

  it('shows what does not match beside the register, and asks, refuses and looks again in words that the applicant reads', async () => {
    const mail = 'odd@example.jp';
    const claim = await claimFor(site.owner, ['999900000001', '111111111111'], { mail });
    const { visitor } = await signInAs(site, 'operator');
    const address = `/admin/claims/${claim.id}`;
    const page = await visitor.get(address);
    expect(textOf(page.text)).toContain('アプリに登録あり（申請不要）');
    expect(textOf(page.text)).toContain('登録に見つからない');
    expect(page.text).not.toContain('/admin/claims/approve?');
    const press = async (act: string, reason = '') => {
      const html = (await visitor.get(address)).text;
      return visitor.post(address, [...hidden(html, address), ['act', act], ['reason', reason]]);
    };
    expect((await press('refuse')).status).toBe(422);
    expect((await press('ask', 'number')).status).toBe(303);
    expect((await press('refuse', 'with_app')).status).toBe(303);
    expect((await press('ask', 'number')).status).toBe(409);
    expect(await findClaimStatus(site.portal, { number: claim.number, fact: mail })).toMatchObject({
      state: 'refused',
      reason: 'with_app',
    });
    expect(textOf((await visitor.get(address)).text)).toContain(
      '申請は必要ありません このクーポンはアプリに登録されているため、申請は必要ありません。アプリに登録された宛先へ',
    );
    expect((await press('reopen')).status).toBe(303);
  });

  it('puts a number right, sends a proof to the right address, and says what is wrong beside the field', async () => {
    const wrong = await claimFor(site.owner, [free(), '111111111111'], { mail: 'two@example.jp' });
    const { visitor } = await signInAs(site, 'operator');
    const press = async (id: string, act: string, more: [string, string][]) => {
      const html = (await visitor.get(`/admin/claims/${id}`)).text;
      return visitor.post(`/admin/claims/${id}`, [...hidden(html, `/admin/claims/${id}`), ['act', act], ...more]);
    };
    const twice = await press(wrong.id, 'number', [
      ['was', '111111111111'],
      ['became', '!?'],
      ['reason', 'by_telephone'],
    ]);
    expect([twice.status, textOf(twice.text)]).toEqual([422, expect.stringContaining('お問合せ番号として読み取れません')]);
    expect(twice.text).toContain('value="!?"');
    const put = await press(wrong.id, 'number', [
      ['was', '111111111111'],
      ['became', ''],
      ['reason', 'by_telephone'],
    ]);
    const page = textOf((await visitor.get(put.location ?? '')).text);
    expect(page).toContain('お問合せ番号 111111111111 を申請から除外');
    expect(page).toContain('お申し出により、お問合せ番号を訂正しました');
    const unproven = await claimFor(site.owner, [free()], { proven: false });
    expect(
      (
        await press(unproven.id, 'mail', [
          ['mail', 'x'],
          ['reason', 'obvious'],
        ])
      ).status,
    ).toBe(422);
    const sent = await press(unproven.id, 'mail', [
      ['mail', 'right@example.jp'],
      ['reason', 'obvious'],
    ]);
    expect(textOf((await visitor.get(sent.location ?? '')).text)).toContain('メールアドレスを訂正し、確認メールを送信');
  });

  it('tells who proves the address of a refused claim how it stands', async () => {
    const claim = await claimFor(site.owner, [free()], { proven: false });
    const { visitor, staff } = await signInAs(site, 'operator');
    await moveClaim(site.console, { staff: { id: staff.id, scope: 'all' }, claimId: claim.id, move: 'refuse', reason: 'already_paid' });
    expect((await visitor.get(`/admin/claims/${claim.id}`)).text).toContain('value="reopen"');
    const path = `/claim/prove/${claim.number}/${claimProofToken(site.portal.crypto, claim.id, site.portal.crypto.linkKeyId)}`;
    const applicant = site.visitor();
    const pressed = await applicant.post(path, (await applicant.get(path)).fields);
    expect(pressed.text).toContain('メールアドレスを確認しました');
    expect(pressed.text).toContain('すでにほかの申請でお支払いの対象');
    expect(pressed.text).not.toContain('申請の内容を確認しています');
  });

  it('shows in the queue who it is, masked, and why a claim must be looked at or was refused', async () => {
    const odd = await claimFor(site.owner, [free(), '111111111111'], { name: '見本 一郎' });
    const { visitor } = await signInAs(site, 'operator');
    const rowOf = (html: string) => textOf(html.split('<tr').find((row) => row.includes(odd.id)) ?? '');
    expect(rowOf((await queue(visitor)).text)).toMatch(/見本 ＊＊.*要確認.*登録に見つからない/);
    const address = `/admin/claims/${odd.id}`;
    await visitor.post(address, [...hidden((await visitor.get(address)).text, address), ['act', 'refuse'], ['reason', 'unknown_number']]);
    expect(rowOf((await queue(visitor, 'refused')).text)).toContain('番号が見つからない');
  });

  it('finds an applicant without a grant by a whole fact, and by two for who may see one person', async () => {
    const claim = await claimFor(site.owner, [free()], { name: '探索 花子', mail: 'tansaku@example.jp' });
    const { phone } = openClaimDetails(
      site.owner.crypto,
      await site.owner.db
        .selectFrom('claims')
        .select(['id', 'details_sealed as detailsSealed', 'details_key_id as detailsKeyId'])
        .where('id', '=', claim.id)
        .executeTakeFirstOrThrow(),
    );
    const find = async (visitor: Visitor, fact: string, second = '') =>
      visitor.post('/admin/find', [...formOfAct((await visitor.get('/admin/find')).text, 'find'), ['fact', fact], ['second', second]]);
    const { visitor } = await signInAs(site, 'operator');
    for (const fact of [phone, '探索　花子', 'TANSAKU@example.jp']) {
      const { text } = await find(visitor, fact);
      expect(text).toContain(`/admin/claims/${claim.id}`);
      expect(text).not.toContain('探索 花子</td>');
    }
    const agent = (await signInAs(site, 'call_centre')).visitor;
    expect((await find(agent, phone, '探索 花子')).location).toBe(`/admin/claims/${claim.id}`);
    expect((await find(agent, phone, '別人 花子')).text).toContain('見つかりません');
    const stranger = (await signInAs(site, 'operator', { campaigns: [] })).visitor;
    expect((await find(stranger, phone)).text).not.toContain(claim.id);
  });

  it('masks what was said until somebody asks for it, which stands on the record', async () => {
    const claim = await claimFor(site.owner, [free()], { name: '秘密 花子', mail: 'himitsu@example.jp' });
    const { visitor } = await signInAs(site, 'call_centre');
    const address = `/admin/claims/${claim.id}`;
    const page = await visitor.get(address);
    expect(page.text).not.toContain('花子');
    expect(page.text).toContain('h***@example.jp');
    const whole = await visitor.post(address, [...hidden(page.text, address), ['act', 'unmask']]);
    expect(whole.text).toContain('秘密 花子');
    expect(whole.text).toContain('himitsu@example.jp');
    const audited = await site.owner.db
      .selectFrom('audit_entries')
      .select('act')
      .where('subject_id', '=', claim.id)
      .where('act', '=', 'claim.unmask')
      .execute();
    expect(audited).toHaveLength(1);
    expect((await visitor.post(address, [...hidden(page.text, address), ['act', 'refuse'], ['reason', 'other']])).status).toBe(403);
  });

  it('tells of signals, never as a no', async () => {
    const first = await claimFor(site.owner, [free()], { mail: 'same@example.jp', ip: '198.51.100.7' });
    await claimFor(site.owner, [free()], { mail: 'same@example.jp', ip: '198.51.100.7' });
    const { visitor } = await signInAs(site, 'operator');
    const words = textOf((await visitor.get(`/admin/claims/${first.id}`)).text);
    expect(words).toContain('同じ回線からほかに1件');
    expect(words).toContain('同じメールアドレスでほかに1件');
    expect(words).toContain('これだけで却下しません');
    expect(words).toContain('お支払いできる');
  });

  it('leaves out of a proposal what does not match, and is not there out of scope', async () => {
    const [good, bad] = [await claimFor(site.owner, [free()]), await claimFor(site.owner, ['111111111111'])];
    const { visitor } = await signInAs(site, 'operator');
    const page = textOf((await visitor.get(`/admin/claims/approve?campaign=${KUMAMOTO}&c=${good.id}&c=${bad.id}`)).text);
    expect(page).toContain('件数 1件');
    expect(page).toContain('1件を除きました');
    const { visitor: other } = await signInAs(site, 'operator', { campaigns: [] });
    expect((await other.get(`/admin/claims/${good.id}`)).status).toBe(404);
    expect((await queue(other)).status).toBe(404);
    expect((await visitor.get('/admin/claims/x')).status).toBe(404);
    expect((await visitor.get(`/admin/claims/approve?campaign=${KUMAMOTO}&c=x`)).status).toBe(404);
    const { visitor: viewer } = await signInAs(site, 'viewer');
    expect((await viewer.get('/admin/claims')).status).toBe(403);
  });
});

describe.each(['ja', 'en'])('in %s', (language) => {
  it('reads well wide and narrow, and axe finds nothing', async () => {
    const odd = await claimFor(site.owner, [NUMBERS[0] ?? '', '999900000001', '111111111111'], { name: '長い名前の申請者 花子' });
    const browser = await launchBrowser();
    for (const [width, height] of [
      [1280, 900],
      [390, 844],
    ] as const) {
      const staff = await insertStaff(site.owner, 'operator', { name: '運用 花子' });
      const context = await browser.newContext({ viewport: { width, height }, locale: language });
      const value = await insertSession(site.owner, staff);
      await context.addCookies([{ name: '__Host-staff', value, url: site.url.replace('http:', 'https:'), secure: true, httpOnly: true }]);
      const page = await context.newPage();
      for (const [name, address] of [
        ['queue', `/admin/claims?campaign=${KUMAMOTO}`],
        ['claim', `/admin/claims/${odd.id}`],
      ] as const) {
        await page.goto(site.url + address);
        expect(await page.locator('.side').count(), 'signed in').toBe(1);
        if (process.env.PICTURES)
          await page.screenshot({ path: path.join(process.env.PICTURES, `claims-${name}-${language}-${width}.png`), fullPage: true });
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
        expect(violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`))).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
      }
      await context.close();
    }
    await browser.close();
  });
});

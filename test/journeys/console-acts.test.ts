import fs from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '~/domain/access';
import type { PersonAct } from '~/domain/acts';
import { replaceRedemption } from '~/services/replace-redemption';
import { requestRedemption } from '~/services/request-redemption';
import { launchBrowser } from '../support/browser';
import { insertPerson } from '../support/people';
import { MAY_20, type RecipientSite, startRecipientSite } from '../support/recipient-site';
import { insertSession, insertStaff, type TestStaff } from '../support/staff';

/** Every act on a person in a real browser: the form is filled and sent by keyboard, and, where two are needed, decided by the other. */
const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let site: RecipientSite;
let browser: Browser;
let clock = MAY_20.getTime();
const people = new Map<Role, { staff: TestStaff; page: Page }>();

beforeAll(async () => {
  [site, browser] = await Promise.all([startRecipientSite(), launchBrowser()]);
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await site?.stop();
});
beforeEach(() => later());

/** No number of an authenticator works twice. */
function later(): void {
  clock += 40_000;
  site.owner.clock.set(new Date(clock));
}

/** Somebody with this role at a browser of their own; signed in anew, for the clock goes on in between. */
async function at(role: Role, name: Role | 'second' = role): Promise<{ staff: TestStaff; page: Page }> {
  const known = people.get(name as Role);
  const staff = known?.staff ?? (await insertStaff(site.owner, role));
  const page = known?.page ?? (await (await browser.newContext({ locale: 'ja-JP', viewport: { width: 1280, height: 900 } })).newPage());
  people.set(name as Role, { staff, page });
  const value = await insertSession(site.owner, staff);
  await page
    .context()
    .addCookies([
      { name: '__Host-staff', value, url: site.url.replace('http:', 'https:'), httpOnly: true, secure: true, sameSite: 'Strict' },
    ]);
  return { staff, page };
}

async function redeemed(fate: RecipientSite['fate']): Promise<string> {
  const grantId = await site.grant(1_357);
  site.fate = fate;
  const choices = [{ provider: 'nanaco', yen: 1_357n }];
  const taken = await requestRedemption(site.portal, { grantId, requestKey: site.portal.crypto.newKey(), choices });
  expect(taken.kind).toBe('accepted');
  await site.issue(grantId);
  site.fate = 'well';
  return grantId;
}

async function person(): Promise<string> {
  return insertPerson(site.owner, site.campaignId, {
    name: '林 さくら',
    kana: 'ハヤシ サクラ',
    phone: '+819000000012',
    mail: null,
    yen: 2_000,
  });
}

/** Opens the form of an act, fills it, and sends it by Enter on its button. @returns the text of the page it leads to */
async function send(role: Role, grantId: string, act: PersonAct, fields: Readonly<Record<string, string>>): Promise<string> {
  const { staff, page } = await at(role);
  await page.goto(`${site.url}/admin/people/${grantId}/${act}`);
  expect(await violations(page), act).toEqual([]);
  for (const [name, value] of Object.entries({ reason: 'other', ...fields })) {
    const field = page.locator(`main form [name="${name}"]:not([type=hidden])`).first();
    if ((await field.evaluate((element) => element.tagName)) === 'SELECT') await field.selectOption(value);
    else if ((await field.getAttribute('type')) === 'radio') await page.locator(`main form [name="${name}"][value="${value}"]`).check();
    else await field.fill(value);
  }
  const totp = page.locator('main form input[name=totp]');
  if ((await totp.count()) > 0) await totp.first().fill(staff.totp());
  const button = page.locator(`main form:has(input[name=act][value=${act}]) button.button:not([name=preview])[type=submit]`).last();
  await button.focus();
  await Promise.all([page.waitForURL((url) => !url.pathname.endsWith(`/${act}`)), page.keyboard.press('Enter')]);
  return page.innerText('main');
}

/** The other person opens the newest proposal and decides. @returns the text of the page it leads to */
async function decide(decision: 'approve' | 'refuse', role: 'approver' | 'second' = 'approver'): Promise<string> {
  const { staff, page } = await at('approver', role as Role);
  await page.goto(`${site.url}/admin/approvals`);
  await page.locator('[data-row]').first().press('Enter');
  await page.waitForURL(/approvals\/[0-9a-f-]{36}/);
  if (decision === 'refuse') await page.goto(`${page.url()}?refuse=1`);
  const button = page
    .locator(`main button[value=${decision}], main form:has(input[name=act][value=${decision}]) button[type=submit]`)
    .first();
  const form = button.locator('xpath=ancestor::form');
  await form.locator('input[name=totp]').fill(staff.totp());
  await button.focus();
  await Promise.all([page.waitForURL(/now=/), page.keyboard.press('Enter')]);
  return page.innerText('main');
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const results = await page.evaluate(() => (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
  return results.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary}`));
}

const stateOf = async (grantId: string) => (await site.pageOf(grantId)).redemptions[0]?.state;

describe('in a browser', () => {
  it('a failed code is re-issued after somebody else approved, and the recipient has the new one', async () => {
    const grantId = await redeemed('refused');
    expect(await send('operator', grantId, 'reissue', {})).toContain('申請しました');
    expect(await decide('approve')).toContain('承認し、実行しました');
    await site.issue(grantId);
    expect(await stateOf(grantId)).toBe('issued');
  });

  it('a failed code stays as it is when the approver refuses', async () => {
    const grantId = await redeemed('refused');
    await send('operator', grantId, 'reissue', {});
    expect(await decide('refuse')).toContain('却下しました');
    expect(await stateOf(grantId)).toBe('failed');
  });

  it('a proposal is void when the recipient has chosen anew meanwhile', async () => {
    const grantId = await redeemed('refused');
    await send('operator', grantId, 'give_back', {});
    const redemptionId = (await site.pageOf(grantId)).redemptions[0]?.id ?? '';
    const choices = [{ provider: 'paypay', yen: 1_357n }];
    await replaceRedemption(site.portal, { grantId, redemptionId, requestKey: site.portal.crypto.newKey(), choices });
    expect(await decide('approve')).toContain('無効になりました');
    expect((await site.pageOf(grantId)).grant.residualYen).toBe(0n);
  });

  it('a proposal cannot be decided when its day is over', async () => {
    const grantId = await redeemed('refused');
    await send('operator', grantId, 'give_back', {});
    clock += 24 * 3_600_000;
    later();
    const { page } = await at('approver');
    await page.goto(`${site.url}/admin/approvals`);
    await page.locator('[data-row]').first().press('Enter');
    await page.waitForURL(/approvals\/[0-9a-f-]{36}/);
    expect(await page.innerText('main')).toContain('24時間を過ぎたため');
    expect(await page.locator('main button[value=approve]').count()).toBe(0);
    expect(await stateOf(grantId)).toBe('failed');
  });

  it('failed yen are given back, and the recipient can choose again', async () => {
    const grantId = await redeemed('refused');
    await send('operator', grantId, 'give_back', {});
    expect(await decide('approve')).toContain('承認し、実行しました');
    expect((await site.pageOf(grantId)).grant.residualYen).toBe(1_357n);
  });

  it('a doubt is asked about again, and settled by evidence', async () => {
    const grantId = await redeemed('silent');
    expect(await send('call_centre', grantId, 'ask_again', {})).toContain('照会');
    later();
    await send('operator', grantId, 'settle_doubt', { evidence: '交換先が文書で未発行と回答' });
    expect(await decide('approve')).toContain('承認し、実行しました');
    expect(await stateOf(grantId)).toBe('failed');
  });

  it('an issued code that proved bad is replaced on evidence', async () => {
    const grantId = await redeemed('well');
    await send('operator', grantId, 'reissue', { evidence: '交換先が文書で使用不可と回答' });
    expect(await decide('approve')).toContain('承認し、実行しました');
    await site.issue(grantId);
    const states = await site.owner.db
      .selectFrom('issuances as i')
      .innerJoin('codes as c', 'c.id', 'i.code_id')
      .innerJoin('redemptions as r', 'r.id', 'c.redemption_id')
      .where('r.grant_id', '=', grantId)
      .select('i.state')
      .execute();
    expect(states.map(({ state }) => state).sort()).toEqual(['issued', 'voided']);
  });

  it('a link is sent again, a grant frozen and released', async () => {
    const grantId = await person();
    expect(await send('call_centre', grantId, 'resend', {})).toContain('再送');
    later();
    expect(await send('operator', grantId, 'freeze', {})).toContain('凍結');
    expect((await site.pageOf(grantId)).grant.frozen).toBe(true);
    later();
    await send('operator', grantId, 'release', {});
    expect((await site.pageOf(grantId)).grant.frozen).toBe(false);
  });

  it('an address is changed by two facts and a second person; the old link is dead', async () => {
    const grantId = await person();
    const fields = { fact1: 'kana', said1: 'ﾊﾔｼ ｻｸﾗ', fact2: 'phone', said2: '＋81 90 0000 0012', address: '080-1234-5678' };
    await send('call_centre', grantId, 'change_address', fields);
    expect(await decide('approve')).toContain('承認し、実行しました');
    const old = await site.visitor().get(site.linkOf(grantId));
    expect(old.status).toBe(404);
  });

  it('one person’s deadline is extended by two approvers', async () => {
    const grantId = await person();
    await send('approver', grantId, 'extend', { until: '2023-06-30' });
    expect(await decide('approve', 'second')).toContain('承認し、実行しました');
    expect((await site.pageOf(grantId)).grant.deadlineAt).toEqual(new Date('2023-07-01T00:00:00+09:00'));
  });
});

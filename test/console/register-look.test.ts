import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeBulk } from '#db/bulk';
import { makePool } from '#db/database';
import { moveCase } from '~/services/move-case';
import { openCase } from '~/services/open-case';
import { ownCase } from '~/services/own-case';
import { recordShopAnswer } from '~/services/record-shop-answer';
import { launchBrowser } from '../support/browser';
import { callAbout, loadRegister, storyOf } from '../support/cases';
import { couponLine, KUMAMOTO, paymentLine } from '../support/coupons';
import { type RecipientSite, startRecipientSite } from '../support/recipient-site';
import { insertSession, insertStaff } from '../support/staff';

/** Cases and the register of coupons in a real browser, in both languages, wide and narrow. `PICTURES=folder` keeps a picture of each. */
const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PICTURES = process.env.PICTURES;
const SIZES = { wide: { width: 1280, height: 900 }, narrow: { width: 390, height: 844 } };
const NUMBER = '437000000001';

let site: RecipientSite;
let browser: Browser;
let pool: ReturnType<typeof makePool>;
let asked: string;
let ready: string;

beforeAll(async () => {
  [site, browser] = await Promise.all([startRecipientSite(), launchBrowser()]);
  pool = makePool(site.ownerUrl, { max: 1, name: 'test-cases-look', statementTimeoutMs: 0 });
  await loadRegister(
    { ...site.owner, bulk: makeBulk(pool) },
    [couponLine(NUMBER, { balance: '0', phone: '090-1234-5678' })],
    [
      paymentLine('P1', NUMBER, 300, { result: '応答なし', shop: '馬刺し横丁 本店' }),
      paymentLine('P2', NUMBER, 300, { at: '2023-02-24T18:03:00+09:00', shop: '馬刺し横丁 本店' }),
      paymentLine('P3', NUMBER, 400, { at: '2023-02-24T12:00:00+09:00', shop: '阿蘇みやげ' }),
      paymentLine('P4', NUMBER, 200, { result: 'タイムアウト', shop: '阿蘇みやげ' }),
    ],
  );
  const staff = { id: (await insertStaff(site.owner, 'call_centre', { name: '電話 里美' })).id, scope: 'all' as const };
  const open = async (kind: string) => {
    const opened = await openCase(site.console, {
      staff,
      campaignId: KUMAMOTO,
      typed: callAbout(NUMBER, { shop: '馬刺し横丁' }),
      told: storyOf(['P1'], { kind }),
      requestKey: site.console.crypto.newKey(),
    });
    if (opened.kind !== 'opened') throw new Error(JSON.stringify(opened));
    await ownCase(site.console, { caseId: opened.caseId, staff });
    await moveCase(site.console, { caseId: opened.caseId, staff, to: 'asking_shop', reason: '', body: '店長に電話した' });
    return opened.caseId;
  };
  asked = await open('repeated');
  ready = await open('unanswered');
  await recordShopAnswer(site.console, { caseId: ready, staff, answer: 'agrees', body: '店長が伝票を確認。会計は1回だけ。' });
  site.owner.clock.set(new Date('2023-03-08T10:00:00+09:00'));
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await pool?.end();
  await site?.stop();
});

const couponId = async () => (await site.owner.db.selectFrom('coupons').select('id').executeTakeFirstOrThrow()).id;

async function fillCall(page: Page): Promise<void> {
  await page.goto(`${site.url}/admin/cases/new`);
  for (const [name, value] of Object.entries(callAbout(NUMBER, { shop: '馬刺し横丁' }))) await page.fill(`[name=${name}]`, value);
}

const CASES: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  queue: (page) => page.goto(`${site.url}/admin/cases`),
  call: (page) => page.goto(`${site.url}/admin/cases/new`),
  'call-wrong': async (page) => {
    await fillCall(page);
    await page.fill('[name=phone]', 'x');
    await page.click('main button[type=submit]');
    await page.waitForSelector('.field-error');
  },
  'call-second': async (page) => {
    await fillCall(page);
    await page.click('main button[type=submit]');
    await page.waitForSelector('[name=story]');
  },
  asked: (page) => page.goto(`${site.url}/admin/cases/${asked}`),
  ready: (page) => page.goto(`${site.url}/admin/cases/${ready}`),
  coupon: async (page) => page.goto(`${site.url}/admin/coupons/${await couponId()}`),
  'put-back': async (page) => page.goto(`${site.url}/admin/coupons/${await couponId()}/put_back?payment=P1`),
  register: (page) => page.goto(`${site.url}/admin/coupons/register`),
  candidates: (page) => page.goto(`${site.url}/admin/coupons/candidates`),
  extend: (page) => page.goto(`${site.url}/admin/coupons/extend?campaign=${KUMAMOTO}`),
  cutoff: async (page) => {
    await page.goto(`${site.url}/admin/coupons/cutoff`);
    await page.click('main form[method=post] button');
    await page.waitForSelector('[data-focus] table');
  },
  settings: (page) => page.goto(`${site.url}/admin/campaigns?campaign=${KUMAMOTO}`),
  edit: (page) => page.goto(`${site.url}/admin/campaigns/edit?campaign=${KUMAMOTO}`),
  'edit-checked': async (page) => {
    await page.goto(`${site.url}/admin/campaigns/edit?campaign=${KUMAMOTO}`);
    await page.fill('#redeemUntil', '2023-06-30 23:59:59');
    await page.fill('#hours_ja', '毎日 9:00～18:00');
    await page.click('button[value=check]');
    await page.waitForSelector('#checked');
  },
  'edit-wrong': async (page) => {
    await page.goto(`${site.url}/admin/campaigns/edit?campaign=${KUMAMOTO}`);
    await page.fill('#redeemUntil', 'いつか');
    await page.fill('#mail', '');
    await page.click('button[value=check]');
    await page.waitForSelector('#redeemUntil-error');
  },
  decide: (page) => page.goto(`${site.url}/admin/cases/${ready}/decide`),
};

describe.each(['ja', 'en'])('in %s', (language) => {
  it.each(Object.keys(CASES))('%s: axe finds nothing, and nothing is cut off', async (name) => {
    for (const size of ['wide', 'narrow'] as const) {
      const staff = await insertStaff(site.owner, 'operator', { name: '運用 花子' });
      const context = await browser.newContext({ viewport: SIZES[size], locale: language, reducedMotion: 'reduce' });
      const value = await insertSession(site.owner, staff);
      await context.addCookies([{ name: '__Host-staff', value, url: site.url.replace('http:', 'https:'), secure: true, httpOnly: true }]);
      const page = await context.newPage();
      await CASES[name]?.(page);
      expect(await page.locator('.side').count(), 'signed in').toBe(1);
      if (PICTURES) await page.screenshot({ path: path.join(PICTURES, `case-${name}.${language}.${size}.png`), fullPage: true });
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
      expect(violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`))).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
      await context.close();
    }
  });
});

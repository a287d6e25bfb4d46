import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runBulk } from '~/services/run-bulk';
import { launchBrowser } from '../support/browser';
import { insertFailure } from '../support/failures';
import { type RecipientSite, startRecipientSite } from '../support/recipient-site';
import { insertSession, insertStaff, type TestStaff } from '../support/staff';

/** The console's lists, charts and approvals in a real browser, by keyboard alone. `PICTURES=folder` keeps a picture of each. */
const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PICTURES = process.env.PICTURES;

let site: RecipientSite;
let browser: Browser;

beforeAll(async () => {
  [site, browser] = await Promise.all([startRecipientSite(), launchBrowser()]);
  for (let i = 0; i < 3; i += 1) await insertFailure(site, { yen: 1_000 + i, provider: 'amazon' });
  await insertFailure(site, { yen: 700, provider: 'paypay', fate: 'silent' });
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

async function sit(staff: TestStaff, locale = 'ja-JP'): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext({ locale, viewport: { width: 1280, height: 900 } });
  const value = await insertSession(site.owner, staff);
  await context.addCookies([
    { name: '__Host-staff', value, url: site.url.replace('http:', 'https:'), httpOnly: true, secure: true, sameSite: 'Strict' },
  ]);
  return { page: await context.newPage(), context };
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const results = await page.evaluate(() => (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
  return results.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary}`));
}

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES) await page.screenshot({ path: path.join(PICTURES, `${name}.png`), fullPage: true });
}

/** Goes on by Tab until the focus is there, as somebody without a mouse does. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let i = 0; i < 120; i += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
  }
  throw new Error(`no Tab leads to ${selector}`);
}

const enter = (page: Page) => Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);

describe('what needs a hand', () => {
  it('is proposed for a chosen row and approved by somebody else, by keyboard alone', async () => {
    const operator = await insertStaff(site.owner, 'operator');
    const { page, context } = await sit(operator);
    await page.goto(`${site.url}/admin/redemptions?campaign=${site.campaignId}&provider=amazon&state=failed`);
    await tabTo(page, 'input[name=r]');
    await page.keyboard.press('Space');
    await tabTo(page, 'button[value=chosen]');
    await enter(page);
    expect(await page.innerText('main')).toContain('1件');
    await tabTo(page, '#why');
    await page.keyboard.press('ArrowDown');
    await tabTo(page, '#totp');
    await page.keyboard.type(operator.totp());
    await tabTo(page, 'main button.button[type=submit]');
    await enter(page);
    expect(page.url()).toContain('/admin/approvals/');
    expect(await page.innerText('main')).toContain('まとめて再発行');
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    await context.close();

    const approver = await insertStaff(site.owner, 'approver');
    const second = await sit(approver);
    await second.page.goto(`${site.url}/admin`);
    await tabTo(second.page, '.need a[href^="/admin/approvals"]');
    await enter(second.page);
    await second.page.keyboard.press('ArrowDown');
    await enter(second.page);
    await tabTo(second.page, '#totp');
    await second.page.keyboard.type(approver.totp());
    await tabTo(second.page, 'main button.button[type=submit]');
    await enter(second.page);
    expect(await second.page.innerText('main')).toContain('実行中');
    expect(await runBulk(site.console, { approvalId: id })).toBe('done');
    await second.page.goto(`${site.url}/admin/approvals/${id}`);
    expect(await second.page.innerText('main')).toContain('1件を実行');
    expect(await violations(second.page)).toEqual([]);
    await second.context.close();
  });

  it.each(['ja-JP', 'en-GB'])('is shown on pages in which axe finds nothing, wide and narrow, in %s', async (locale) => {
    const operator = await insertStaff(site.owner, 'operator');
    const { page, context } = await sit(operator, locale);
    const list = `/admin/redemptions?campaign=${site.campaignId}&provider=amazon&state=failed`;
    const pages: Readonly<Record<string, string>> = {
      home: '/admin',
      list: '/admin/redemptions',
      'list-bulk': list,
      'list-empty': `${list}&reason=throttled`,
      bulk: `${list}&propose=all`,
      charts: '/admin/charts?from=2023-05-01&until=2023-05-25',
      'charts-wrong': '/admin/charts?from=2023-02-31',
      approvals: '/admin/approvals?show=ended',
    };
    for (const [name, to] of Object.entries(pages)) {
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
        await page.goto(site.url + to);
        await picture(page, `${name}.${locale}.${width}`);
        expect(await violations(page), `${name} at ${width}`).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), name).toBe(0);
      }
    }
    await context.close();
  });
});

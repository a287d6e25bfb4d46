import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser';
import { type RecipientSite, startRecipientSite } from '../support/recipient-site';
import { insertSession, insertStaff } from '../support/staff';

/** The frame around the console's pages, as wide as a desk's screen, a phone's, and either zoomed in. `PICTURES=folder` keeps a picture of each. */
const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PICTURES = process.env.PICTURES;
const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
/** What a page has for its width when the same screens are zoomed to 200 %. */
const ZOOMED = { desk: { width: 640, height: 400 }, phone: { width: 195, height: 422 } };

let site: RecipientSite;
let browser: Browser;

beforeAll(async () => {
  [site, browser] = await Promise.all([startRecipientSite(), launchBrowser()]);
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

async function open(to: string, options: BrowserContextOptions): Promise<Page> {
  // An operator's menu is the longest.
  const staff = await insertStaff(site.owner, 'operator', { name: '運用 花子' });
  const context = await browser.newContext({ locale: 'ja', reducedMotion: 'reduce', ...options });
  const value = await insertSession(site.owner, staff);
  await context.addCookies([{ name: '__Host-staff', value, url: site.url.replace('http:', 'https:'), secure: true, httpOnly: true }]);
  const page = await context.newPage();
  await page.goto(`${site.url}${to}`);
  return page;
}

const topOfHeading = (page: Page) => page.evaluate(() => document.querySelector('h1')?.getBoundingClientRect().top ?? Number.NaN);
const sideways = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
const link = (page: Page, name: string) => page.locator('.side').getByRole('link', { name, exact: true });

async function check(page: Page, picture: string): Promise<void> {
  if (PICTURES) await page.screenshot({ path: path.join(PICTURES, `menu-${picture}.png`) });
  expect(await sideways(page)).toBeLessThanOrEqual(0);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
  expect(violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`))).toEqual([]);
}

describe('on a desk', () => {
  it.each([true, false])('stands open beside the page (scripts: %s)', async (javaScriptEnabled) => {
    const page = await open('/admin/approvals', { viewport: DESK, javaScriptEnabled });
    expect(await page.locator('summary').isVisible()).toBe(false);
    expect(await link(page, '書き出し').isVisible()).toBe(true);
    expect(await link(page, '承認待ち').getAttribute('aria-current')).toBe('page');
    expect(await page.getByRole('button', { name: 'サインアウト' }).isVisible()).toBe(true);
    await link(page, '書き出し').click();
    await page.waitForURL('**/admin/exports');
    await page.context().close();
  });

  it('is gone through by Tab, and axe finds nothing', async () => {
    const page = await open('/admin/approvals', { viewport: DESK });
    await check(page, 'desk');
    await link(page, '終了報告').focus();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('書き出し');
    await page.context().close();
  });

  it('stays in reach at the end of a long page', async () => {
    const page = await open('/admin/campaigns/edit', { viewport: DESK });
    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
    expect(await link(page, '受取人をさがす').evaluate((element) => element.getBoundingClientRect().top)).toBeGreaterThanOrEqual(0);
    await page.context().close();
  });
});

describe('on a phone', () => {
  it.each([true, false])(
    'is folded under a line that names the page, and opens and closes by touch (scripts: %s)',
    async (javaScriptEnabled) => {
      const page = await open('/admin/approvals', { viewport: PHONE, javaScriptEnabled, hasTouch: true });
      const line = page.locator('summary');
      expect((await line.innerText()).split('\n').map((word) => word.trim())).toEqual(['メニュー', '承認待ち']);
      expect(await link(page, '書き出し').isVisible()).toBe(false);
      expect((await page.locator('.side').boundingBox())?.height).toBeLessThan(80);
      await line.tap();
      expect(await link(page, '書き出し').isVisible()).toBe(true);
      await line.tap();
      expect(await link(page, '書き出し').isVisible()).toBe(false);
      await page.context().close();
    },
  );

  it('opens by keyboard, and what is folded is not gone through', async () => {
    const page = await open('/admin/approvals', { viewport: PHONE });
    await page.locator('.brand a').focus();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('SUMMARY');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('main')?.id)).toBe('main');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('受取人をさがす');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/admin/find');
    await page.context().close();
  });

  it.each([
    ['/admin/campaigns/edit', '事業の設定'],
    ['/admin/account', '自分の設定'],
  ])('names the part that %s belongs to', async (to, name) => {
    const page = await open(to, { viewport: PHONE });
    expect(await page.locator('summary').innerText()).toContain(name);
    await page.context().close();
  });

  it('gives every entry 44 pixels for a finger', async () => {
    const page = await open('/admin/approvals', { viewport: PHONE });
    await page.locator('summary').click();
    const low = await page.locator('.side :is(summary, a, button)').evaluateAll((all) =>
      all.flatMap((each) => {
        const { height, width } = each.getBoundingClientRect();
        return height < 44 || width < 44 ? [`${each.textContent}: ${width} × ${height}`] : [];
      }),
    );
    expect(low).toEqual([]);
    await page.context().close();
  });

  it.each(['folded', 'open'])('axe finds nothing while it is %s', async (state) => {
    const page = await open('/admin/approvals', { viewport: PHONE });
    if (state === 'open') await page.locator('summary').click();
    else expect(await topOfHeading(page)).toBeLessThan(PHONE.height / 5);
    await check(page, `phone-${state}`);
    await page.context().close();
  });
});

describe.each(Object.entries(ZOOMED))('zoomed to 200 %% on a %s', (name, viewport) => {
  it.each(['folded', 'open'])('nothing is cut off while it is %s', async (state) => {
    const page = await open('/admin/approvals', { viewport });
    if (state === 'open') await page.locator('summary').click();
    await check(page, `zoomed-${name}-${state}`);
    await page.context().close();
  });
});

import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freezeGrant } from '~/services/freeze-grant';
import { recordDayProof } from '~/services/record-day-proof';
import { requestRedemption } from '~/services/request-redemption';
import { getDayFigures } from '~/views/day-proofs';
import { launchBrowser } from '../support/browser';
import { type RecipientSite, startRecipientSite } from '../support/recipient-site';
import { insertSession, insertStaff } from '../support/staff';

/** The audit log and the proofs in a real browser. `PICTURES=folder` keeps a picture of each. */
const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PICTURES = process.env.PICTURES;
const SIZES = { wide: { width: 1280, height: 900 }, narrow: { width: 390, height: 844 } };
const DAY_MS = 86_400_000;

let site: RecipientSite;
let browser: Browser;

beforeAll(async () => {
  [site, browser] = await Promise.all([startRecipientSite(), launchBrowser()]);
  const { id } = await insertStaff(site.owner, 'operator', { name: '運用 花子' });
  const staff = { id, scope: 'all' as const };
  for (const yen of [1_357, 2_000, 700]) {
    const grantId = await site.grant(yen);
    const requestKey = site.portal.crypto.newKey();
    await requestRedemption(site.portal, { grantId, requestKey, choices: [{ provider: 'paypay', yen: BigInt(yen) }] });
    await freezeGrant(site.console, { staff, grantId, reason: 'lost_phone', note: '', hours: '24' });
  }
  for (const day of ['2023-05-20', '2023-05-21', '2023-05-23']) {
    site.owner.clock.set(new Date(site.owner.clock.now().getTime() + DAY_MS));
    const figures = await getDayFigures(site.console.db, site.campaignId);
    await recordDayProof(site.console, { figures, day, actor: 'worker' });
  }
  site.owner.clock.set(new Date(site.owner.clock.now().getTime() + 3 * DAY_MS));
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

const CASES: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  audit: (page) => page.goto(`${site.url}/admin/audit`),
  'audit-none': (page) => page.goto(`${site.url}/admin/audit?until=2020-01-01`),
  'audit-checked': async (page) => {
    await page.goto(`${site.url}/admin/audit`);
    await page.click('form[method=post][action="/admin/audit"] button');
    await page.waitForSelector('[role=status]');
  },
  proofs: (page) => page.goto(`${site.url}/admin/proofs`),
};

async function open(language: string, size: keyof typeof SIZES): Promise<Page> {
  const staff = await insertStaff(site.owner, 'auditor', { name: '監査 次郎' });
  const context = await browser.newContext({ viewport: SIZES[size], locale: language, reducedMotion: 'reduce' });
  const value = await insertSession(site.owner, staff);
  await context.addCookies([{ name: '__Host-staff', value, url: site.url.replace('http:', 'https:'), secure: true, httpOnly: true }]);
  return context.newPage();
}

describe.each(['ja', 'en'])('in %s', (language) => {
  it.each(Object.keys(CASES))('%s: axe finds nothing, and nothing is cut off', async (name) => {
    for (const size of ['wide', 'narrow'] as const) {
      const page = await open(language, size);
      await CASES[name]?.(page);
      expect(await page.getAttribute('html', 'lang')).toBe(language);
      if (PICTURES) await page.screenshot({ path: path.join(PICTURES, `${name}.${language}.${size}.png`), fullPage: true });
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
      expect(violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`))).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
      await page.context().close();
    }
  });
});

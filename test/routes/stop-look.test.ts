import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STOP_GENERATION, stopTokenOf } from '~/domain/stop-link';
import { launchBrowser } from '../support/browser';
import { type RecipientSite, startRecipientSite } from '../support/recipient-site';

/** The page behind a reminder's stop link, in a real browser without scripts of ours. `PICTURES=folder` keeps a picture of each. */
const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PICTURES = process.env.PICTURES;
// The last is a phone at 200 % zoom.
const SIZES = { wide: { width: 1280, height: 900 }, narrow: { width: 390, height: 844 }, zoomed: { width: 195, height: 422 } };

let site: RecipientSite;
let browser: Browser;
beforeAll(async () => {
  [site, browser] = await Promise.all([startRecipientSite({ publicUrl: 'local' }), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

describe.each(['ja', 'en'])('in %s', (language) => {
  it.each(Object.keys(SIZES) as (keyof typeof SIZES)[])('%s: the question and the answer, by the keyboard alone', async (size) => {
    const grantId = await site.grant(1357);
    const link = `/stop/${stopTokenOf(grantId, site.owner.crypto.linkToken(grantId, STOP_GENERATION))}`;
    const context = await browser.newContext({ viewport: SIZES[size], locale: language, bypassCSP: true });
    const page = await context.newPage();
    const look = async (name: string) => {
      await page.evaluate(axe);
      const found = await page.evaluate(() => (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
      expect(found.violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBeLessThanOrEqual(SIZES[size].width);
      if (PICTURES) await page.screenshot({ path: path.join(PICTURES, `stop-${name}-${language}-${size}.png`), fullPage: true });
    };
    await page.goto(`${site.url}${link}`);
    await look('ask');
    await page.focus('main button');
    await page.keyboard.press('Enter');
    await page.waitForSelector('main:not(:has(form[method=post] button[name=stop]))');
    await look('done');
    await page.goto(`${site.url}/stop/AAAAAAAAAAAAAAAAAAAAAA`);
    await look('unknown');
    await context.close();
  });
});

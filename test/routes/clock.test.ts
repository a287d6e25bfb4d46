import fs from 'node:fs';
import axe from 'axe-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser';
import { MAY_20, type RecipientSite, startRecipientSite } from '../support/recipient-site';

let site: RecipientSite;
beforeAll(async () => {
  site = await startRecipientSite();
});
afterAll(() => site.stop());
beforeEach(() => {
  site.movableClock = true;
  site.owner.clock.set(MAY_20);
});

const DEADLINE = '2023-05-31T14:59:59.000Z';

describe("the rehearsal's clock", () => {
  it('is not there where nobody may move it', async () => {
    site.movableClock = false;
    expect((await site.visitor().get('/clock')).status).toBe(404);
    expect((await site.visitor().post('/clock', [['to', DEADLINE]])).status).toBe(404);
    expect(site.owner.clock.now()).toEqual(MAY_20);
  });

  it('moves on to one second before the deadline and to it, and the pages go by it', async () => {
    const link = site.linkOf(await site.grant(1357));
    const page = await site.visitor().get('/clock');
    expect(page.text).toContain('2023年5月31日（水）23:59');
    expect(page.text).toContain(`value="${DEADLINE}"`);
    expect(await site.visitor().post('/clock', [['to', DEADLINE]])).toMatchObject({ status: 303, location: '/clock' });
    expect((await site.visitor().open(link)).text).toContain('name="provider"');
    await site.visitor().post('/clock', [['to', '2023-06-01 00:00:00']]);
    expect((await site.visitor().open(link)).text).not.toContain('name="provider"');
  });

  it.each([
    ['never back', '2023-05-20 09:59:59', '時計は戻せません'],
    ['to no day that does not exist', '2023-06-31', '日時を読み取れません'],
    ['to nothing', '', '日時を読み取れません'],
    ['to no markup', '<b>1</b>', '日時を読み取れません'],
  ])('goes %s', async (_case, to, says) => {
    const answer = await site.visitor().post('/clock', [['to', to]]);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(says);
    expect(answer.text).not.toContain('<b>1');
    expect(site.owner.clock.now()).toEqual(MAY_20);
  });

  it('is moved from no other site', async () => {
    const answer = await site
      .visitor()
      .post('/clock', [['to', DEADLINE]], { 'sec-fetch-site': 'cross-site', origin: 'https://other.example' });
    expect(answer.status).toBe(403);
    expect(site.owner.clock.now()).toEqual(MAY_20);
  });

  it.each([
    [1280, 900],
    [390, 844],
  ])('reads well at %i pixels in both languages, and axe finds nothing', async (width, height) => {
    const browser = await launchBrowser();
    for (const lang of ['ja', 'en']) {
      const page = await browser.newPage({ viewport: { width, height } });
      await page.goto(`${site.url}/clock?lang=${lang}`);
      await page.evaluate(axe.source);
      const found = await page.evaluate(() =>
        (window as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } }).axe.run(),
      );
      expect(found.violations.map(({ id }) => id)).toEqual([]);
      const folder = process.env.PICTURES;
      if (folder) fs.writeFileSync(`${folder}/clock-${width}-${lang}.png`, await page.screenshot());
      const scroll = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(scroll).toBeLessThanOrEqual(0);
      await page.close();
    }
    await browser.close();
  });
});

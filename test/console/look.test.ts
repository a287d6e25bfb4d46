import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { indexRecipients } from '~/services/index-recipients';
import { queueMessage } from '~/services/parts/queue-message';
import { planWave } from '~/services/plan-wave';
import { requestRedemption } from '~/services/request-redemption';
import { startWave } from '~/services/start-wave';
import { launchBrowser } from '../support/browser';
import { insertPerson } from '../support/people';
import { type RecipientSite, startRecipientSite } from '../support/recipient-site';
import { insertSession, insertStaff } from '../support/staff';
import { PLAN } from '../support/waves';

/** Finding and a person's page in a real browser, in both languages, wide and narrow. `PICTURES=folder` keeps a picture of each. */
const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PICTURES = process.env.PICTURES;
const SIZES = { wide: { width: 1280, height: 900 }, narrow: { width: 390, height: 844 } };

let site: RecipientSite;
let browser: Browser;
let grantId: string;

beforeAll(async () => {
  [site, browser] = await Promise.all([startRecipientSite(), launchBrowser()]);
  const hours = { ...PLAN.hours, fromOn: '2023-04-10' };
  await planWave(site.console, { campaignId: site.campaignId, plan: { ...PLAN, hours, perHour: 500 }, actor: 'cli:test' });
  await startWave(site.console, { campaignId: site.campaignId, number: 1, actor: 'cli:test' });
  grantId = await insertPerson(site.owner, site.campaignId, {
    number: 'KM-A-000417',
    name: '高橋 花子',
    kana: 'タカハシ ハナコ',
    phone: '+819012340417',
    mail: 'hanako@example.jp',
  });
  await site.owner.db.transaction().execute((trx) => queueMessage(site.owner, trx, { grantId, purpose: 'resend', actor: 'test' }));
  for (let i = 10; i < 34; i += 1) {
    await insertPerson(site.owner, site.campaignId, {
      number: `KM-A-0005${i}`,
      name: `高橋 ${i}郎`,
      kana: 'タカハシ タロウ',
      phone: `+8190123405${i}`,
    });
  }
  for (const { id } of await site.owner.db.selectFrom('search_batches').select('id').execute()) {
    await indexRecipients(site.console, { batchId: id });
  }
  for (const [provider, yen, fate] of [
    ['paypay', 357, 'well'],
    ['amazon', 400, 'silent'],
    ['nanaco', 600, 'refused'],
  ] as const) {
    site.owner.clock.set(new Date(site.owner.clock.now().getTime() + 97_000));
    site.fate = fate;
    const requestKey = site.portal.crypto.newKey();
    await requestRedemption(site.portal, { grantId, requestKey, choices: [{ provider, yen: BigInt(yen) }] });
    site.owner.clock.set(new Date(site.owner.clock.now().getTime() + 4_000));
    await site.issue(grantId);
  }
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

const CASES: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  async waves(page) {
    await page.goto(`${site.url}/admin/waves`);
    await page.waitForSelector('#health');
  },
  'wave-new': async (page) => {
    await page.goto(`${site.url}/admin/waves/new?campaign=${site.campaignId}`);
    await page.fill('#until', '2023-05-31');
    await page.click('button[value=preview]');
    await page.waitForSelector('#result');
  },
  'wave-wrong': async (page) => {
    await page.goto(`${site.url}/admin/waves/new?campaign=${site.campaignId}`);
    await page.fill('#first', '25');
    await page.click('button[value=preview]');
    await page.waitForSelector('#first-error');
  },
  unreached: (page) => page.goto(`${site.url}/admin/waves/unreached?campaign=${site.campaignId}`),
  unopened: (page) => page.goto(`${site.url}/admin/waves/unopened?campaign=${site.campaignId}`),
  sent: (page) => page.goto(`${site.url}/admin/people/${grantId}/messages`),
  charts: (page) => page.goto(`${site.url}/admin/charts`),
  coupons: (page) => page.goto(`${site.url}/admin/coupons`),
  campaigns: (page) => page.goto(`${site.url}/admin/campaigns`),
  rehearsal: async (page) => {
    await insertRehearsal();
    await page.goto(`${site.url}/admin/campaigns/rehearsal?campaign=${site.campaignId}`);
  },
  texts: (page) => page.goto(`${site.url}/admin/texts`),
  'text-mail': (page) => page.goto(`${site.url}/admin/texts/invitation.mail.ja?campaign=${site.campaignId}`),
  'text-sms': (page) => page.goto(`${site.url}/admin/texts/reminder.sms.ja?campaign=${site.campaignId}`),
  'text-wrong': async (page) => {
    await page.goto(`${site.url}/admin/texts/invitation.mail.ja?campaign=${site.campaignId}`);
    await page.fill('#body', 'https://evil.example {linc}');
    await page.click('button[value=preview]:not([hidden])');
    await page.waitForSelector('#body-error');
  },
  find: (page) => page.goto(`${site.url}/admin/find`),
  hits: async (page) => {
    await page.goto(`${site.url}/admin/find`);
    await page.fill('#fact', 'たかはし');
    await page.press('#fact', 'Enter');
    await page.waitForSelector('[data-row]');
  },
  nobody: async (page) => {
    await page.goto(`${site.url}/admin/find`);
    await page.fill('#fact', 'ハヤブサ');
    await page.press('#fact', 'Enter');
    await page.waitForSelector('[role=status]');
  },
  'find-error': async (page) => {
    await page.goto(`${site.url}/admin/find`);
    await page.fill('#fact', 'x');
    await page.press('#fact', 'Enter');
    await page.waitForSelector('#fact-error');
  },
  person: (page) => page.goto(`${site.url}/admin/people/${grantId}`),
  unmasked: async (page) => {
    await page.goto(`${site.url}/admin/people/${grantId}`);
    await page.selectOption('#unmask-reason', 'identity');
    await page.click('#contact button');
    await page.waitForSelector('#contact dl');
  },
};

/** One that went wrong in its last scene. */
async function insertRehearsal(): Promise<void> {
  const { owner } = site;
  const now = owner.clock.now();
  const steps = [
    { scene: 'cutoff', at: '2023-03-31T15:00:00.000Z', ok: true, facts: { persons: 30, grantedYen: 4_051_930, waitingYen: 1_017_716 } },
    { scene: 'sending', at: '2023-04-10T00:00:00.000Z', ok: false, facts: { group: 'app', sent: 11, missed: 19, twice: 0 } },
  ];
  await owner.db
    .insertInto('rehearsals')
    .values({
      id: owner.crypto.newId(now),
      campaign_id: site.campaignId,
      content: '{}',
      state: 'failed',
      steps: JSON.stringify(steps),
      asked_by: (await insertStaff(owner, 'operator')).id,
      asked_at: now,
      ended_at: now,
    })
    .execute();
}

async function open(language: string, size: keyof typeof SIZES): Promise<Page> {
  const staff = await insertStaff(site.owner, 'operator', { name: '運用 花子' });
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
      expect(await page.locator('.side').count(), 'signed in').toBe(1);
      if (PICTURES) await page.screenshot({ path: path.join(PICTURES, `${name}.${language}.${size}.png`), fullPage: true });
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
      expect(violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`))).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
      await page.context().close();
    }
  });
});

it('needs no mouse: "/" goes to the field, arrows move over the hits, Enter opens one', async () => {
  const page = await open('ja', 'wide');
  await page.goto(`${site.url}/admin/people/${grantId}`);
  await page.keyboard.press('/');
  await page.waitForURL('**/admin/find');
  await page.keyboard.press('/');
  await page.keyboard.type('KM-A-000417');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-row]');
  await page.keyboard.press('/');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/admin/people/${grantId}`);
  expect(page.url()).not.toContain('KM-A');
  await page.context().close();
});

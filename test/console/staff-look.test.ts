import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inviteStaff } from '~/services/invite-staff';
import { launchBrowser } from '../support/browser';
import { type RecipientSite, startRecipientSite } from '../support/recipient-site';
import { insertSession, insertSignable, insertStaff } from '../support/staff';

/** Signing in, one's account and the staff in a real browser, in both languages, wide and narrow. `PICTURES=folder` keeps a picture of each. */
const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PICTURES = process.env.PICTURES;
const SIZES = { wide: { width: 1280, height: 900 }, narrow: { width: 390, height: 844 } };

let site: RecipientSite;
let browser: Browser;
let session = '';
let invitation = '';
let person = '';

beforeAll(async () => {
  [site, browser] = await Promise.all([startRecipientSite({ publicUrl: 'local' }), launchBrowser()]);
  const admin = await insertSignable(site.owner, 'administrator', { name: '管理 一郎' });
  session = await insertSession(site.owner, admin);
  await insertSession(site.owner, admin);
  person = (await insertStaff(site.owner, 'call_centre', { name: '電話 里美', campaigns: [site.campaignId] })).id;
  const gone = await insertStaff(site.owner, 'viewer', { name: '退職 済' });
  await site.owner.db.updateTable('staff').set({ disabled_at: site.owner.clock.now() }).where('id', '=', gone.id).execute();
  const by = { actor: 'cli:test', staffId: null, scope: 'all' as const };
  const invited = await inviteStaff(site.owner, {
    login: 'hayakawa',
    name: '早川 花',
    role: 'operator',
    scope: 'all',
    by,
    now: site.owner.clock.now(),
  });
  if (invited.kind !== 'invited') throw new Error(invited.reason);
  invitation = `/admin/invitations/${invited.token}`;
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

interface Look {
  readonly name: string;
  readonly path: () => string;
  readonly signedIn: boolean;
  /** Brings about the state that is looked at. */
  readonly prepare?: (page: Page) => Promise<void>;
}

const press = (page: Page, selector: string) => Promise.all([page.waitForNavigation(), page.click(selector)]);

const LOOKS: readonly Look[] = [
  { name: 'sign-in', path: () => '/admin/sign-in', signedIn: false },
  {
    name: 'sign-in-wrong',
    path: () => '/admin/sign-in',
    signedIn: false,
    async prepare(page) {
      for (const [field, text] of [
        ['#login', 'hayakawa'],
        ['#password', 'wrong'],
        ['#totp', '000000'],
      ] as const) {
        await page.fill(field, text);
      }
      await press(page, 'form:has(#login) button[type=submit]');
    },
  },
  { name: 'invitation', path: () => invitation, signedIn: false },
  {
    name: 'invitation-totp',
    path: () => `${invitation}?step=choose`,
    signedIn: false,
    async prepare(page) {
      await page.fill('#password', 'blue lantern under the bridge');
      await page.fill('#password_again', 'blue lantern under the bridge');
      await press(page, 'form:has(#password) button[type=submit]');
    },
  },
  { name: 'invitation-gone', path: () => '/admin/invitations/AAAAAAAAAAAAAAAAAAAAAA', signedIn: false },
  { name: 'account', path: () => '/admin/account', signedIn: true },
  { name: 'account-password', path: () => '/admin/account?change=set_password', signedIn: true },
  {
    name: 'account-password-wrong',
    path: () => '/admin/account?change=set_password',
    signedIn: true,
    async prepare(page) {
      await page.fill('#password', 'short');
      await page.fill('#password_again', 'short');
      await press(page, '.form button[type=submit]');
    },
  },
  { name: 'staff', path: () => '/admin/staff', signedIn: true },
  { name: 'staff-invite', path: () => '/admin/staff?invite=1', signedIn: true },
  {
    name: 'staff-invite-wrong',
    path: () => '/admin/staff?invite=1',
    signedIn: true,
    async prepare(page) {
      await page.fill('#login', '早川');
      await page.fill('#name', '早川 花');
      await press(page, '.form button[type=submit]');
    },
  },
  { name: 'staff-member', path: () => `/admin/staff/${person}`, signedIn: true },
  { name: 'staff-change', path: () => `/admin/staff/${person}?do=change`, signedIn: true },
];

describe.each(['ja', 'en'])('%s', (lang) => {
  describe.each(Object.keys(SIZES) as (keyof typeof SIZES)[])('%s', (size) => {
    it.each(LOOKS)('$name: axe finds nothing, and nothing is cut off', async ({ name, path: address, signedIn, prepare }) => {
      const context = await browser.newContext({ viewport: SIZES[size], locale: lang === 'ja' ? 'ja-JP' : 'en-GB', bypassCSP: true });
      await context.addCookies([
        { name: 'lang', value: lang, url: site.url.replace('http:', 'https:'), secure: true },
        ...(signedIn ? [{ name: '__Host-staff', value: session, url: site.url.replace('http:', 'https:'), secure: true }] : []),
      ]);
      const page = await context.newPage();
      await page.goto(site.url + address());
      await prepare?.(page);
      if (PICTURES) await page.screenshot({ path: path.join(PICTURES, `${name}-${size}-${lang}.png`), fullPage: true });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(wide, 'nothing sticks out').toBe(0);
      await page.addScriptTag({ content: axe });
      const found = (await page.evaluate('axe.run()')) as AxeResults;
      expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
      await context.close();
    });
  });
});

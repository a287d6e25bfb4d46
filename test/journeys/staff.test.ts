import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inviteStaff } from '~/services/invite-staff';
import { launchBrowser } from '../support/browser';
import { type RecipientSite, startRecipientSite } from '../support/recipient-site';
import { insertSignable } from '../support/staff';

/** Staff in a real browser: passkeys by a virtual authenticator, and what the back button shows. */
let site: RecipientSite;
let browser: Browser;

beforeAll(async () => {
  [site, browser] = await Promise.all([startRecipientSite({ publicUrl: 'local' }), launchBrowser()]);
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

interface Desk {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly problems: string[];
  /** Whether the authenticator's owner touches it. */
  setPresent(present: boolean): Promise<void>;
}

async function sitDown(options: { scripts?: boolean } = {}): Promise<Desk> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'ja-JP',
    javaScriptEnabled: options.scripts ?? true,
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  const cdp: CDPSession = await context.newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    context,
    page,
    problems,
    setPresent: async (present) => void (await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: present })),
  };
}

async function invite(login: string): Promise<string> {
  const by = { actor: 'cli:test', staffId: null, scope: 'all' as const };
  const result = await inviteStaff(site.owner, { login, name: '早川 花', role: 'operator', scope: 'all', by, now: site.owner.clock.now() });
  if (result.kind !== 'invited') throw new Error(result.reason);
  return `${site.url}/admin/invitations/${result.token}`;
}

const follow = (page: Page, selector: string) => Promise.all([page.waitForNavigation(), page.click(selector)]);
const signOut = (page: Page) => follow(page, '.me button');

describe('with a passkey', () => {
  it('somebody invited registers it, signs out, signs in, and proves themselves for an act', async () => {
    const { page, context, problems, setPresent } = await sitDown();
    await page.goto(await invite('hana'));
    await page.fill('#label', '会社のノートPC');
    await follow(page, '[data-passkey-new] [data-passkey-press]');
    expect(page.url()).toBe(`${site.url}/admin`);
    expect(await page.innerText('.me')).toContain('早川 花');

    await signOut(page);
    expect(page.url()).toBe(`${site.url}/admin/sign-in`);
    await setPresent(false);
    await page.click('[data-passkey-press]');
    await page.waitForSelector('[data-passkey-error]:not([hidden])');
    await setPresent(true);
    await follow(page, '[data-passkey-press]');
    expect(page.url()).toBe(`${site.url}/admin`);

    // A second one into the free place, by a proof with the first.
    await page.goto(`${site.url}/admin/account`);
    expect(await page.innerText('main')).toContain('会社のノートPC');
    await page.goto(`${site.url}/admin/account?change=set_password`);
    const before = (await context.cookies()).find((cookie) => cookie.name === '__Host-staff');
    await page.fill('#password', 'blue lantern under the bridge');
    await page.fill('#password_again', 'blue lantern under the bridge');
    await follow(page, '.step-up [data-passkey-press]');
    expect(await page.innerText('main')).toContain('パスワードを変えました');
    const after = (await context.cookies()).find((cookie) => cookie.name === '__Host-staff');
    expect(after?.value).not.toBe(before?.value);
    expect(after).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict', path: '/', expires: -1 });
    expect(problems).toEqual([]);
    await context.close();
  });
});

describe('without scripts', () => {
  it('password and number lead in, and nobody is offered a passkey', async () => {
    const anna = await insertSignable(site.owner, 'viewer');
    site.owner.clock.advance(60_000);
    const { page, context } = await sitDown({ scripts: false });
    await page.goto(`${site.url}/admin`);
    expect(await page.isVisible('[data-passkey-press]')).toBe(false);
    await page.fill('#login', anna.login);
    await page.fill('#password', anna.password);
    await page.fill('#totp', anna.totp());
    await page.keyboard.press('Enter');
    await page.waitForURL(`${site.url}/admin`);
    await context.close();
  });
});

describe('after signing out', () => {
  it('the back button shows nothing of the console', async () => {
    const anna = await insertSignable(site.owner, 'viewer', { name: '秘密 花子' });
    site.owner.clock.advance(60_000);
    const { page, context } = await sitDown();
    await page.goto(`${site.url}/admin/sign-in`);
    await page.fill('#login', anna.login);
    await page.fill('#password', anna.password);
    await page.fill('#totp', anna.totp());
    await follow(page, 'form:has(#login) button[type=submit]');
    await page.goto(`${site.url}/admin/account`);
    expect(await page.innerText('body')).toContain('秘密 花子');
    await signOut(page);
    await page.goBack();
    await page.waitForURL(/sign-in/);
    expect(await page.innerText('body')).not.toContain('秘密 花子');
    await context.close();
  });
});

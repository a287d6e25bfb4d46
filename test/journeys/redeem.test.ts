import { once } from 'node:events';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser';
import { startWholePortal, until, type WholePortal } from '../support/whole-portal';

/** Recipients on a phone, from the link to the code, through the whole portal. */
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, locale: 'ja-JP' };

let portal: WholePortal;
let browser: Browser;

beforeAll(async () => {
  [portal, browser] = await Promise.all([startWholePortal(), launchBrowser()]);
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await portal?.stop();
});

async function visit(scripts: boolean): Promise<{ page: Page; context: BrowserContext; foreign: string[] }> {
  const context = await browser.newContext({ ...PHONE, javaScriptEnabled: scripts });
  const page = await context.newPage();
  const foreign: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(portal.url)) foreign.push(request.url());
  });
  return { page, context, foreign };
}

/** The big button of the page. */
const press = (page: Page) => Promise.all([page.waitForNavigation(), page.click('main form .bar button.button')]);
const text = (page: Page) => page.innerText('main');

describe.each([
  ['with scripts', true],
  ['without scripts', false],
])('on a phone %s', (_title, scripts) => {
  let worker: { stop(): Promise<void> };
  beforeAll(async () => {
    worker = await portal.work();
  });
  afterAll(() => worker.stop());

  it.each(['amazon', 'paypay', 'nanaco'])('a link leads to the residual, a choice, and a %s code of the exact amount', async (provider) => {
    const grant = await portal.grant(1357);
    const { page, context, foreign } = await visit(scripts);
    await page.goto(grant.link);
    expect(page.url(), 'the token is gone from the address').toBe(`${portal.url}/receive`);
    expect(await text(page)).toContain('1,357');
    await page.check(`input[value=${provider}]`, { force: true });
    await press(page);
    expect(page.url()).toContain('/receive/confirm');
    expect(await portal.statesOf(grant.id), 'nothing is done before the confirmation').toEqual([]);
    await press(page);
    await until(
      () => portal.statesOf(grant.id),
      ([state]) => state === 'issued',
    );
    await page.goto(`${portal.url}/receive/codes`);
    await page.click('main a[href^="/receive/codes/"]');
    await page.click('main form button.button');
    await page.waitForSelector('.code p');
    const code = (await page.innerText('.code p')).replaceAll(/\s/g, '');
    const truth = portal.standIns.standIn(provider).issues().at(-1);
    expect(code).toBe(truth?.code);
    expect(truth?.yen).toBe(1357);
    expect(foreign).toEqual([]);
    await context.close();
  });

  it('a residual is split over a bought and an ordered code down to zero', async () => {
    const grant = await portal.grant(1157);
    const { page, context } = await visit(scripts);
    await page.goto(grant.link);
    await page.goto(`${portal.url}/receive/split`);
    await page.fill('input[name="y.ponta"], input[name="ponta"]', '1,100');
    await page.fill('input[name="y.paypay"], input[name="paypay"]', '５７');
    await page.click('main form .bar button.button:not(.second)');
    await page.waitForURL(/confirm/);
    await press(page);
    await until(
      () => portal.statesOf(grant.id),
      (states) => states.length === 2 && states.every((state) => state === 'issued'),
    );
    await page.goto(`${portal.url}/receive/codes`);
    expect(await text(page)).toMatch(/1,100円[\s\S]*57円|57円[\s\S]*1,100円/);
    await context.close();
  });

  it('a surely failed choice says that the yen are safe and leads to another provider', async () => {
    const grant = await portal.grant(300);
    portal.standIns.standIn('nanaco').fault('rejected');
    const { page, context } = await visit(scripts);
    await page.goto(grant.link);
    await page.check('input[value=nanaco]', { force: true });
    await press(page);
    await press(page);
    await until(
      () => portal.statesOf(grant.id),
      ([state]) => state === 'failed',
    );
    await page.goto(`${portal.url}/receive/codes`);
    expect(await text(page)).toContain('300円はそのまま守られています');
    await page.click('main a[href$="/again"]');
    await page.check('input[value=paypay]', { force: true });
    await press(page);
    await press(page);
    await until(
      () => portal.statesOf(grant.id),
      (states) => states.join() === 'cancelled,issued',
    );
    await context.close();
  });

  it('a double click and the back button pay once', async () => {
    const grant = await portal.grant(800);
    const { page, context } = await visit(scripts);
    await page.goto(grant.link);
    await page.check('input[value=paypay]', { force: true });
    await press(page);
    await page.dblclick('main form .bar button.button');
    await page.waitForURL(/progress|codes/);
    await page.goBack();
    const before = await portal.statesOf(grant.id);
    const again = page.locator('main form .bar button.button').first();
    if (await again.count()) await Promise.all([page.waitForNavigation(), again.click()]);
    expect(await portal.statesOf(grant.id)).toHaveLength(before.length);
    await until(
      () => portal.statesOf(grant.id),
      (states) => states.join() === 'issued',
    );
    await context.close();
  });
});

describe('a worker killed in mid-issue', () => {
  beforeEach(async () => {
    await portal.owner.db.deleteFrom('provider_states').execute();
  });

  it.each([
    ['paypay', 'timeout_after'],
    ['amazon', 'timeout_after'],
    ['paypay', 'timeout_before'],
  ] as const)(
    'at %s (%s) loses nothing and pays once',
    async (provider, fault) => {
      const grant = await portal.grant(500);
      const { page, context } = await visit(true);
      const before = portal.standIns.standIn(provider).issues().length;
      portal.standIns.standIn(provider).fault(fault);
      await page.goto(grant.link);
      await page.check(`input[value=${provider}]`, { force: true });
      await press(page);
      const first = await portal.spawnWorker();
      await press(page);
      // The provider has the request and hangs; the worker waits for its answer.
      await until(
        () => portal.owner.db.selectFrom('issuances').selectAll().where('provider', '=', provider).where('state', '=', 'open').execute(),
        (open) => open.some((attempt) => attempt.leased_until !== null),
      );
      const gone = once(first, 'exit');
      first.kill('SIGKILL');
      await gone;
      await page.goto(`${portal.url}/receive/progress`);
      expect(await text(page)).toContain('残額は守られています');

      // Its clock is past the first one's lease, and within what the providers' signatures allow.
      const second = await portal.spawnWorker(4 * 60_000);
      await until(
        () => portal.statesOf(grant.id),
        ([state]) => state === 'issued',
        120_000,
      );
      const ended = once(second, 'exit');
      second.kill('SIGTERM');
      await ended;
      expect(portal.standIns.standIn(provider).issues().length - before).toBe(1);
      await context.close();
    },
    180_000,
  );
});

describe('scanners', () => {
  it('fifty openings by a dozen profiles change no row, and the link still works', async () => {
    const grant = await portal.grant(42);
    const counts = async () => {
      const tables = ['redemptions', 'postings', 'journal_entries', 'issuances', 'reveals', 'audit_entries', 'grants'] as const;
      const rows = [];
      for (const table of tables) {
        const { n } = await portal.owner.db
          .selectFrom(table)
          .select((eb) => eb.fn.countAll<bigint>().as('n'))
          .executeTakeFirstOrThrow();
        rows.push(`${table} ${n}`);
      }
      return rows.join(', ');
    };
    const before = await counts();
    const profiles = Array.from({ length: 12 }, (_, i) => ({
      method: ['GET', 'HEAD', 'GET', 'OPTIONS'][i % 4] ?? 'GET',
      headers: {
        'user-agent': `scanner/${i}`,
        ...(i % 3 === 0 ? { 'sec-purpose': 'prefetch' } : {}),
        ...(i % 5 === 0 ? { accept: '*/*' } : {}),
      },
    }));
    for (let round = 0; round < 50; round += 1) {
      const answers = await Promise.all(profiles.map((profile) => fetch(grant.link, { ...profile, redirect: 'follow' })));
      for (const answer of answers) expect(answer.status).toBeLessThan(500);
    }
    expect(await counts()).toBe(before);
    const { page, context } = await visit(true);
    await page.goto(grant.link);
    expect(await text(page)).toContain('42');
    await context.close();
  });
});

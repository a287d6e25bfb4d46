import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import { sql } from 'kysely';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StandInServer, startStandInServer } from '#adapters/providers/stand-in-server';
import { standingClock } from '~/clock';
import { readKeyring } from '~/crypto.server';
import { ROLES } from '~/domain/access';
import { CLAIM_REFUSALS } from '~/domain/claim';
import { newTotpSecret } from '~/domain/totp';
import { findClaimStatus } from '~/views/claim-status';
import { listCandidates } from '~/views/coupon-candidates';
import { findRelated } from '~/views/person-related';
import { getProof } from '~/views/proof';
import { findLatestInstant } from '../../demo/database';
import { allCoupons, makeRegister } from '../../demo/programme/coupons';
import type { DemoSecrets } from '../../demo/secrets';
import { seed } from '../../demo/seeding';
import { launchBrowser } from '../support/browser';
import { MAY_20 } from '../support/portal';
import { type RecipientSite, startRecipientSite } from '../support/recipient-site';
import { insertSession, insertStaff } from '../support/staff';

/** What the demo begins with on 20 May: every state of claims and calls, by the real services, and books that agree. `PICTURES=folder` keeps pictures. */
const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PICTURES = process.env.PICTURES;
const KUMAMOTO = 'kumamoto-2023';

let site: RecipientSite;
let browser: Browser;
let standIns: StandInServer;
let seedAgain: () => ReturnType<typeof seed>;
let found: Awaited<ReturnType<typeof seed>>;

beforeAll(async () => {
  const texts = { seal: keyText(), index: keyText(), link: keyText() };
  const keys = { seal: ring(texts.seal), index: ring(texts.index), link: ring(texts.link) };
  const past = standingClock(MAY_20);
  [site, browser, standIns] = await Promise.all([startRecipientSite({ keys }), launchBrowser(), startStandInServer({ now: past.now })]);
  site.rehearsal = MAY_20;
  const environment = {
    ...standIns.environment,
    NODE_ENV: 'test',
    REHEARSAL: '1',
    OUTBOX: '1',
    PUBLIC_URL: 'http://localhost:3000',
    PORTAL_NOW: MAY_20.toISOString(),
    SEAL_KEYS: texts.seal,
    INDEX_KEYS: texts.index,
    LINK_KEYS: texts.link,
  };
  const staff = Object.fromEntries(ROLES.map((role) => [role, { password: role, totpSecret: newTotpSecret() }])) as DemoSecrets['staff'];
  const options = { fromStart: false, ownerUrl: site.ownerUrl, environment, clock: past, standIns, staff, onStep: () => {} };
  seedAgain = () => seed(options);
  found = await seedAgain();
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await site?.stop();
  await standIns?.close();
});

function keyText(): string {
  return `k1:${randomBytes(32).toString('base64')}`;
}

function ring(text: string) {
  const read = readKeyring(text);
  if (!read.ok) throw new Error(read.problem);
  return read.ring;
}

/** How many rows of a table there are, by some columns. */
async function counted(table: 'claims' | 'cases', by: string): Promise<Record<string, number>> {
  const { rows } = await sql<{ name: string; n: number }>`
    select concat_ws(' ', ${sql.raw(by)}) as name, count(*)::int as n from ${sql.table(table)} group by 1 order by 1`.execute(
    site.owner.db,
  );
  return Object.fromEntries(rows.map(({ name, n }) => [name, n]));
}

const sum = (rows: readonly { readonly balanceYen: number }[]) => BigInt(rows.reduce((all, { balanceYen }) => all + balanceYen, 0));

describe('the books', () => {
  it('agree to the yen, and the register with the files that it was made of', async () => {
    const proof = await getProof(site.owner.db, { campaignId: null });
    expect(proof.differences).toEqual([]);
    expect(proof.exact).toBe(true);
    const register = makeRegister();
    const all = allCoupons(register);
    const own = proof.campaigns.find(({ campaignId }) => campaignId === KUMAMOTO)?.coupons;
    if (!own) throw new Error('no register');
    expect(own.faceYen).toBe(BigInt(all.reduce((yen, { faceYen }) => yen + faceYen, 0)));
    const laterYen = BigInt(register.later.reduce((yen, each) => yen + each.yen, 0));
    expect(own.spentYen + own.remainingYen + own.takenYen).toBe(own.faceYen);
    expect(own.takenYen).toBe(own.grantedYen + own.waitingYen + own.casesYen);
    // The cut-off left what a list had granted, and what it does not cover.
    expect(own.remainingYen).toBe(sum(register.listed) + sum(register.outside));
    const taken = [register.app, register.free, register.left, register.unanswered, register.repeated].flat();
    expect(own.takenYen).toBe(sum(taken) - laterYen + own.putBackYen + own.casesYen);
  });

  it('have a coupon behind every grant of the demo’s programme', async () => {
    const { rows } = await sql<{ number: string }>`
      select g.number from grants g where g.campaign_id = ${KUMAMOTO} and not exists (
        select 1 from coupons c where c.campaign_id = g.campaign_id and c.plain_number = g.plain_inquiry)`.execute(site.owner.db);
    expect(rows).toEqual([]);
  });

  it('know of nothing that lies ahead of the demo’s clock', async () => {
    expect((await findLatestInstant(site.ownerUrl))?.getTime()).toBeLessThanOrEqual(MAY_20.getTime());
  });

  it('stand as they are when the demo is started again', async () => {
    const before = [await counted('claims', 'state'), await counted('cases', 'state'), found.links, found.examples];
    const again = await seedAgain();
    expect([await counted('claims', 'state'), await counted('cases', 'state'), again.links, again.examples]).toEqual(before);
  });
});

describe('what stands on the desks', () => {
  it('is a claim in every state, refused for every reason', async () => {
    expect(await counted('claims', 'state')).toEqual({
      received: 2,
      checking: 7,
      more_needed: 3,
      approved: 2,
      sent: 4,
      collected: 4,
      refused: 7,
    });
    const reasons = Object.keys(await counted('claims', 'state, reason')).filter((name) => name.startsWith('refused'));
    expect(reasons.sort()).toEqual(CLAIM_REFUSALS.map((reason) => `refused ${reason}`).sort());
  });

  it('is a call in every state, and in every state that somebody works on one that is past its day', async () => {
    expect(await counted('cases', 'state')).toEqual({
      received: 2,
      checking: 3,
      asking_shop: 2,
      more_needed: 3,
      approved: 1,
      refused: 2,
      done: 7,
    });
    const { rows } = await sql<{ state: string }>`select state from cases where due_at <= ${MAY_20} order by state`.execute(site.owner.db);
    expect(rows.map(({ state }) => state)).toEqual(['asking_shop', 'checking', 'more_needed', 'received', 'refused']);
  });

  it('are candidates of both kinds, some of which were given back', async () => {
    const { candidates = [] } = (await listCandidates(site.owner.db, { campaignId: KUMAMOTO })) ?? {};
    for (const kind of ['unanswered', 'repeated'] as const) {
      const own = candidates.filter((each) => each.kind === kind);
      expect(own).toHaveLength(14);
      expect(own.filter(({ settled }) => settled).length).toBeGreaterThan(0);
      expect(own.filter(({ settled }) => settled).length).toBeLessThan(14);
    }
  });

  it('is one person of whom there is everything', async () => {
    const id = found.examples.person?.path.split('/').at(-1) ?? '';
    const { coupons, claims, cases, grants } = await findRelated(site.console, id);
    expect([coupons.length, claims.length, cases.length, grants.length]).toEqual([4, 1, 1, 2]);
  });

  it('is known to the applicants, of each state by its number and mail address', async () => {
    expect(found.examples.claims.map(({ state }) => state)).toEqual([
      'received',
      'checking',
      'more_needed',
      'approved',
      'sent',
      'collected',
      'refused',
    ]);
    for (const { number, fact, state } of found.examples.claims) {
      expect(await findClaimStatus(site.portal, { number, fact })).toMatchObject({ state });
    }
  });
});

/** Where staff look, and what must be there. */
const PAGES: Readonly<Record<string, readonly [path: () => Promise<string> | string, text: string]>> = {
  home: [() => '/admin', '期日を過ぎた案件'],
  claims: [() => '/admin/claims', '先の申請あり'],
  'claims-refused': [() => '/admin/claims?state=refused', '取り下げ'],
  claim: [async () => `/admin/claims/${await idOf('claims', 'checking')}`, '申請'],
  cases: [() => '/admin/cases', '期日超過'],
  case: [async () => `/admin/cases/${await idOf('cases', 'asking_shop')}`, '店舗'],
  candidates: [() => `/admin/coupons/candidates?campaign=${KUMAMOTO}`, '黒川温泉観光案内所'],
  register: [() => `/admin/coupons/register?campaign=${KUMAMOTO}`, '円'],
  cutoff: [() => `/admin/coupons/cutoff?campaign=${KUMAMOTO}`, '2023'],
  approvals: [() => '/admin/approvals', '円'],
  waves: [() => `/admin/waves?campaign=${KUMAMOTO}`, '申請'],
  person: [() => found.examples.person?.path ?? '', '2,750円を付与 運用 花子'],
  messages: [() => `${found.examples.person?.path}/messages`, 'メール'],
};

async function idOf(table: 'claims' | 'cases', state: 'checking' | 'asking_shop'): Promise<string> {
  const { rows } = await sql<{ id: string }>`select id from ${sql.table(table)} where state = ${state} order by id limit 1`.execute(
    site.owner.db,
  );
  return rows[0]?.id ?? '';
}

describe('in the console', () => {
  it.each(Object.keys(PAGES))('%s shows it, and axe finds nothing', async (name) => {
    const [where, text] = PAGES[name] ?? [() => '', ''];
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'ja', reducedMotion: 'reduce' });
    const staff = await insertStaff(site.owner, 'approver', { name: '承認 花子' });
    const value = await insertSession(site.owner, staff);
    await context.addCookies([{ name: '__Host-staff', value, url: site.url.replace('http:', 'https:'), secure: true, httpOnly: true }]);
    const page = await context.newPage();
    const answer = await page.goto(site.url + (await where()));
    expect(answer?.status()).toBe(200);
    expect((await page.locator('main').innerText()).replace(/\s+/g, ' ')).toContain(text);
    if (PICTURES) await page.screenshot({ path: path.join(PICTURES, `demo-${name}.png`), fullPage: true });
    expect(await violations(page)).toEqual([]);
    await context.close();
  });
});

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const results = await page.evaluate(() => (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
  return results.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`));
}

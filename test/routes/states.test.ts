import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MAX_CHOICES } from '~/domain/offer';
import { launchBrowser } from '../support/browser';
import { MAY_20, type RecipientSite, startRecipientSite } from '../support/recipient-site';

/**
 * Every page and state in both languages, in a real browser: axe finds nothing, nothing is cut off on a
 * narrow phone or at 200 %, every target can be hit, nothing breaks the content policy.
 * `PICTURES=folder` keeps a picture of each.
 */
const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PICTURES = process.env.PICTURES;

let site: RecipientSite;
let browser: Browser;

beforeAll(async () => {
  [site, browser] = await Promise.all([startRecipientSite(), launchBrowser()]);
}, 180_000);
afterEach(async () => {
  site.portal.clock.set(MAY_20);
  Object.assign(site, { fate: 'well', rehearsal: null, guesses: 1_000 });
  await site.owner.db.updateTable('offers').set({ paused_at: null, pause_note: null }).execute();
});
afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

type State = (page: Page) => Promise<void>;

const go = (page: Page, to: string) => page.goto(site.url + to);
const press = async (page: Page, selector = 'main form button.button:visible >> nth=-1') => {
  await Promise.all([page.waitForNavigation(), page.click(selector)]);
};
const open = async (page: Page, yen: number) => {
  const grantId = await site.grant(yen);
  await go(page, site.linkOf(grantId));
  return grantId;
};
const confirmed = async (page: Page, yen: number, choice: string) => {
  const grantId = await open(page, yen);
  await go(page, `/receive/confirm?${choice}`);
  await press(page);
  return grantId;
};
const shown = async (page: Page, yen: number, choice: string) => {
  const grantId = await confirmed(page, yen, choice);
  await site.issue(grantId);
  const { redemptions } = await site.pageOf(grantId);
  await go(page, `/receive/codes/${redemptions[0]?.codes[0]?.id}`);
  return grantId;
};

const STATES: Readonly<Record<string, State>> = {
  home: async (page) => void (await go(page, '/')),
  'unknown-link': async (page) => void (await go(page, '/r/AAAAAAAAAAAAAAAAAAAAAA')),
  'too-many-links': async (page) => {
    site.guesses = 0;
    await go(page, '/r/AAAAAAAAAAAAAAAAAAAAAA');
  },
  'session-ended': async (page) => void (await go(page, '/receive')),
  choose: async (page) => void (await open(page, 1357)),
  'choose-chosen': async (page) => {
    await open(page, 1357);
    await page.click('label:has([value=amazon])');
  },
  'choose-part': async (page) => {
    await open(page, 1357);
    await page.click('label:has([value=ponta])');
  },
  'choose-tiny': async (page) => void (await open(page, 7)),
  'choose-large': async (page) => void (await open(page, 999_999)),
  'choose-missing': async (page) => {
    await open(page, 1357);
    await press(page);
  },
  'choose-paused': async (page) => {
    await site.owner.db.updateTable('offers').set({ paused_at: MAY_20 }).where('provider', 'in', ['ponta', 'nanaco']).execute();
    site.rehearsal = MAY_20;
    await open(page, 1357);
  },
  'choose-last-day': async (page) => {
    site.portal.clock.set(new Date('2023-05-31T22:00:00+09:00'));
    await open(page, 1300);
  },
  'choose-again-later': async (page) => {
    await shown(page, 1357, 'c=ponta.1300');
    await go(page, '/receive');
  },
  split: async (page) => {
    await open(page, 1357);
    await go(page, '/receive/split?c=ponta.1300');
  },
  'split-wrong': async (page) => {
    await open(page, 1357);
    await go(page, '/receive/split');
    await page.fill('#y-ponta', '１２３');
    await page.fill('#y-amazon', '1e3');
    await page.fill('#y-paypay', '1,300');
    await press(page);
  },
  'split-rest-lost': async (page) => {
    await site.owner.db.updateTable('offers').set({ paused_at: MAY_20 }).where('provider', 'not in', ['ponta', 'edy']).execute();
    await open(page, 1300);
    await go(page, '/receive/split');
    await page.fill('#y-ponta', '1300');
    await page.fill('#y-edy', '100');
    await press(page);
  },
  confirm: async (page) => {
    await open(page, 1357);
    await page.click('label:has([value=amazon])');
    await press(page);
  },
  'confirm-part': async (page) => {
    await open(page, 1357);
    await go(page, '/receive/confirm?c=ponta.1300');
  },
  'confirm-split': async (page) => {
    await open(page, 1357);
    await go(page, '/receive/confirm?c=ponta.1300&c=paypay.57');
  },
  progress: async (page) => void (await confirmed(page, 1357, 'c=amazon.1357')),
  'progress-in-doubt': async (page) => {
    site.fate = 'silent';
    const grantId = await confirmed(page, 1357, 'c=ponta.1300&c=paypay.57');
    await site.issue(grantId);
    await go(page, '/receive/progress');
  },
  failed: async (page) => {
    site.fate = 'refused';
    const grantId = await confirmed(page, 1357, 'c=amazon.1357');
    await site.issue(grantId);
    await go(page, '/receive/progress');
  },
  again: async (page) => {
    site.fate = 'refused';
    const grantId = await confirmed(page, 1357, 'c=amazon.1357');
    await site.issue(grantId);
    site.portal.clock.set(new Date('2023-06-02T10:00:00+09:00'));
    await go(page, site.linkOf(grantId));
    await go(page, '/receive/progress');
    await Promise.all([page.waitForNavigation(), page.click('.full a.button')]);
  },
  'again-confirm': async (page) => {
    await STATES.again?.(page);
    await page.click('label:has([value=paypay])');
    await press(page);
  },
  'codes-none': async (page) => {
    await open(page, 1357);
    await go(page, '/receive/codes');
  },
  codes: async (page) => {
    const grantId = await shown(page, 12_000, 'c=ponta.1300&c=paypay.57');
    site.fate = 'refused';
    await go(page, '/receive/confirm?c=nanaco.500');
    await press(page);
    await site.issue(grantId);
    await go(page, '/receive/confirm?c=amazon.1000');
    await press(page);
    await go(page, '/receive/codes');
  },
  'codes-after-deadline': async (page) => {
    const grantId = await shown(page, 1357, 'c=amazon.1357');
    site.portal.clock.set(new Date('2023-06-02T10:00:00+09:00'));
    await go(page, site.linkOf(grantId));
  },
  'code-covered': async (page) => void (await shown(page, 1357, 'c=amazon.1357')),
  'code-amazon': async (page) => {
    await shown(page, 1357, 'c=amazon.1357');
    await press(page);
  },
  'code-paypay': async (page) => {
    await shown(page, 1357, 'c=paypay.1357');
    await press(page);
  },
  'code-nanaco': async (page) => {
    await shown(page, 1357, 'c=nanaco.1000');
    await press(page);
  },
  'code-ponta-of-four': async (page) => {
    await shown(page, 1300, 'c=ponta.1300');
    await press(page);
  },
  'code-edy-pin': async (page) => {
    await shown(page, 1000, 'c=edy.1000');
    await press(page);
  },
  'code-unavailable': async (page) => {
    await shown(page, 1357, 'c=amazon.1357');
    site.fate = 'silent';
    await press(page);
  },
  'progress-late': async (page) => {
    const grantId = await confirmed(page, 1357, 'c=amazon.1357');
    site.portal.clock.advance(61 * 60_000);
    await go(page, site.linkOf(grantId));
    await go(page, '/receive/progress');
  },
  'codes-frozen': async (page) => {
    const grantId = await open(page, 1357);
    await site.owner.db.updateTable('grants').set({ frozen_at: MAY_20 }).where('id', '=', grantId).execute();
    await go(page, '/receive/codes');
  },
  'codes-closed': async (page) => {
    site.portal.clock.set(new Date('2023-06-01T00:00:00+09:00'));
    await open(page, 1357);
    await go(page, '/receive/codes');
  },
  'frozen-with-codes': async (page) => {
    const grantId = await shown(page, 1357, 'c=ponta.1300');
    await site.owner.db.updateTable('grants').set({ frozen_at: MAY_20 }).where('id', '=', grantId).execute();
    await go(page, '/receive');
  },
  frozen: async (page) => {
    const grantId = await open(page, 1357);
    const until = new Date('2023-05-22T10:00:00+09:00');
    await site.owner.db.updateTable('grants').set({ frozen_at: MAY_20, frozen_until: until }).where('id', '=', grantId).execute();
    await go(page, '/receive');
  },
  closed: async (page) => {
    site.portal.clock.set(new Date('2023-06-01T00:00:00+09:00'));
    await open(page, 1357);
  },
  'closed-with-codes': async (page) => {
    const grantId = await shown(page, 1357, 'c=ponta.1300');
    site.portal.clock.set(new Date('2023-06-01T00:00:00+09:00'));
    await go(page, site.linkOf(grantId));
  },
  'nothing-left': async (page) => {
    await confirmed(page, 1357, 'c=amazon.1357');
    await go(page, '/receive/confirm?c=amazon.1357');
  },
  'not-found': async (page) => void (await go(page, '/no/such/page')),
  'amount-not-possible': async (page) => {
    await open(page, 1357);
    await go(page, '/receive/confirm?c=ponta.1357');
  },
  'form-forged': async (page) => {
    await open(page, 1357);
    await page.$eval('[name=token]', (field) => field.setAttribute('value', 'forged'));
    await page.click('label:has([value=amazon])');
    await press(page);
  },
};

describe.each(['ja', 'en'] as const)('every page in %s', (language) => {
  let context: BrowserContext;
  beforeAll(async () => {
    expect(MAX_CHOICES).toBeGreaterThanOrEqual(5);
  });
  afterEach(() => context?.close());

  it.each(Object.entries(STATES))('%s', async (name, reach) => {
    context = await browser.newContext({ locale: language === 'ja' ? 'ja-JP' : 'en-GB', viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    const broken: string[] = [];
    page.on('console', (message) => {
      const blocked = message.type() === 'error' && !/the server responded with a status of [45]/.test(message.text());
      if (blocked) broken.push(message.text());
    });
    page.on('request', (request) => {
      const { origin } = new URL(request.url());
      if (request.url().startsWith('http') && origin !== site.url) broken.push(`a request to ${origin}`);
    });
    await reach(page);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    expect(await page.getAttribute('html', 'lang')).toBe(language);
    await picture(page, `${name}.${language}.390`);
    expect(await violations(page), 'axe').toEqual([]);
    expect(await smallTargets(page), 'targets below 48 px').toEqual([]);
    expect(await cutOff(page), 'wider than the phone').toBe(0);
    // 200 % zoom on the same phone.
    await page.setViewportSize({ width: 195, height: 422 });
    expect(await cutOff(page), 'wider than the phone at 200 %').toBe(0);
    if (PICTURES) {
      await picture(page, `${name}.${language}.zoom`);
      await page.setViewportSize({ width: 1280, height: 900 });
      await picture(page, `${name}.${language}.1280`);
      if (name.startsWith('code')) {
        await page.emulateMedia({ media: 'print' });
        await picture(page, `${name}.${language}.print`);
      }
    }
    expect(broken).toEqual([]);
  });
});

describe('the confirmation on a phone', () => {
  it.each(['confirm', 'confirm-split', 'again-confirm'])('%s: nothing covers what cannot be undone', async (name) => {
    const context = await browser.newContext({ locale: 'ja-JP', viewport: { width: 390, height: 844 } });
    try {
      const page = await context.newPage();
      await STATES[name]?.(page);
      for (const scroll of ['.bar', '.final', 'h1']) {
        await page.$eval(scroll, (element) => element.scrollIntoView());
        const [warning, bar] = await Promise.all([page.locator('.final').boundingBox(), page.locator('.bar').boundingBox()]);
        if (!warning || !bar) throw new Error('no warning or no bar');
        expect(warning.y + warning.height, scroll).toBeLessThanOrEqual(bar.y);
      }
    } finally {
      await context.close();
    }
  });
});

it('shows sixteen letters on one line of a phone; at 200 %, or where they are widest, two by two', async () => {
  const context = await browser.newContext({ locale: 'ja-JP', viewport: { width: 390, height: 844 } });
  try {
    const page = await context.newPage();
    await STATES['code-nanaco']?.(page);
    const lines = () =>
      page.$$eval('.code p b', (groups) => {
        const tops = groups.map((group) => Math.round(group.getBoundingClientRect().top));
        return [...new Set(tops)].map((top) => tops.filter((each) => each === top).length);
      });
    expect(await lines()).toEqual([4]);
    await page.setViewportSize({ width: 195, height: 422 });
    expect(await lines()).toEqual([2, 2]);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.$$eval('.code p b', (groups) => {
      for (const group of groups) group.textContent = 'WMWM';
    });
    expect(await lines()).toEqual([2, 2]);
  } finally {
    await context.close();
  }
});

async function violations(page: Page): Promise<string[]> {
  // The page's content policy lets no script in from here; the browser's own tools may.
  await page.evaluate(axe);
  const results = await page.evaluate(() => (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
  return results.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary}`));
}

/** Buttons, fields and links that stand alone must be easy to hit; links within a sentence may be as high as it. */
async function smallTargets(page: Page): Promise<string[]> {
  return page.$$eval('main a, main button, main input:not([type=hidden]), header a', (targets) =>
    targets.flatMap((target) => {
      const box = (target.closest('label') ?? target).getBoundingClientRect();
      const unseen = box.width <= 1 || target.closest('.unseen') !== null;
      return unseen || box.height >= 48 ? [] : [`${target.outerHTML.slice(0, 80)} ${Math.round(box.height)}`];
    }),
  );
}

async function cutOff(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES) await page.screenshot({ path: path.join(PICTURES, `${name}.png`), fullPage: true });
}

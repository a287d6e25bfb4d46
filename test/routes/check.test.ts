import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { joinedPhrase, phraseOf, writePhrase } from '~/domain/phrase';
import { queueMessage } from '~/services/parts/queue-message';
import { sendMessage } from '~/services/send-message';
import { checkMessage } from '~/views/message-check';
import { launchBrowser } from '../support/browser';
import { giveContact } from '../support/contacts';
import { MAY_20, type RecipientSite, startRecipientSite } from '../support/recipient-site';
import { modelSending } from '../support/waves';

const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PICTURES = process.env.PICTURES;
const SIZES = { wide: { width: 1280, height: 900 }, narrow: { width: 390, height: 844 }, zoomed: { width: 195, height: 422 } };
const PHONE = '+819000000012';
const { took, sending } = modelSending(({ id }) => ({ kind: 'accepted', reference: id }));

let site: RecipientSite;
let grantId: string;
let phrase: string;
beforeAll(async () => {
  site = await startRecipientSite({ publicUrl: 'local' });
  grantId = await site.grant(1357);
  await giveContact(site.owner, grantId, { name: '林 さくら', phone: PHONE, mail: 'sakura@example.jp' }, 'sms');
  phrase = phraseNow(1);
  await send();
});
afterAll(() => site.stop());
beforeEach(() => {
  site.owner.clock.set(MAY_20);
  site.checks = 1_000;
});

function phraseNow(generation: number): string {
  return writePhrase(phraseOf(site.owner.crypto.linkDraw(grantId, generation, site.owner.crypto.linkKeyId)), 'ja');
}

async function queue(own = grantId): Promise<string> {
  const request = { grantId: own, purpose: 'resend', actor: 'staff:x' } as const;
  const queued = await site.console.db.transaction().execute((trx) => queueMessage(site.console, trx, request));
  if (queued.kind !== 'queued') throw new Error('not queued');
  return queued.messageId;
}

async function send(): Promise<void> {
  await sendMessage(site.worker, { messageId: await queue() }, { sending });
}

async function check(fields: { sender?: string; phrase?: string; arrived?: string }) {
  const visitor = site.visitor();
  const form = await visitor.get('/check');
  const own = { sender: '03-0000-0000', phrase, arrived: '090-0000-0012', ...fields };
  return visitor.post('/check', [...form.fields, ...Object.entries(own)]);
}

describe('/check', () => {
  it('says yes to the phrase, sender and address of a message of ours, as they stand in it', async () => {
    expect(took.at(-1)?.text).toContain(phrase);
    const answer = await check({});
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('はい、当事務局がお送りした案内です');
  });

  it.each([
    ['another phrase', { phrase: 'りんご・りんご' }, 'いいえ、当事務局の案内とは確かめられません'],
    ['an address that we do not know', { arrived: '090-9999-9999' }, 'いいえ、当事務局の案内とは確かめられません'],
    ["somebody else's address", { arrived: 'sakura@example.jp' }, 'いいえ、当事務局の案内とは確かめられません'],
    ['another number', { sender: '0005-1234' }, '合言葉は一致しましたが、番号が違います'],
    ['another mail address', { sender: 'x@evil.example' }, '差出人が当事務局のものではありません'],
  ])('to %s it says so, with a way to ask', async (_case, fields, says) => {
    const answer = await check(fields);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain(says);
    expect(answer.text).toContain('0120-479-249');
  });

  it('answers an unknown address as it answers a wrong phrase, to the letter', async () => {
    const strip = (html: string) => html.replaceAll(/value="[^"]*"|nonce="[^"]*"/g, '');
    const [unknown, wrong] = [await check({ arrived: '090-9999-9999' }), await check({ phrase: 'りんご・りんご' })];
    expect(strip(unknown.text)).toBe(strip(wrong.text));
    expect(unknown.status).toBe(wrong.status);
  });

  it('keeps what was typed beside what is wrong with it, and shows it as text', async () => {
    const answer = await check({ sender: '<b>x</b>', phrase: '林檎', arrived: '' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('合言葉として読み取れません');
    expect(answer.text).toContain('value="林檎"');
    expect(answer.text).not.toContain('<b>x');
  });

  it('stops guessing, keeping what was typed', async () => {
    site.checks = 0;
    const answer = await check({});
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('120');
    expect(answer.text).toContain(`value="${phrase}"`);
  });

  it('does not believe a message that never left', async () => {
    await site.owner.db
      .updateTable('grants')
      .set({ link_generation: 2, link_digest: site.owner.crypto.linkDigest(site.owner.crypto.linkToken(grantId, 2)) })
      .where('id', '=', grantId)
      .execute();
    await queue();
    expect((await check({ phrase: phraseNow(2) })).text).toContain('いいえ');
    await send();
    expect((await check({ phrase: phraseNow(2) })).text).toContain('はい、当事務局');
    expect((await check({ phrase })).text).toContain('いいえ');
    phrase = phraseNow(2);
  });

  it('says yes to each of many messages to one address, as an agency gets them', async () => {
    const sent = [];
    for (let n = 0; n < 45; n += 1) {
      const own = await site.grant(1357);
      await giveContact(site.owner, own, { name: '林 さくら', mail: 'agency@example.jp' });
      sent.push({ own, messageId: await queue(own) });
    }
    await site.owner.db
      .updateTable('messages')
      .set({ state: 'sending', attempts: 1, called_at: MAY_20, leased_until: MAY_20, via: 'mail' })
      .where(
        'grant_id',
        'in',
        sent.map(({ own }) => own),
      )
      .execute();
    const ask = (typed: string) =>
      checkMessage(site.portal, { sender: 'noreply@example.jp', phrase: typed, arrived: { kind: 'mail', value: 'agency@example.jp' } });
    const { crypto } = site.owner;
    for (const { own } of sent) expect(await ask(joinedPhrase(phraseOf(crypto.linkDraw(own, 1, crypto.linkKeyId))))).toBe('ours');
    expect(await ask('りんごりんご')).toBe('not_ours');
  });

  it('takes the same work for an address that nobody knows as for one that a family shares', async () => {
    const work = async (value: string) => {
      let draws = 0;
      const crypto = {
        ...site.portal.crypto,
        linkDraw: (...link: [string, number, string]) => {
          draws += 1;
          return site.portal.crypto.linkDraw(...link);
        },
      };
      const typed = { sender: 'x', phrase: 'りんごりんご', arrived: { kind: 'phone' as const, value } };
      expect(await checkMessage({ db: site.portal.db, crypto }, typed)).toBe('not_ours');
      return draws;
    };
    expect(await work('+819099999999')).toBe(await work(PHONE));
  });

  it('is answered by the web role, which can read neither the address nor the text of a message', async () => {
    for (const column of ['address_sealed', 'address_mask', 'purpose', 'yen']) {
      await expect(sql.raw(`select ${column} from messages`).execute(site.portal.db)).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('shows the same phrase on the page that the link opens', async () => {
    expect((await site.visitor().open(site.linkOf(grantId, 2))).text).toContain(phrase);
  });

  it('publishes the senders for people and machines, and where holes are told', async () => {
    const page = await site.visitor().get('/check');
    expect(page.text.replaceAll('<wbr/>', '')).toContain('noreply@example.jp');
    const senders = await site.visitor().get('/.well-known/official-senders.json');
    expect(JSON.parse(senders.text)).toMatchObject({
      check: `${site.url}/check`,
      programmes: [{ mail: 'noreply@example.jp', sms: '03-0000-0000' }],
    });
    const security = await site.visitor().get('/.well-known/security.txt');
    expect(security.headers.get('content-type')).toContain('text/plain');
    expect(security.text).toMatch(/^Contact: mailto:security@example\.jp\nExpires: 2023-11-16T00:00:00\.000Z\n/);
  });
});

describe.each(['ja', 'en'])('in %s', (language) => {
  it.each(Object.keys(SIZES) as (keyof typeof SIZES)[])('%s: the form, its errors and every answer', async (size) => {
    const browser = await launchBrowser();
    const context = await browser.newContext({ viewport: SIZES[size], locale: language, bypassCSP: true, javaScriptEnabled: true });
    const page = await context.newPage();
    const look = async (name: string) => {
      await page.evaluate(axe);
      const found = await page.evaluate(() => (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
      expect(found.violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBeLessThanOrEqual(SIZES[size].width);
      if (PICTURES) await page.screenshot({ path: path.join(PICTURES, `check-${name}-${language}-${size}.png`), fullPage: true });
    };
    await page.goto(`${site.url}/check?lang=${language}`);
    await look('empty');
    await page.click('form button[type=submit]');
    await look('errors');
    for (const [name, sender, words] of [
      ['ours', '03-0000-0000', phrase],
      ['number', '0005-1234', phrase],
      ['sender', 'x@evil.example', phrase],
      ['not', '03-0000-0000', 'りんご・りんご'],
    ] as const) {
      await page.fill('#sender', sender);
      await page.fill('#phrase', words);
      await page.fill('#arrived', '090-0000-0012');
      await page.click('form button[type=submit]');
      await look(name);
    }
    await page.goto(`${site.url}${site.linkOf(grantId, 2)}`);
    await look('residual');
    await browser.close();
  });
});

import fs from 'node:fs';
import axe from 'axe-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { channels } from '#adapters/channels/registry';
import { bindChannels } from '~/context.server';
import type { Sending } from '~/portal';
import { keepMessage } from '~/services/keep-message';
import { queueMessage } from '~/services/parts/queue-message';
import { sendMessage } from '~/services/send-message';
import { launchBrowser } from '../support/browser';
import { giveContact } from '../support/contacts';
import { type RecipientSite, startRecipientSite } from '../support/recipient-site';

let site: RecipientSite;
let sending: Sending;
beforeAll(async () => {
  site = await startRecipientSite();
  sending = {
    publicUrl: 'https://uketori.example',
    channels: bindChannels(channels, new Map([['outbox', {}]]), {
      keep: (message, now, fate) => keepMessage(site.worker, message, now, fate),
    }),
  };
});
afterAll(() => site.stop());

async function send(grantId: string, purpose: 'resend' | 'address_changed_old' | 'reissued', language: 'ja' | 'en' = 'ja'): Promise<void> {
  const queued = await site.console.db
    .transaction()
    .execute((trx) => queueMessage(site.console, trx, { grantId, purpose, actor: 'staff:x', language }));
  if (queued.kind !== 'queued') throw new Error('queued');
  await sendMessage(site.worker, { messageId: queued.messageId }, { sending });
  site.owner.clock.advance(60_000);
}

describe('the outbox', () => {
  it('is not there unless it is a rehearsal', async () => {
    expect((await site.visitor().get('/outbox')).status).toBe(404);
  });

  it('says that nothing was sent yet', async () => {
    site.outbox = true;
    const page = await site.visitor().get('/outbox');
    expect(page.status).toBe(200);
    expect(page.text).toContain('まだ何も送信されていません');
  });

  it('shows mail and SMS newest first, with a link that opens the page, and names as text', async () => {
    const grantId = await site.grant(1357);
    await giveContact(site.owner, grantId, { name: '<img src=x onerror=alert(1)>', mail: 'sakura@example.jp' });
    await send(grantId, 'resend');
    const other = await site.grant(980);
    await giveContact(site.owner, other, { name: '林 さくら', phone: '+819000000012' });
    await send(other, 'reissued');
    const page = await site.visitor().get('/outbox');
    expect(page.text.indexOf('再発行のお知らせ')).toBeLessThan(page.text.indexOf('案内（再送）'));
    expect(page.text).toContain(`href="https://uketori.example${site.linkOf(other)}"`);
    expect(page.text).not.toContain('<img');
    expect((await site.visitor().get(site.linkOf(other))).status).toBe(303);
    expect(await site.visitor().post('/outbox', [])).toMatchObject({ status: 405 });
  });

  it('finds by address, telephone and grant number, also what came back, and says how many there are', async () => {
    const grantId = await site.grant(1357);
    await giveContact(site.owner, grantId, { name: '林 さくら', mail: 'gone@bounce.example' });
    await send(grantId, 'resend');
    const { number } = await site.owner.db.selectFrom('grants').select('number').where('id', '=', grantId).executeTakeFirstOrThrow();
    const read = async (query: string) => (await site.visitor().get(`/outbox?${query}`)).text;
    for (const q of ['GONE@bounce.example', number.toLowerCase()]) {
      const page = await read(`q=${encodeURIComponent(q)}`);
      expect(page, q).toContain('1通見つかりました');
      expect(page).toContain('届かず戻ってきました');
    }
    expect(await read('q=090-0000-0012')).toContain('1通見つかりました');
    expect(await read('q=nobody@example.jp')).toContain('0通見つかりました');
    const all = await read('');
    expect(all).toContain('全部で3通あります');
    expect(all).not.toContain('page=2');
    expect(await read('page=9')).not.toContain('class="message"');
    for (const odd of ['page=x', 'page=-1', 'q=%00', 'page=1e9']) expect((await site.visitor().get(`/outbox?${odd}`)).status).toBe(200);
  });

  it.each([
    [1280, 900],
    [390, 844],
  ])('reads well at %i pixels in both languages, and axe finds nothing', async (width, height) => {
    const grantId = await site.grant(1357);
    await giveContact(site.owner, grantId, { name: '林 さくら', mail: 'sakura@example.jp', phone: '+819000000012' }, 'sms');
    await send(grantId, 'resend');
    await send(grantId, 'address_changed_old', 'en');
    const browser = await launchBrowser();
    for (const lang of ['ja', 'en']) {
      const page = await browser.newPage({ viewport: { width, height } });
      await page.goto(`${site.url}/outbox?lang=${lang}`);
      await page.evaluate(axe.source);
      const found = await page.evaluate(() =>
        (window as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } }).axe.run(),
      );
      expect(found.violations.map(({ id }) => id)).toEqual([]);
      const folder = process.env.PICTURES;
      if (folder) fs.writeFileSync(`${folder}/outbox-${width}-${lang}.png`, await page.screenshot());
      const wide = await page.evaluate(() =>
        [...document.querySelectorAll('*')]
          .filter((one) => one.getBoundingClientRect().right > window.innerWidth)
          .map((one) => one.outerHTML.slice(0, 80)),
      );
      expect(wide).toEqual([]);
      await page.close();
    }
    await browser.close();
  });
});

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
    channels: bindChannels(channels, new Map([['outbox', {}]]), { keep: (message, now) => keepMessage(site.worker, message, now) }),
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

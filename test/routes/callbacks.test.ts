import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { channels } from '#adapters/channels/registry';
import smsTwilio from '#adapters/channels/sms-twilio';
import { startTwilio } from '#adapters/channels/sms-twilio/stand-in';
import { signatureOf } from '#adapters/channels/sms-twilio/wire';
import { makeInbound } from '~/context.server';
import type { Sending } from '~/portal';
import { askAboutMessage } from '~/services/ask-about-message';
import { queueMessage } from '~/services/parts/queue-message';
import { sendMessage } from '~/services/send-message';
import { giveContact } from '../support/contacts';
import { queuedJobs } from '../support/queued-jobs';
import { type RecipientSite, startRecipientSite } from '../support/recipient-site';

const AUTH_TOKEN = 'secret-of-the-account';
const callbackUrl = 'https://uketori.example/api/channels/sms-twilio';
const TWILIO = { accountSid: `AC${'1'.repeat(32)}`, from: '+815011112222' };
const SETTINGS = new Map<string, unknown>([
  ['sms-karaden', {}],
  ['sms-twilio', { authToken: AUTH_TOKEN, callbackUrl }],
]);

let site: RecipientSite;
let asked = 0;
let sent = 0;
const sending: Sending = {
  publicUrl: 'https://uketori.example',
  channels: new Map([
    [
      'sms' as const,
      {
        id: 'sms-karaden',
        capabilities: {
          carries: ['sms'],
          repeatable: false,
          lookup: true,
          settleAfterMs: 60_000,
          ratePerSecond: 1_000,
          concurrency: 1,
          timeLimitMs: 15_000,
        },
        connection: {
          async send() {
            sent += 1;
            return { kind: 'sent' as const, reference: 'k-1' };
          },
          async lookup() {
            asked += 1;
            return { kind: 'sent' as const, reference: 'k-1' };
          },
          async close() {},
        },
      },
    ],
  ]),
};

beforeAll(async () => {
  site = await startRecipientSite({
    inbound: (portal, pool) => makeInbound(channels, { channelSettings: SETTINGS, bouncesSecret: null }, { pool, portal }),
  });
});
afterAll(() => site.stop());
beforeEach(() => {
  asked = 0;
  sent = 0;
});

async function sentMessage(): Promise<string> {
  const messageId = await queuedMessage();
  await sendMessage(site.worker, { messageId }, { sending });
  return messageId;
}
async function queuedMessage(): Promise<string> {
  const grantId = await site.grant(1_357);
  await giveContact(site.owner, grantId, { name: '林 さくら', phone: '+819000000012' }, 'sms');
  const queued = await site.console.db
    .transaction()
    .execute((trx) => queueMessage(site.console, trx, { grantId, purpose: 'resend', actor: 'staff:x' }));
  if (queued.kind !== 'queued') throw new Error('not queued');
  return queued.messageId;
}
const messageOf = (id: string) => site.owner.db.selectFrom('messages').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const post = (channel: string, body: string, headers: Record<string, string> = {}) =>
  fetch(`${site.url}/api/channels/${channel}`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
/** Does the questions that wait, as a worker does. */
async function askAll(by = sending): Promise<void> {
  for (const { messageId = '', attempt, reference } of await queuedJobs(site.owner, 'ask-message'))
    await askAboutMessage(site.worker, { messageId, attempt: attempt ? Number(attempt) : undefined, reference }, { sending: by });
}
const karaden = (id: string) =>
  JSON.stringify({ id: 'k-1', object: 'message', status: 'done', sent_result: 'received', tags: [id], created_at: '' });

describe('a callback', () => {
  it('changes nothing by itself: the message is asked for, soon but not at once', async () => {
    const id = await sentMessage();
    const before = await messageOf(id);
    expect((await post('sms-karaden', karaden(id))).status).toBe(204);
    expect(await messageOf(id)).toEqual(before);
    await askAll();
    const after = await messageOf(id);
    // Though it says "received", and not before the gateway's list can be believed.
    expect(after.state).toBe('sent');
    expect(after.due_at?.getTime()).toBe((before.called_at?.getTime() ?? 0) + 60_000);
    expect(asked).toBe(0);
    site.owner.clock.advance(60_000);
    await sendMessage(site.worker, { messageId: id }, { sending });
    expect([asked, sent]).toEqual([1, 1]);
  });

  it('played a hundred times makes one question in half a minute, and sends nothing', async () => {
    const id = await sentMessage();
    site.owner.clock.advance(61_000);
    for (let i = 0; i < 100; i += 1) {
      expect((await post('sms-karaden', karaden(id))).status).toBe(204);
      if (i % 20 === 0) await askAll();
      await sendMessage(site.worker, { messageId: id }, { sending });
    }
    expect([asked, sent]).toEqual([1, 1]);
  });

  it('about nobody, in no form or for no channel is answered and dropped', async () => {
    const before = (await queuedJobs(site.owner, 'ask-message')).length;
    for (const body of [
      karaden(randomUUID()),
      '',
      '{',
      '[]',
      'null',
      '{"tags":["x"]}',
      '\u0000\ud800',
      karaden("'; drop table messages"),
      '['.repeat(20_000),
    ])
      expect((await post('sms-karaden', body)).status, body.slice(0, 20)).toBe(204);
    expect((await post('sms-nobody', karaden(randomUUID()))).status).toBe(404);
    // Mail has no callbacks.
    expect((await post('mail', karaden(randomUUID()))).status).toBe(404);
    expect((await post('sms-karaden', 'x'.repeat(1024 * 1024))).status).toBe(413);
    for (const method of ['GET', 'HEAD']) expect((await fetch(`${site.url}/api/channels/sms-karaden`, { method })).status).toBe(405);
    expect((await queuedJobs(site.owner, 'ask-message')).length).toBe(before);
  });

  it('is counted only for a message of ours: ids that are made up fill no table', async () => {
    const id = await sentMessage();
    const counted = async () =>
      (await sql<{ key: string }>`select key from rate_limits where key like 'callback:%'`.execute(site.owner.db)).rows;
    const before = await counted();
    for (let n = 0; n < 5; n += 1) await post('sms-karaden', karaden(randomUUID()));
    expect(await counted()).toEqual(before);
    await post('sms-karaden', karaden(id));
    expect(await counted()).toHaveLength(before.length + 1);
  });

  it('from Twilio counts only with their signature', async () => {
    const id = await sentMessage();
    const before = (await queuedJobs(site.owner, 'ask-message')).length;
    const sid = `SM${'1'.repeat(32)}`;
    const form = new URLSearchParams({ MessageSid: sid, MessageStatus: 'delivered' });
    const ask = (signature: string) =>
      fetch(`${site.url}/api/channels/sms-twilio?message=${id}&attempt=1`, {
        method: 'POST',
        body: form,
        headers: { 'x-twilio-signature': signature },
      });
    expect((await ask('forged')).status).toBe(204);
    expect((await queuedJobs(site.owner, 'ask-message')).length).toBe(before);
    expect((await ask(signatureOf(AUTH_TOKEN, `${callbackUrl}?message=${id}&attempt=1`, form))).status).toBe(204);
    expect(await queuedJobs(site.owner, 'ask-message')).toContainEqual({ messageId: id, attempt: '1', reference: sid });
    await askAll();
    // It went by the other gateway: this one has nothing to tell.
    expect(await messageOf(id)).toMatchObject({ state: 'sent', reference: 'k-1' });
  });

  it.each(['before', 'after'] as const)(
    'from Twilio, that comes %s a worker is lost, tells by what name to ask, and it is not sent again',
    async (when) => {
      const twilio = await startTwilio({ accountSid: TWILIO.accountSid, authToken: AUTH_TOKEN });
      const connection = smsTwilio.connect({ ...TWILIO, baseUrl: twilio.url, authToken: AUTH_TOKEN, callbackUrl }, {});
      const through = { id: 'sms-twilio', capabilities: smsTwilio.capabilities, connection };
      const by: Sending = { publicUrl: 'https://uketori.example', channels: new Map([['sms' as const, through]]) };
      const id = await queuedMessage();
      let during = async () => {};
      const dies: Sending = {
        ...by,
        channels: new Map([
          [
            'sms' as const,
            {
              ...through,
              connection: {
                ...connection,
                async send(...call) {
                  await connection.send(...call);
                  await during();
                  throw new Error('killed');
                },
              },
            },
          ],
        ]),
      };
      const tell = async (status: string) => {
        const { sid, form } = twilio.kept[0] ?? { sid: '', form: new URLSearchParams() };
        const body = new URLSearchParams({ MessageSid: sid, MessageStatus: status });
        const address = form.get('StatusCallback') ?? '';
        const query = address.slice(address.indexOf('?'));
        const headers = { 'x-twilio-signature': signatureOf(AUTH_TOKEN, address, body) };
        expect((await fetch(`${site.url}/api/channels/sms-twilio${query}`, { method: 'POST', body, headers })).status).toBe(204);
        await askAll(by);
      };
      // Out of order and twice.
      const news = async () => {
        for (const status of ['delivered', 'sent', 'delivered']) await tell(status);
      };
      if (when === 'before') during = news;
      await expect(sendMessage(site.worker, { messageId: id }, { sending: dies })).rejects.toThrow('killed');
      twilio.settle('delivered');
      site.owner.clock.advance(600_000);
      await sendMessage(site.worker, { messageId: id }, { sending: by });
      if (when === 'after') {
        expect(await messageOf(id)).toMatchObject({ state: 'unknown', reason: 'worker_lost' });
        await news();
        site.owner.clock.advance(60_000);
        await sendMessage(site.worker, { messageId: id }, { sending: by });
      }
      expect(await messageOf(id)).toMatchObject({ state: 'delivered', attempts: 1, reference: twilio.kept[0]?.sid });
      expect(twilio.kept).toHaveLength(1);
      await twilio.stop();
    },
  );
});

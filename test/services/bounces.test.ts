import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeInbound } from '~/context.server';
import { BOUNCE_BYTES_MAX } from '~/domain/bounce';
import type { MessageState } from '~/domain/message';
import { queueMessage } from '~/services/parts/queue-message';
import { recordBounce } from '~/services/record-bounce';
import { sendMessage } from '~/services/send-message';
import { settleReport } from '~/services/settle-report';
import { bounceMail, complaintMail } from '../support/bounces';
import { giveContact } from '../support/contacts';
import { queuedJobs } from '../support/queued-jobs';
import { type RecipientSite, startRecipientSite } from '../support/recipient-site';
import { modelSending } from '../support/waves';

const { took, sending } = modelSending(() => ({ kind: 'sent' }));
const SECRET = 'secret-of-the-mail-server-0123456789';
let site: RecipientSite;
beforeAll(async () => {
  site = await startRecipientSite({
    inbound: (portal, pool) => makeInbound([], { channelSettings: new Map(), bouncesSecret: SECRET }, { pool, portal }),
  });
});
afterAll(() => site.stop());

const messageOf = (id: string) => site.owner.db.selectFrom('messages').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
async function message(state: MessageState = 'sent'): Promise<string> {
  const grantId = await site.grant(1_357);
  await giveContact(site.owner, grantId, { name: '林 さくら', mail: 'hayashi.sakura@example.jp' });
  const { db, clock } = site.owner;
  const queued = await site.console.db
    .transaction()
    .execute((trx) => queueMessage(site.console, trx, { grantId, purpose: 'resend', actor: 'staff:x' }));
  if (queued.kind !== 'queued') throw new Error('not queued');
  const id = queued.messageId;
  const set = { state: 'sending' as const, attempts: 1, leased_until: clock.now(), called_at: clock.now(), via: 'mail' };
  await db.updateTable('messages').set(set).where('id', '=', id).execute();
  if (state === 'sending') return id;
  await db
    .updateTable('messages')
    .set({ state, reason: state === 'unknown' ? 'timeout' : null, leased_until: null })
    .where('id', '=', id)
    .execute();
  return id;
}
const record = (mail: string) => recordBounce(site.portal, { raw: Buffer.from(mail, 'latin1'), actor: 'test' });
/** Sends a mail that failed for the moment once more, an hour later. */
async function sendAnew(id: string): Promise<void> {
  site.owner.clock.advance(3_600_000);
  const { db, clock } = site.owner;
  const { attempts } = await messageOf(id);
  const set = { state: 'sending' as const, attempts: attempts + 1, leased_until: clock.now(), called_at: clock.now() };
  await db.updateTable('messages').set(set).where('id', '=', id).execute();
  await db.updateTable('messages').set({ state: 'sent', reason: null, leased_until: null }).where('id', '=', id).execute();
  site.owner.clock.advance(1_000);
}
/** Does the jobs that wait, as the worker's role. */
async function settle(): Promise<string[]> {
  const outcomes: string[] = [];
  for (const { reportId = '' } of await queuedJobs(site.owner, 'settle-report'))
    outcomes.push(await settleReport(site.worker, { reportId }));
  return outcomes;
}
async function come(mail: string): Promise<string> {
  const result = await record(mail);
  await settle();
  return result;
}

describe('a bounce', () => {
  it.each([
    ['5.1.1', 'hard_failed', 'unknown_address'],
    ['5.1.3', 'hard_failed', 'bad_address'],
    ['5.7.1', 'hard_failed', 'blocked'],
    ['5.2.2', 'soft_failed', 'mailbox_full'],
    ['4.4.1', 'soft_failed', 'unreachable'],
    ['4.7.1', 'soft_failed', 'busy'],
    ['5.6.0', 'hard_failed', 'rejected'],
  ] as const)('with status %s is %s, %s', async (status, state, reason) => {
    const id = await message();
    expect(await come(bounceMail(id, { status }))).toBe('noted');
    expect(await messageOf(id)).toMatchObject({ state, reason, detail: status });
  });

  it.each(['X-Uketori-Message', 'Message-ID'])('is known by %s', async (mark) => {
    const id = await message('unknown');
    expect(await come(bounceMail(id, { mark }))).toBe('noted');
    expect((await messageOf(id)).state).toBe('hard_failed');
  });

  it('of a server that goes on trying changes nothing: the mail would be sent twice', async () => {
    const id = await message();
    const before = await messageOf(id);
    for (const action of ['delayed', 'relayed', 'expanded'])
      expect(await come(bounceMail(id, { action, status: '4.4.1' }))).toBe('on_its_way');
    expect(await messageOf(id)).toEqual(before);
  });

  it('that comes again after the mail was sent anew does not make it be sent a third time', async () => {
    const id = await message();
    const mail = bounceMail(id, { status: '4.2.2' });
    expect(await come(mail)).toBe('noted');
    await sendAnew(id);
    expect(await come(mail)).toBe('again');
    expect(await messageOf(id)).toMatchObject({ state: 'sent', attempts: 2 });
  });

  it.each([
    ['with the number of the sending', { attempt: 1 }],
    ['without', {}],
  ])('in other bytes, %s, does not make the mail be sent a third time', async (_what, mark) => {
    const id = await message();
    const mail = bounceMail(id, { status: '4.2.2', ...mark });
    await come(mail);
    expect((await messageOf(id)).state).toBe('soft_failed');
    await sendAnew(id);
    for (let copy = 0; copy < 3; copy += 1) {
      expect(await come(`X-Copy: ${copy}\r\n${mail}`)).toBe('noted');
      expect(await messageOf(id)).toMatchObject({ state: 'sent', attempts: 2 });
    }
    // The bounce of the second sending, told with its number, counts; and that nobody lives there always does.
    if ('attempt' in mark) await come(bounceMail(id, { status: '4.2.2', attempt: 2 }));
    else await come(bounceMail(id, { status: '5.1.1' }));
    expect((await messageOf(id)).state).toBe('attempt' in mark ? 'soft_failed' : 'hard_failed');
  });

  it.each([
    ['arrived after all', { action: 'delivered', status: '2.0.0' }, { state: 'delivered', reason: null }],
    ['will never arrive', { status: '5.1.1' }, { state: 'hard_failed', reason: 'unknown_address' }],
  ])('that tells later that the mail %s ends the wait for another try', async (_what, told, outcome) => {
    const id = await message();
    await come(bounceMail(id, { status: '4.2.2', attempt: 1 }));
    await come(bounceMail(id, { ...told, attempt: 1 }));
    expect(await messageOf(id)).toMatchObject({ ...outcome, due_at: null, attempts: 1 });
    expect(await sendMessage(site.worker, { messageId: id }, { sending })).toBe('nothing_to_do');
    expect(took).toEqual([]);
    const attempts = await site.owner.db.selectFrom('message_attempts').selectAll().where('message_id', '=', id).execute();
    expect(attempts).toEqual([expect.objectContaining({ attempt: 1, ...outcome })]);
  });

  it('on an earlier sending counts where it says that the mail arrived, and nowhere else', async () => {
    for (const [told, state] of [
      [{ status: '5.1.1' }, 'sent'],
      [{ action: 'delivered', status: '2.0.0' }, 'delivered'],
    ] as const) {
      const id = await message();
      await come(bounceMail(id, { status: '4.2.2', attempt: 1 }));
      await sendAnew(id);
      await come(bounceMail(id, { ...told, attempt: 1 }));
      expect((await messageOf(id)).state).toBe(state);
    }
  });

  it('waits while the mail is still under way', async () => {
    const id = await message('sending');
    expect(await record(bounceMail(id))).toBe('noted');
    expect(await settle()).toContain('later');
    expect((await messageOf(id)).state).toBe('sending');
    await site.owner.db.updateTable('messages').set({ state: 'sent', leased_until: null }).where('id', '=', id).execute();
    await settle();
    expect((await messageOf(id)).state).toBe('hard_failed');
  });

  it('about a mail that failed or waits for another try changes nothing', async () => {
    const id = await message();
    await come(bounceMail(id, { status: '5.1.1' }));
    const before = await messageOf(id);
    await come(`${bounceMail(id, { status: '4.2.2' })}second\r\n`);
    await come(`${bounceMail(id, { action: 'delivered', status: '2.0.0' })}third\r\n`);
    expect(await messageOf(id)).toEqual(before);
  });

  it('believes no id that it cannot find, and takes no yen', async () => {
    const ledger = () =>
      site.owner.db
        .selectFrom('journal_entries')
        .select((eb) => eb.fn.countAll<bigint>().as('n'))
        .executeTakeFirstOrThrow();
    const before = await ledger();
    expect(await come(bounceMail(randomUUID()))).toBe('unknown_message');
    expect(await ledger()).toEqual(before);
  });

  it.each([
    ['nothing', '', 'no_report'],
    ['an out-of-office note', 'From: a@example.jp\r\nSubject: away\r\nAuto-Submitted: auto-replied\r\n\r\nI am away', 'no_report'],
    ['bytes', '\u0000\u00ff\u0001'.repeat(5_000), 'no_report'],
    ['a report without our marks', bounceMail('nobody'), 'no_id'],
    ['an action of no standard', bounceMail(randomUUID(), { action: 'exploded' }), 'no_report'],
    ['an id that is SQL', bounceMail("x'; drop table messages; --"), 'no_id'],
    [
      'boundaries in boundaries',
      `Content-Type: multipart/mixed; boundary=a\r\n\r\n${'--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n'.repeat(500)}`,
      '',
    ],
  ])('that is %s is explained and never a crash', async (_what, mail, result) => {
    const got = await come(mail);
    expect(result === '' ? ['no_report', 'unreadable'] : [result]).toContain(got);
  });
});

describe('a complaint', () => {
  it('is written as one, also of a mail that was delivered; "not spam" is none', async () => {
    const id = await message('delivered');
    expect(await come(complaintMail(id, 'not-spam'))).toBe('on_its_way');
    expect((await messageOf(id)).state).toBe('delivered');
    expect(await come(complaintMail(id))).toBe('noted');
    expect(await messageOf(id)).toMatchObject({ state: 'complained', due_at: null });
    // It arrived: a late bounce does not make it be sent again.
    await come(bounceMail(id, { status: '4.2.2' }));
    expect((await messageOf(id)).state).toBe('complained');
  });
});

describe('a bounce that is posted', () => {
  const post = (body: string, { secret = SECRET, ageMs = 0, signed = body } = {}) => {
    const timestamp = String(Math.floor((site.owner.clock.now().getTime() - ageMs) / 1_000));
    const signature = `sha256=${createHmac('sha256', secret).update(`${timestamp}.`).update(Buffer.from(signed)).digest('hex')}`;
    const headers = { 'content-type': 'message/rfc822', 'x-uketori-timestamp': timestamp, 'x-uketori-signature': signature };
    return fetch(`${site.url}/api/bounces`, { method: 'POST', body, headers });
  };

  it('counts with the right signature, once', async () => {
    const id = await message();
    const first = await post(bounceMail(id));
    expect([first.status, await first.json()]).toEqual([200, { kind: 'noted' }]);
    expect(await (await post(bounceMail(id))).json()).toEqual({ kind: 'again' });
    await settle();
    expect((await messageOf(id)).state).toBe('hard_failed');
  });

  it('is read up to a megabyte, as a file is; what is larger is refused, and logged', async () => {
    const id = await message();
    const long = (bytes: number) => `${bounceMail(id)}${'x'.repeat(bytes - bounceMail(id).length)}`;
    const tooLarge = () => JSON.stringify(site.portal.logged).split('a posted bounce is too large').length - 1;
    expect((await post(long(BOUNCE_BYTES_MAX + 1))).status).toBe(413);
    expect((await fetch(`${site.url}/api/channels/x`, { method: 'POST', body: 'x'.repeat(64 * 1024 + 1) })).status).toBe(413);
    expect(tooLarge()).toBe(1);
    expect(await (await post(long(BOUNCE_BYTES_MAX))).json()).toEqual({ kind: 'noted' });
  });

  it('is refused when it is forged, changed or old', async () => {
    const id = await message();
    const mail = bounceMail(id);
    for (const [body, options] of [
      [mail, { secret: 'another-secret-of-32-characters-000' }],
      [mail, { signed: `${mail}x` }],
      [mail, { ageMs: 301_000 }],
      [mail, { ageMs: -301_000 }],
    ] as const)
      expect((await post(body, options)).status).toBe(401);
    expect((await fetch(`${site.url}/api/bounces`, { method: 'POST', body: mail })).status).toBe(401);
    expect((await fetch(`${site.url}/api/bounces`)).status).toBe(405);
    await settle();
    expect((await messageOf(id)).state).toBe('sent');
  });
});

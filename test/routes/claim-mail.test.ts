import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OutgoingMessage, SendOutcome } from '#adapters/channels/port';
import type { Sending } from '~/portal';
import { keepMessage } from '~/services/keep-message';
import { type ClaimMove, moveClaim } from '~/services/move-claim';
import { queueClaimMail } from '~/services/parts/claim-mail';
import { sendClaimMail } from '~/services/send-claim-mail';
import { sweepClaimMails } from '~/services/sweep-claim-mails';
import { queuedJobs } from '../support/queued-jobs';
import { type RecipientSite, startRecipientSite, type Visitor } from '../support/recipient-site';
import { insertStaff } from '../support/staff';

let site: RecipientSite;
let visitor: Visitor;
let sent: OutgoingMessage[];
let outcome: SendOutcome;
let dies = false;

beforeAll(async () => {
  site = await startRecipientSite();
  const { settings } = await site.owner.db.selectFrom('campaigns').select('settings').executeTakeFirstOrThrow();
  const claims = { opensAt: '2023-03-24T14:00:00+09:00', closesAt: '2023-04-30T23:59:59+09:00' };
  await site.owner.db
    .updateTable('campaigns')
    .set({ settings: JSON.stringify({ ...(settings as object), claims }) })
    .execute();
});
afterAll(() => site.stop());
beforeEach(() => {
  site.owner.clock.set(new Date('2023-04-03T10:00:00+09:00'));
  visitor = site.visitor();
  sent = [];
  outcome = { kind: 'accepted' };
});

const sending = (repeatable = false): Sending => ({
  publicUrl: 'https://uketori.example',
  channels: new Map([
    [
      'mail',
      {
        id: 'mail',
        capabilities: {
          carries: ['mail'],
          repeatable,
          lookup: false,
          settleAfterMs: 0,
          ratePerSecond: 10,
          concurrency: 1,
          timeLimitMs: 1_000,
        },
        connection: {
          send: async (message) => {
            sent.push(message);
            if (dies) throw new Error('killed');
            return outcome;
          },
          close: async () => {},
        },
      },
    ],
  ]),
});

async function claim(mail: string): Promise<string> {
  const page = await visitor.get('/claim/form');
  site.owner.clock.set(new Date(site.owner.clock.now().getTime() + 30_000));
  const typed: [string, string][] = [
    ['name', '補償 花子'],
    ['postal', '8600806'],
    ['address', '熊本県熊本市中央区花畑町1-2-3'],
    ['phone', '090-0000-0012'],
    ['mail', mail],
    ['numbers', '437000000074'],
    ['company', ''],
  ];
  await visitor.post('/claim/form', [...page.fields, ...typed, ['act', 'check']]);
  await visitor.post('/claim/confirm', (await visitor.get('/claim/confirm')).fields);
  const done = await visitor.get('/claim/done');
  return /class="number">([\d-]+)</.exec(done.text)?.[1]?.replaceAll('-', '') ?? '';
}

const claimOf = (number: string) => site.owner.db.selectFrom('claims').selectAll().where('number', '=', number).executeTakeFirstOrThrow();

async function sendNewest(): Promise<string> {
  const [{ mailId = '' } = {}] = (await queuedJobs(site.owner, 'send-claim-mail')).slice(-1) as { mailId?: string }[];
  return sendClaimMail(site.worker, { mailId }, { sending: sending() });
}

const linkIn = (text: string) => /https:\/\/uketori\.example(\S+)/.exec(text)?.[1] ?? '';

describe('the mail to an applicant', () => {
  it('proves the address by a press, not by opening the link, and once', async () => {
    const number = await claim('prove@example.jp');
    expect(await sendNewest()).toBe('accepted');
    expect(sent[0]).toMatchObject({ to: 'prove@example.jp', purpose: 'claim_prove' });
    expect(sent[0]?.text).not.toContain('花子');
    const link = linkIn(sent[0]?.text ?? '');
    const elsewhere = site.visitor();
    for (let i = 0; i < 3; i += 1) await elsewhere.get(link);
    expect((await claimOf(number)).state).toBe('received');
    const page = await elsewhere.get(link);
    expect(page.text).toContain('メールアドレスを確認する');
    site.owner.clock.set(new Date('2023-05-02T10:00:00+09:00'));
    const path = link.split('?')[0] ?? '';
    expect((await elsewhere.post(path, page.fields)).text).toContain('メールアドレスを確認しました');
    const proven = await claimOf(number);
    expect(proven.state).toBe('checking');
    await elsewhere.post(path, page.fields);
    expect(await claimOf(number)).toEqual(proven);
    const acts = await site.owner.db.selectFrom('audit_entries').select('act').where('subject_id', '=', proven.id).orderBy('at').execute();
    expect(acts.map(({ act }) => act)).toEqual(['claim.received', 'claim.proven']);
  });

  it('is found in a rehearsal’s outbox by address and reference number, with a link that can be pressed', async () => {
    const number = await claim('outbox@example.jp');
    await sendNewest();
    const [mail] = sent;
    if (!mail) throw new Error('nothing was sent');
    await keepMessage(site.worker, mail, site.owner.clock.now());
    site.outbox = true;
    for (const q of ['outbox@example.jp', `${number.slice(0, 4)}-${number.slice(4)}`]) {
      const page = await site.visitor().get(`/outbox?q=${q}`);
      expect(page.text, q).toContain('1通見つかりました');
      expect(page.text).toContain(`href="https://uketori.example${linkIn(mail.text)}"`);
    }
    expect((await site.visitor().get('/outbox?q=1234567897')).text).toContain('0通見つかりました');
  });

  it('proves the address with words or punctuation after the link, with its programme or cut before it', async () => {
    for (const [i, tail] of ['です。', encodeURIComponent('です'), '.', ')', '>', '&x'].entries()) {
      const number = await claim(`glued${i}@example.jp`);
      await sendNewest();
      const whole = linkIn(sent.at(-1)?.text ?? '');
      expect(whole).toContain('?programme=');
      for (const link of [`${whole}${tail}`, `${whole.split('?')[0]}${tail}`]) {
        const page = await visitor.get(link);
        expect(page.text, link).toContain('メールアドレスを確認する');
        expect((await claimOf(number)).state).toBe('received');
      }
      const page = await visitor.get(`${whole}${tail}`);
      const path = `${whole.split('?')[0]}${tail}`;
      expect((await visitor.post(path, page.fields)).text, path).toContain('メールアドレスを確認しました');
      expect((await claimOf(number)).state).toBe('checking');
      expect((await visitor.get(`/claim/status?programme=${site.campaignId}${tail}`)).status).toBe(200);
    }
    expect((await visitor.get(`/claim?programme=${site.campaignId}0`)).status).toBe(404);
  });

  it('proves nothing with another token, another number or none', async () => {
    const number = await claim('wrong@example.jp');
    await sendNewest();
    const link = linkIn(sent[0]?.text ?? '');
    for (const path of [
      link.replace(/.(?=\?)/, (c) => (c === 'A' ? 'B' : 'A')),
      link.replace(number, '1234567897'),
      `/claim/prove/${number}/x`,
    ]) {
      expect((await visitor.get(path)).status).toBe(404);
    }
    const page = await visitor.get(link);
    expect((await visitor.post(`/claim/prove/${number}/x`, page.fields)).status).toBe(404);
    expect((await claimOf(number)).state).toBe('received');
  });

  it('goes out again only when it surely did not leave', async () => {
    await claim('busy@example.jp');
    outcome = { kind: 'failed', reason: 'busy', retryable: true };
    expect(await sendNewest()).toBe('failed');
    outcome = { kind: 'unknown', cause: 'timeout' };
    expect(await sendNewest()).toBe('unknown');
    expect(await sendNewest()).toBe('nothing_to_do');
    expect(sent).toHaveLength(2);
  });

  it.each([
    [false, 'is not sent again by itself, and may be asked for anew'],
    [true, 'goes on where a repeat of the channel is none'],
  ] as const)('whose worker is killed in the middle (repeatable: %s) %s', async (repeatable, _then) => {
    const number = await claim(`killed-${repeatable}@example.jp`);
    const { id: claimId } = await claimOf(number);
    const mails = () => site.owner.db.selectFrom('claim_mails').selectAll().where('claim_id', '=', claimId).orderBy('queued_at').execute();
    const [{ id: mailId } = { id: '' }] = await mails();
    const send = () => sendClaimMail(site.worker, { mailId }, { sending: sending(repeatable) });
    const sweep = () => sweepClaimMails(site.worker, sending(repeatable));
    const forgetJobs = () => sql`delete from graphile_worker._private_jobs`.execute(site.owner.db);
    dies = true;
    await expect(send()).rejects.toThrow('killed');
    dies = false;
    await forgetJobs();
    // Another worker may still be at it.
    expect([await sweep(), await send(), (await mails())[0]?.state]).toEqual([0, 'nothing_to_do', 'sending']);
    site.owner.clock.advance(62_001);
    expect(await sweep()).toBe(1);
    expect(await queuedJobs(site.owner, 'send-claim-mail')).toEqual([{ mailId }]);
    expect(await sweep()).toBe(0);
    expect(await send()).toBe(repeatable ? 'accepted' : 'nothing_to_do');
    expect((await mails())[0]?.state).toBe(repeatable ? 'sent' : 'unknown');
    expect(sent).toHaveLength(repeatable ? 2 : 1);
    await forgetJobs();
    site.owner.clock.advance(600_000);
    expect(await sweep()).toBe(0);
    // Nothing stands in the way of another.
    const { crypto, clock } = site.portal;
    const again = { claimId, purpose: 'prove' as const, mail: 'killed@example.jp', now: clock.now() };
    await site.portal.db.transaction().execute((trx) => queueClaimMail({ crypto, enqueue: site.portal.enqueue }, trx, again));
    expect((await mails()).map(({ state }) => state)).toEqual([repeatable ? 'sent' : 'unknown', 'queued']);
  });

  it('that lost its job is found, and an answer that comes after the lease has run out changes nothing', async () => {
    await claim('slow@example.jp');
    const [{ mailId = '' } = {}] = (await queuedJobs(site.owner, 'send-claim-mail')).slice(-1) as { mailId?: string }[];
    await sql`delete from graphile_worker._private_jobs`.execute(site.owner.db);
    expect(await sweepClaimMails(site.worker, { ...sending(), channels: new Map() })).toBe(0);
    site.owner.clock.advance(31_000);
    expect(await sweepClaimMails(site.worker, sending())).toBeGreaterThan(0);
    const slow = sending();
    const mail = slow.channels.get('mail');
    if (!mail) throw new Error('no mail');
    const sleeps = {
      ...mail,
      connection: {
        ...mail.connection,
        async send() {
          site.owner.clock.advance(120_000);
          await sendClaimMail(site.worker, { mailId }, { sending: sending() });
          return { kind: 'failed' as const, reason: 'busy' as const, retryable: true };
        },
      },
    };
    await sendClaimMail(site.worker, { mailId }, { sending: { ...slow, channels: new Map([['mail', sleeps]]) } });
    const row = await site.owner.db.selectFrom('claim_mails').selectAll().where('id', '=', mailId).executeTakeFirstOrThrow();
    expect([row.state, row.attempts, sent.length]).toEqual(['unknown', 1, 0]);
  });

  it('tells a lost number to the proven address only, and answers the same for all', async () => {
    const number = await claim('lost@example.jp');
    await sendNewest();
    const link = linkIn(sent[0]?.text ?? '');
    const ask = async (mail: string) => {
      const page = await visitor.get('/claim/lost');
      const answer = await visitor.post('/claim/lost', [...page.fields, ['mail', mail]]);
      return answer.text.replace(/nonce="[^"]*"/g, '');
    };
    const numbers = async () =>
      (await site.owner.db.selectFrom('claim_mails').select('id').where('purpose', '=', 'number').execute()).length;
    const unknown = await ask('nobody@example.jp');
    expect(await ask('lost@example.jp')).toBe(unknown);
    expect(await numbers()).toBe(0);
    const page = await visitor.get(link);
    await visitor.post(link.split('?')[0] ?? '', page.fields);
    expect(await ask('ＬＯＳＴ@example.jp')).toBe(unknown);
    expect(await ask('lost@example.jp')).toBe(unknown);
    expect(await numbers()).toBe(1);
    await sendNewest();
    expect(sent.at(-1)?.text).toContain(`${number.slice(0, 4)}-${number.slice(4, 7)}-${number.slice(7)}`);
    expect(sent.at(-1)?.text).not.toContain('/claim/prove/');
  });

  it('tells a proven address what is asked for or why it was refused, once, and nothing that was taken back', async () => {
    const number = await claim('told@example.jp');
    await sendNewest();
    await visitor.post(linkIn(sent[0]?.text ?? '').split('?')[0] ?? '', (await visitor.get(linkIn(sent[0]?.text ?? ''))).fields);
    const { id: claimId } = await claimOf(number);
    const { id } = await insertStaff(site.owner, 'operator');
    const move = async (name: ClaimMove, reason = '') => {
      site.owner.clock.advance(1_000);
      await moveClaim(site.console, { staff: { id, scope: 'all' }, claimId, move: name, reason });
    };
    await move('ask', 'photo');
    expect(await sendNewest()).toBe('accepted');
    expect(await sendNewest()).toBe('nothing_to_do');
    expect(sent.at(-1)).toMatchObject({ to: 'told@example.jp', purpose: 'claim_more_needed' });
    expect(sent.at(-1)?.text).toContain(
      '確認のため、お尋ねしたいことがあります。お手元のクーポンの写真をお願いすることがあります。お手数ですが、コールセンターにお電話ください。受取期限の2023年5月31日（水）23:59までに',
    );
    await move('reopen');
    await move('refuse', 'unknown_number');
    await move('reopen');
    expect(await sendNewest()).toBe('nothing_to_do');
    await move('refuse', 'with_app');
    expect(await sendNewest()).toBe('accepted');
    expect(sent.map(({ purpose }) => purpose)).toEqual(['claim_prove', 'claim_more_needed', 'claim_refused']);
    expect(sent.at(-1)?.text).toContain('申請は必要ありません');
    expect(sent.at(-1)?.text).not.toContain('花子');

    // The page says the same, and after the deadline what is true then.
    const status = async () => {
      const page = await visitor.get('/claim/status');
      return (await visitor.post('/claim/status', [...page.fields, ['number', number], ['fact', 'told@example.jp']])).text;
    };
    const before = await status();
    expect(before).toContain('<h1>申請は必要ありません</h1>');
    expect(before).not.toContain('認められません');
    site.owner.clock.set(new Date('2023-06-01T00:00:00+09:00'));
    expect(await status()).toContain('お送りしましたが、受取期限の2023年5月31日（水）23:59を過ぎました。');
  });

  it('lets the public pages decide about no claim', async () => {
    const number = await claim('decide@example.jp');
    const { id } = await claimOf(number);
    const now = site.owner.clock.now();
    await expect(
      site.portal.db.updateTable('claims').set({ state: 'refused', state_at: now }).where('id', '=', id).execute(),
    ).rejects.toThrow();
    await site.portal.db
      .updateTable('claims')
      .set({ state: 'checking', state_at: now, mail_proven_at: now })
      .where('id', '=', id)
      .execute();
    await expect(
      site.portal.db.updateTable('claims').set({ state: 'more_needed', state_at: now }).where('id', '=', id).execute(),
    ).rejects.toThrow('decides about no claim');
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failed, type OutgoingMessage, type SendOutcome } from '#adapters/channels/port';
import type { MessageChannel, MessagePurpose } from '~/domain/message';
import { fallOverMessages } from '~/services/fall-over-messages';
import { queueMessage } from '~/services/parts/queue-message';
import { reachesOf } from '~/services/parts/reach';
import { recoverLink } from '~/services/recover-link';
import { requestRecovery } from '~/services/request-recovery';
import { sendMessage } from '~/services/send-message';
import { countDueLetters, findUnreached } from '~/views/unreached';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { insertPerson, type TestContact } from '../support/people';
import { MAY_20, makeTestPortal, type TestPortal, testKeys } from '../support/portal';
import { insertProgramme } from '../support/programme';
import { modelSending } from '../support/waves';

/** What is sent again goes where it can arrive: not to an address that is known to be dead, and to whom it helps most. */
const HOUR_MS = 3_600_000;
let database: TestDatabase;
let owner: TestPortal;
let staff: TestPortal;
let worker: TestPortal;
let web: TestPortal;
let campaignId: string;
let programmes = 0;
let people = 0;
let answer: (message: OutgoingMessage) => SendOutcome;
const { sending } = modelSending((message) => answer(message));

beforeAll(async () => {
  database = await createTestDatabase();
  const keys = testKeys();
  owner = makeTestPortal(database.ownerUrl, { keys });
  const { clock } = owner;
  staff = makeTestPortal(database.consoleUrl, { keys, clock });
  worker = makeTestPortal(database.workerUrl, { keys, clock });
  web = makeTestPortal(database.webUrl, { keys, clock });
});
afterAll(async () => {
  await Promise.all([web.close(), worker.close(), staff.close(), owner.close()]);
  await database.drop();
});
beforeEach(async () => {
  await fallOverMessages(staff);
  owner.clock.set(MAY_20);
  campaignId = await insertProgramme(owner, [{ provider: 'paypay' }], `reach-${++programmes}`);
  answer = () => ({ kind: 'accepted' });
});

async function person(contact: TestContact = {}, channel: MessageChannel = 'mail'): Promise<string> {
  people += 1;
  const grantId = await insertPerson(owner, campaignId, {
    number: `RE-${people}`,
    name: '林 さくら',
    mail: `p${people}@example.jp`,
    ...contact,
  });
  await owner.db.updateTable('grants').set({ channel }).where('id', '=', grantId).execute();
  owner.clock.advance(1_000);
  return grantId;
}
const messages = () => owner.db.selectFrom('messages').selectAll().where('campaign_id', '=', campaignId).orderBy('id').execute();
const states = async () => (await messages()).map(({ channel, purpose, state }) => [channel, purpose, state].join(':'));
async function sendAll(): Promise<void> {
  for (const { id, state } of await messages())
    if (state === 'queued' || state === 'soft_failed') await sendMessage(worker, { messageId: id }, { sending });
}
async function recover(fact: string, second = ''): Promise<number> {
  await requestRecovery(web, { typed: { fact, second }, language: 'ja' });
  const open = await owner.db.selectFrom('recoveries').select('id').where('settled_at', 'is', null).execute();
  const sent = await Promise.all(open.map(({ id }) => recoverLink(staff, { recoveryId: id })));
  return sent.reduce<number>((sum, one) => sum + (one ?? 0), 0);
}
const queue = (grantId: string, purpose: MessagePurpose, more: { via?: MessageChannel } = {}) =>
  staff.db.transaction().execute((trx) => queueMessage(staff, trx, { grantId, purpose, actor: 'staff:x', yen: 700n, ...more }));
const deadMail = () => {
  answer = ({ kind }) => (kind === 'mail' ? failed('unknown_address') : { kind: 'delivered' });
};

describe('a changed address', () => {
  const unreached = async () =>
    (await findUnreached(staff, { campaignId, limit: 9 })).rows.map(({ grantId, why, channel }) => [grantId, why, channel]);
  /** As a change of address leaves it: the old link is dead, the new one on its way. */
  async function change(phone: string | null): Promise<string> {
    const grantId = await person({ phone });
    await owner.db.updateTable('grants').set({ link_generation: 2 }).where('id', '=', grantId).execute();
    await queue(grantId, 'address_changed_new', { via: 'mail' });
    return grantId;
  }

  it('that may or may not have got the new link stands on the list of the unreached, and gets no second one', async () => {
    const grantId = await change('+819000000779');
    answer = () => ({ kind: 'unknown', cause: 'connection_lost' });
    await sendAll();
    expect(await unreached()).toEqual([[grantId, 'unknown', 'mail']]);
    expect(await fallOverMessages(staff)).toBe(0);
    expect(await countDueLetters(staff, campaignId)).toBe(0);
  });

  it('that bounces is followed by the phone, in the morning, and by a letter where there is none', async () => {
    deadMail();
    const [phoned, only] = [await change('+819000000780'), await change(null)];
    await sendAll();
    owner.clock.set(new Date('2023-05-20T22:00:00+09:00'));
    expect(await fallOverMessages(staff)).toBe(0);
    owner.clock.set(new Date('2023-05-21T09:00:00+09:00'));
    expect(await fallOverMessages(staff)).toBe(1);
    await sendAll();
    expect(await states()).toContain('sms:address_changed_new:delivered');
    expect((await unreached()).map(([grantId]) => grantId)).toEqual([only]);
    expect(await countDueLetters(staff, campaignId)).toBe(1);
    expect(await fallOverMessages(staff)).toBe(0);
    expect(phoned).toBeTruthy();
  });
});

describe('a channel that surely failed', () => {
  it('is not used again while there is another, for whatever purpose, unless staff ask for it or nothing else is left', async () => {
    deadMail();
    const grantId = await person({ mail: 'dead@example.jp', phone: '+819000000777' });
    expect(await queue(grantId, 'resend')).toMatchObject({ channel: 'mail' });
    await sendAll();
    for (const purpose of ['resend', 'code_ready', 'code_failed', 'reissued', 'deadline_extended'] as const)
      expect(await queue(grantId, purpose), purpose).toMatchObject({ channel: 'sms' });
    expect(await queue(grantId, 'resend', { via: 'mail' })).toMatchObject({ channel: 'mail' });
    await owner.db.updateTable('grants').set({ link_generation: 2 }).where('id', '=', grantId).execute();
    expect(await queue(grantId, 'resend')).toMatchObject({ channel: 'mail' });
    const only = await person({ mail: 'only@example.jp', phone: null });
    await queue(only, 'resend');
    await sendAll();
    expect(await queue(only, 'resend')).toMatchObject({ channel: 'mail' });
  });

  it('is used again when something arrived by it since', async () => {
    const grantId = await person({ phone: '+819000000777' });
    answer = () => failed('unknown_address');
    await queue(grantId, 'resend');
    await sendAll();
    owner.clock.advance(HOUR_MS);
    answer = () => ({ kind: 'delivered' });
    await queue(grantId, 'resend', { via: 'mail' });
    await sendAll();
    expect(await queue(grantId, 'resend')).toMatchObject({ channel: 'mail' });
  });

  it('is passed over at /recover, where the link comes by the address that was typed', async () => {
    deadMail();
    const grantId = await person({ mail: 'dead2@example.jp', phone: '+819000000778' });
    await queue(grantId, 'deadline_extended');
    await sendAll();
    expect(await recover('090-0000-0778')).toBe(1);
    owner.clock.advance(HOUR_MS);
    // By the mail as well: what arrives there is known to be lost.
    expect(await recover('dead2@example.jp')).toBe(1);
    await sendAll();
    expect((await states()).sort()).toEqual(['mail:deadline_extended:hard_failed', 'sms:resend:delivered', 'sms:resend:delivered']);
  });

  it('hands on what bears a link to the other channel, once, in many processes at once', async () => {
    deadMail();
    const grantId = await person({ mail: 'dead3@example.jp', phone: '+819000000779' });
    const purposes = ['resend', 'code_ready', 'code_failed', 'reissued', 'deadline_extended'] as const;
    for (const purpose of purposes) await queue(grantId, purpose);
    await sendAll();
    const fallen = await Promise.all([fallOverMessages(staff), fallOverMessages(staff), fallOverMessages(staff)]);
    expect(fallen.reduce((sum, one) => sum + one, 0)).toBe(5);
    expect(await fallOverMessages(staff)).toBe(0);
    answer = () => failed('bad_address');
    await sendAll();
    // Both are dead now: nothing is tried a second time.
    expect(await fallOverMessages(staff)).toBe(0);
    expect((await states()).sort()).toEqual(
      purposes.flatMap((purpose) => [`mail:${purpose}:hard_failed`, `sms:${purpose}:hard_failed`]).sort(),
    );
    const ready = (await messages()).filter(({ purpose }) => purpose === 'code_ready');
    expect(ready.map(({ yen, actor, language, link_generation }) => [yen, actor, language, link_generation])).toEqual(
      Array.from({ length: 2 }, () => [700n, 'staff:x', 'ja', 1]),
    );
  });

  it('hands nothing on of a frozen grant, a dead link, or what went by the other channel already', async () => {
    deadMail();
    const ids = [];
    for (let n = 0; n < 3; n += 1) ids.push(await person({ phone: `+81900000078${n}` }));
    const [frozen = '', moved = '', told = ''] = ids;
    for (const id of ids) await queue(id, 'resend');
    await sendAll();
    await owner.db.updateTable('grants').set({ frozen_at: MAY_20 }).where('id', '=', frozen).execute();
    await owner.db.updateTable('grants').set({ link_generation: 2 }).where('id', '=', moved).execute();
    owner.clock.advance(HOUR_MS);
    await queue(told, 'resend', { via: 'sms' });
    expect(await fallOverMessages(staff)).toBe(0);
    await owner.db.updateTable('grants').set({ frozen_at: null }).where('id', '=', frozen).execute();
    expect(await fallOverMessages(staff)).toBe(1);
  });

  it('hands nothing on by SMS at night that was not just asked for', async () => {
    deadMail();
    for (const purpose of ['code_ready', 'resend'] as const)
      await queue(await person({ phone: `+8190000007${50 + purpose.length}` }), purpose);
    await sendAll();
    owner.clock.set(new Date('2023-05-20T20:00:00+09:00'));
    expect(await fallOverMessages(staff)).toBe(1);
    owner.clock.set(new Date('2023-05-21T08:59:59+09:00'));
    expect(await fallOverMessages(staff)).toBe(0);
    owner.clock.set(new Date('2023-05-21T09:00:00+09:00'));
    expect(await fallOverMessages(staff)).toBe(1);
  });

  it('hands on the rest when one cannot be written', async () => {
    deadMail();
    for (const phone of ['+8190000007810', '+819000000786']) await queue(await person({ phone }), 'resend');
    await sendAll();
    expect(await fallOverMessages(staff)).toBe(1);
    expect(JSON.stringify(staff.logged)).toContain('could not be handed on');
    await owner.db.updateTable('grants').set({ link_generation: 2 }).where('campaign_id', '=', campaignId).execute();
  });

  it('hands on no fourth link in a day to one address', async () => {
    const phone = '+819000000790';
    for (let n = 0; n < 3; n += 1) await queue(await person({ phone }, 'sms'), 'resend');
    deadMail();
    await queue(await person({ phone }), 'resend');
    await sendAll();
    expect(await fallOverMessages(staff)).toBe(0);
    owner.clock.advance(25 * HOUR_MS);
    expect(await fallOverMessages(staff)).toBe(0);
  });
});

describe('links asked for by a shared address', () => {
  it('come in turn, so that everybody gets theirs', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.push(await person({ mail: 'house@example.jp' }));
    for (let day = 0; day < 2; day += 1) {
      expect(await recover('house@example.jp')).toBe(3);
      owner.clock.advance(25 * HOUR_MS);
    }
    expect(new Set((await messages()).map(({ grant_id }) => grant_id))).toEqual(new Set(ids));
  });

  it.each([
    ['frozen', { frozen_at: MAY_20 }, [3]],
    ['past their deadline', { deadline_at: new Date(MAY_20.getTime() - HOUR_MS) }, [0, 1, 3]],
  ])('leave out or come after those that are %s', async (what, set, expected) => {
    const mail = `agency-${what.length}@example.jp`;
    const ids: string[] = [];
    for (let n = 0; n < 4; n += 1) ids.push(await person({ mail }));
    await owner.db.updateTable('grants').set(set).where('id', 'in', ids.slice(0, 3)).execute();
    expect(await recover(mail)).toBe(expected.length);
    expect((await messages()).map(({ grant_id }) => ids.indexOf(grant_id)).sort()).toEqual(expected);
  });

  it('reach whoever is the last of a hundred', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 100; n += 1) ids.push(await person({ mail: 'crowd@example.jp' }));
    await owner.db.updateTable('grants').set({ frozen_at: MAY_20 }).where('id', 'in', ids.slice(0, 99)).execute();
    expect(await recover('crowd@example.jp')).toBe(1);
    expect((await messages())[0]?.grant_id).toBe(ids[99]);
  });

  it('are three a day, also when they are asked for by number at the same time', async () => {
    const name = '競走 花子';
    const facts = Array.from({ length: 6 }, (_, n) => `KM-Q-${String(programmes)}0000${n}`);
    for (const number of facts) await person({ number, mail: 'race@example.jp', name });
    for (const fact of facts.slice(1)) await requestRecovery(web, { typed: { fact, second: name }, language: 'ja' });
    expect(await recover(facts[0] ?? '', name)).toBe(3);
    expect(await messages()).toHaveLength(3);
  });

  it('do not use up those of another address of the same people', async () => {
    for (let n = 0; n < 4; n += 1) await person({ mail: 'both@example.jp', phone: `+81900000080${n}` });
    expect(await recover('both@example.jp')).toBe(3);
    owner.clock.advance(HOUR_MS);
    expect(await recover('both@example.jp')).toBe(0);
    for (let n = 0; n < 4; n += 1) expect(await recover(`090-0000-080${n}`)).toBe(1);
  });
});

describe('a telephone', () => {
  it.each([
    ['+819012345678', ['sms']],
    ['+81963330000', []],
    ['+886912345678', []],
  ])('%s is a way for %j', (phone, ways) => {
    const contact = { name: null, kana: null, phone, mail: null };
    expect(reachesOf(contact, { channel: 'sms' }).map(({ channel }) => channel)).toEqual(ways);
  });
});

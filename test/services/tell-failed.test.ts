import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { requestRedemption } from '~/services/request-redemption';
import { sendMessage } from '~/services/send-message';
import { tellFailed } from '~/services/tell-failed';
import { giveContact } from '../support/contacts';
import { MAY_20, type RecipientSite, startRecipientSite } from '../support/recipient-site';
import { modelSending } from '../support/waves';

/** A code that surely was not issued: the recipient is told that nothing is lost and what to do, once. */
const MINUTE = 60_000;
const { took, sending } = modelSending(({ id }) => ({ kind: 'accepted', reference: id }));
let site: RecipientSite;
beforeAll(async () => {
  site = await startRecipientSite();
});
afterAll(() => site.stop());
beforeEach(() => site.owner.clock.set(MAY_20));

async function fail(contact = true): Promise<string> {
  const grantId = await site.grant(1357);
  if (contact) await giveContact(site.owner, grantId, { name: '林 さくら', mail: 'sakura@example.jp' });
  site.fate = 'refused';
  const choices = [{ provider: 'nanaco', yen: 1_357n }];
  await requestRedemption(site.portal, { grantId, requestKey: site.portal.crypto.newKey(), choices });
  await site.issue(grantId);
  site.fate = 'well';
  return grantId;
}
const messagesOf = (grantId: string) => site.owner.db.selectFrom('messages').selectAll().where('grant_id', '=', grantId).execute();

it('waits half an hour for staff, then tells once, in many processes at once', async () => {
  const grantId = await fail();
  site.owner.clock.advance(29 * MINUTE);
  expect(await tellFailed(site.console)).toBe(0);
  site.owner.clock.advance(2 * MINUTE);
  const told = await Promise.all([tellFailed(site.console), tellFailed(site.console), tellFailed(site.console)]);
  expect(told.reduce((sum, one) => sum + one, 0)).toBe(1);
  expect(await tellFailed(site.console)).toBe(0);
  const [message, ...more] = await messagesOf(grantId);
  expect(more).toEqual([]);
  expect(message).toMatchObject({ purpose: 'code_failed', yen: 1_357n, channel: 'mail' });
  await sendMessage(site.worker, { messageId: message?.id ?? '' }, { sending });
  const { text } = took.at(-1) ?? { text: '' };
  expect(text).toContain('1,357円はなくなっていません');
  expect(text).toContain(site.linkOf(grantId));
});

it('wakes nobody: what failed in the evening is told in the morning', async () => {
  site.owner.clock.set(new Date('2023-05-20T19:40:00+09:00'));
  const grantId = await fail();
  for (const night of ['20T20:15', '21T03:00', '21T08:59']) {
    site.owner.clock.set(new Date(`2023-05-${night}:00+09:00`));
    expect(await tellFailed(site.console), night).toBe(0);
  }
  site.owner.clock.set(new Date('2023-05-21T09:00:00+09:00'));
  expect(await tellFailed(site.console)).toBe(1);
  expect(await messagesOf(grantId)).toHaveLength(1);
});

it('tells nobody whose redemption was chosen anew meanwhile', async () => {
  const grantId = await fail();
  await site.owner.db.updateTable('redemptions').set({ state: 'issuing' }).where('grant_id', '=', grantId).execute();
  site.owner.clock.advance(31 * MINUTE);
  expect(await tellFailed(site.console)).toBe(0);
  expect(await messagesOf(grantId)).toEqual([]);
});

it('looks only once at whoever has no address', async () => {
  await fail(false);
  site.owner.clock.advance(31 * MINUTE);
  expect(await tellFailed(site.console)).toBe(0);
  const notices = await site.owner.db.selectFrom('failure_notices').selectAll().where('message_id', 'is', null).execute();
  expect(notices).toHaveLength(1);
});

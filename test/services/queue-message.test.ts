import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAddressee } from '~/services/parts/message-row';
import { queueMessage } from '~/services/parts/queue-message';
import { giveContact } from '../support/contacts';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makeTestPortal, type TestPortal, testKeys } from '../support/portal';
import { insertGrants, insertProgramme } from '../support/programme';
import { queuedJobs } from '../support/queued-jobs';

let database: TestDatabase;
let owner: TestPortal;
let staff: TestPortal;
let campaignId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  const keys = testKeys();
  owner = makeTestPortal(database.ownerUrl, { keys });
  staff = makeTestPortal(database.consoleUrl, { keys });
  campaignId = await insertProgramme(owner, [{ provider: 'paypay' }]);
});
afterAll(async () => {
  await staff.close();
  await owner.close();
  await database.drop();
});

async function grant(contact: Parameters<typeof giveContact>[2] | null, channel?: 'mail' | 'sms'): Promise<string> {
  const [id = ''] = await insertGrants(owner, campaignId, [1357]);
  if (contact) await giveContact(owner, id, contact, channel);
  return id;
}
const queue = (request: Parameters<typeof queueMessage>[2]) => staff.db.transaction().execute((trx) => queueMessage(staff, trx, request));
const messageOf = (id: string) => owner.db.selectFrom('messages').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

describe('queueing a message', () => {
  it('writes it sealed, masked and found by its digest, with its job, in the transaction of the act', async () => {
    const grantId = await grant({ name: '林 さくら', phone: '+819000000012' });
    const queued = await queue({ grantId, purpose: 'resend', actor: 'staff:x' });
    expect(queued).toMatchObject({ kind: 'queued', channel: 'sms', mask: '090-****-0012' });
    if (queued.kind !== 'queued') throw new Error('queued');
    const row = await messageOf(queued.messageId);
    expect(row).toMatchObject({ state: 'queued', attempts: 0, language: 'ja', template: 'resend/3', link_generation: 1, yen: null });
    expect(openAddressee(owner.crypto, row)).toEqual({ address: '+819000000012', name: '林 さくら' });
    expect(row.address_digest).toEqual(owner.crypto.index('phone', '+819000000012'));
    expect(JSON.stringify(row)).not.toContain('9000000012');
    expect(await queuedJobs(owner, 'send-message')).toContainEqual({ messageId: queued.messageId });
  });

  it('takes the address it is given, and leaves the link out of what the old address is told', async () => {
    const grantId = await grant({ mail: 'new@example.jp' });
    const queued = await queue({
      grantId,
      purpose: 'address_changed_old',
      actor: 'staff:x',
      to: { channel: 'mail', address: 'old@example.jp' },
    });
    if (queued.kind !== 'queued') throw new Error('queued');
    expect(queued.mask).toBe('o***@example.jp');
    expect(await messageOf(queued.messageId)).toMatchObject({ link_generation: null, channel: 'mail' });
  });

  it('takes the other address where the grant has none of its own way', async () => {
    const grantId = await grant({ mail: 'a@example.jp' }, 'sms');
    expect(await queue({ grantId, purpose: 'resend', actor: 'staff:x' })).toMatchObject({ channel: 'mail' });
  });

  it('lets the act go on where there is no address, or none that can be read', async () => {
    const none = await grant({ name: '林' }, 'mail');
    const unreadable = await grant(null);
    for (const grantId of [none, unreadable]) {
      expect(await queue({ grantId, purpose: 'reissued', actor: 'staff:x' })).toEqual({ kind: 'no_address' });
    }
    expect(JSON.stringify(staff.logged)).toContain('a contact cannot be opened');
  });

  it('leaves nothing behind when the act comes to nothing', async () => {
    const grantId = await grant({ mail: 'a@example.jp' });
    const before = await queuedJobs(owner, 'send-message');
    const act = staff.db.transaction().execute(async (trx) => {
      await queueMessage(staff, trx, { grantId, purpose: 'resend', actor: 'staff:x' });
      throw new Error('the act fails');
    });
    await expect(act).rejects.toThrow('the act fails');
    expect(await owner.db.selectFrom('messages').select('id').where('grant_id', '=', grantId).execute()).toEqual([]);
    expect(await queuedJobs(owner, 'send-message')).toEqual(before);
  });
});

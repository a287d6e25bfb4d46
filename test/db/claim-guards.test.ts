import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLAIM_STATES, type ClaimState, mayClaimGo } from '~/domain/claim';
import { claimNumber } from '~/domain/claim-number';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makeTestPortal, type TestPortal, testKeys } from '../support/portal';
import { insertGrants, insertProgramme } from '../support/programme';

let database: TestDatabase;
let owner: TestPortal;
let web: TestPortal;
let campaignId: string;
let serial = 0n;

beforeAll(async () => {
  database = await createTestDatabase();
  const keys = testKeys();
  owner = makeTestPortal(database.ownerUrl, { keys });
  web = makeTestPortal(database.webUrl, { keys });
  campaignId = await insertProgramme(owner, [{ provider: 'amazon' }]);
});
afterAll(async () => {
  await web.close();
  await owner.close();
  await database.drop();
});

function row(portal: TestPortal, state: ClaimState = 'received') {
  const now = portal.clock.now();
  serial += 1n;
  const bytes = Buffer.from('sealed');
  return {
    id: portal.crypto.newId(now),
    campaign_id: campaignId,
    number: claimNumber(serial),
    state,
    state_at: now,
    reason: state === 'refused' ? 'other' : null,
    details_sealed: bytes,
    details_key_id: 'k1',
    index_key_id: 'k1',
    name_index: bytes,
    phone_index: bytes,
    mail_index: bytes,
    address_index: bytes,
    language: 'ja' as const,
    request_key: portal.crypto.newKey(),
    origin_tag: 'o',
    device_tag: 'd',
    received_at: now,
  };
}

/** A claim put into a state past its trigger, for trying the next arrow. */
async function claimIn(state: ClaimState): Promise<string> {
  const values = row(owner, state);
  const granted = ['approved', 'sent', 'collected'].includes(state);
  const [grant_id] = granted ? await insertGrants(owner, campaignId, [700]) : [null];
  const mail_proven_at = state === 'received' ? null : owner.clock.now();
  await owner.db.transaction().execute(async (trx) => {
    await sql`alter table claims disable trigger claims_new`.execute(trx);
    await trx
      .insertInto('claims')
      .values({ ...values, grant_id, mail_proven_at })
      .execute();
    await sql`alter table claims enable trigger claims_new`.execute(trx);
  });
  return values.id;
}

describe('the table of claims', () => {
  it('lets a claim go by its arrows and no others', async () => {
    for (const from of CLAIM_STATES) {
      for (const to of CLAIM_STATES) {
        if (from === to) continue;
        const id = await claimIn(from);
        const { grant_id } = await owner.db.selectFrom('claims').select('grant_id').where('id', '=', id).executeTakeFirstOrThrow();
        const granted = to === 'approved' && !grant_id ? (await insertGrants(owner, campaignId, [700]))[0] : grant_id;
        const go = owner.db
          .updateTable('claims')
          .set({ state: to, reason: 'other', mail_proven_at: from === 'received' ? owner.clock.now() : undefined, grant_id: granted })
          .where('id', '=', id)
          .execute();
        if (mayClaimGo(from, to)) await expect(go, `${from} → ${to}`).resolves.toBeDefined();
        else await expect(go, `${from} → ${to}`).rejects.toThrow();
      }
    }
  });

  it('starts every claim as received', async () => {
    await expect(web.db.insertInto('claims').values(row(web, 'refused')).execute()).rejects.toThrow('starts as received');
  });

  it('looks at no claim whose address is not proven', async () => {
    const id = await claimIn('received');
    await expect(owner.db.updateTable('claims').set({ state: 'checking' }).where('id', '=', id).execute()).rejects.toThrow('claims_check');
  });

  it('shows the web role no sealed details and lets it change no claim', async () => {
    await web.db.insertInto('claims').values(row(web)).execute();
    await expect(web.db.selectFrom('claims').select('details_sealed').execute()).rejects.toThrow('permission denied');
    await expect(web.db.updateTable('claims').set({ reason: 'x' }).execute()).rejects.toThrow('permission denied');
  });

  it('makes one claim of a form that was sent twice', async () => {
    const values = row(web);
    await web.db.insertInto('claims').values(values).execute();
    await expect(
      web.db
        .insertInto('claims')
        .values({ ...row(web), request_key: values.request_key })
        .execute(),
    ).rejects.toThrow('request_key');
  });

  it('pays one coupon in one claim only', async () => {
    const couponId = await insertCoupon();
    const [first, second] = [await claimIn('checking'), await claimIn('checking')];
    const line = { campaign_id: campaignId, position: 1, inquiry_number: '437000000074', coupon_id: couponId };
    await owner.db
      .insertInto('claim_coupons')
      .values({ ...line, claim_id: first })
      .execute();
    await expect(
      owner.db
        .insertInto('claim_coupons')
        .values({ ...line, claim_id: second })
        .execute(),
    ).rejects.toThrow('claim_coupons_one_payment');
    // Named, not paid: two people may say that the same coupon is theirs.
    await owner.db
      .insertInto('claim_coupons')
      .values({ ...line, claim_id: second, coupon_id: null })
      .execute();
  });
});

async function insertCoupon(): Promise<string> {
  const now = owner.clock.now();
  const [id, importId] = [owner.crypto.newId(now), owner.crypto.newId(now)];
  await owner.db
    .insertInto('imports')
    .values({
      id: importId,
      campaign_id: campaignId,
      kind: 'coupons',
      file_name: 'coupons.csv',
      file_digest: Buffer.alloc(32),
      row_count: 1,
      accepted_count: 1,
      rejected_count: 0,
      total_yen: 1_000n,
      actor: 'test',
      at: now,
    })
    .execute();
  await owner.db
    .insertInto('coupons')
    .values({
      id,
      campaign_id: campaignId,
      import_id: importId,
      inquiry_number: '437000000074',
      prefecture: '熊本県',
      issuer: 'ホテル火の国',
      face_yen: 1_000n,
      listed_yen: 1_000n,
      listed_at: now,
      valid_until: now,
      in_app: false,
    })
    .execute();
  return id;
}

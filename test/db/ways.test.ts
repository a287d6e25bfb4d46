import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendEntry } from '#db/ledger';
import type { JournalKind } from '#db/schema';
import type { Leg } from '~/domain/ledger';
import { issueCode } from '~/services/issue-code';
import { requestRedemption } from '~/services/request-redemption';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makeModelProvider } from '../support/model-provider';
import { makeTestPortal, type TestPortal, testKeys } from '../support/portal';
import { insertGrants, insertProgramme } from '../support/programme';

/** A running process that was taken over: what it may not do to the ledger although it may add to it. */
let database: TestDatabase;
let owner: TestPortal;
let web: TestPortal;
let worker: TestPortal;
let campaignId: string;
let grants: string[];
let redemptionId = '';
const keys = testKeys();

beforeAll(async () => {
  database = await createTestDatabase();
  owner = makeTestPortal(database.ownerUrl, { keys });
  const providers = [makeModelProvider({ now: () => owner.clock.now() })];
  web = makeTestPortal(database.webUrl, { keys, clock: owner.clock, providers });
  worker = makeTestPortal(database.workerUrl, { keys, clock: owner.clock, providers });
  campaignId = await insertProgramme(owner, [{ provider: 'model' }]);
  grants = await insertGrants(owner, campaignId, [500, 500]);
  const taken = await requestRedemption(web, {
    grantId: grants[0] ?? '',
    requestKey: web.crypto.newKey(),
    choices: [{ provider: 'model', yen: 400n }],
  });
  if (taken.kind !== 'accepted') throw new Error(taken.reason);
  redemptionId = taken.redemptionIds[0] ?? '';
  const code = await owner.db.selectFrom('codes').select('id').executeTakeFirstOrThrow();
  await issueCode(worker, { codeId: code.id }, { wait: async () => {} });
});
afterAll(async () => {
  for (const portal of [web, worker, owner]) await portal.close();
  await database.drop();
});

type Account = [Leg['account'], grant: 0 | 1, yen: number];

/** Tries to move yen as a role; the entry is about the first grant and its redemption. */
function move(portal: TestPortal, kind: JournalKind, accounts: readonly Account[]): Promise<void> {
  const legs = accounts.map(([account, grant, yen]) => ({
    account,
    grantId: grants[grant] ?? '',
    redemptionId: account === 'pending' || account === 'issued' ? redemptionId : null,
    provider: account === 'pending' || account === 'issued' ? 'model' : null,
    yen: BigInt(yen),
  }));
  const at = portal.clock.now();
  const entry = { id: portal.crypto.newId(at), campaignId, kind, grantId: grants[0], redemptionId, actor: 'thief', at };
  return portal.db.transaction().execute((trx) => appendEntry(trx, entry, legs));
}

describe('the database refuses', () => {
  it.each([
    [
      'web',
      'returned',
      [
        ['issued', 0, -400],
        ['grant', 0, 400],
      ],
    ],
    [
      'web',
      'corrected',
      [
        ['issued', 0, -400],
        ['grant', 0, 400],
      ],
    ],
    [
      'web',
      'returned',
      [
        ['grant', 1, -100],
        ['grant', 0, 100],
      ],
    ],
    [
      'web',
      'accepted',
      [
        ['grant', 1, -100],
        ['pending', 0, 100],
      ],
    ],
    [
      'web',
      'lapsed',
      [
        ['grant', 0, -100],
        ['lapsed', 0, 100],
      ],
    ],
    [
      'web',
      'issued',
      [
        ['pending', 0, -1],
        ['issued', 0, 1],
      ],
    ],
    [
      'worker',
      'returned',
      [
        ['issued', 0, -400],
        ['grant', 0, 400],
      ],
    ],
    [
      'worker',
      'voided',
      [
        ['issued', 0, -400],
        ['pending', 0, 400],
      ],
    ],
    [
      'worker',
      'lapsed',
      [
        ['grant', 1, -100],
        ['lapsed', 0, 100],
      ],
    ],
    [
      'worker',
      'issued',
      [
        ['grant', 0, -100],
        ['issued', 0, 100],
      ],
    ],
  ] as [role: 'web' | 'worker', JournalKind, Account[]][])('%s an entry "%s" %j', async (role, kind, accounts) => {
    await expect(move(role === 'web' ? web : worker, kind, accounts)).rejects.toMatchObject({
      code: expect.stringMatching(/^(42501|UK002|23503|23514)$/),
    });
  });

  it('legs added to an entry of the past', async () => {
    const entry = await owner.db.selectFrom('journal_entries').select('id').where('kind', '=', 'accepted').executeTakeFirstOrThrow();
    const leg = { entry_id: entry.id, campaign_id: campaignId, grant_id: grants[0] ?? '' };
    const more = web.db.insertInto('postings').values([
      { ...leg, position: 901, account: 'grant', yen: -50n },
      { ...leg, position: 902, account: 'pending', redemption_id: redemptionId, provider: 'model', yen: 50n },
    ]);
    await expect(more.execute()).rejects.toMatchObject({ code: '42501' });
  });

  it('an attempt for yen that were not set aside', async () => {
    const now = owner.clock.now();
    const id = web.crypto.newId(now);
    const codeId = web.crypto.newId(now);
    const common = { campaign_id: campaignId, provider: 'model', yen: 1_234n };
    await web.db
      .insertInto('redemptions')
      .values({
        ...common,
        id,
        grant_id: grants[1] ?? '',
        request_key: web.crypto.newKey(),
        position: 1,
        source: 'api',
        state: 'requested',
        state_at: now,
        accepted_at: now,
        created_at: now,
      })
      .execute();
    await web.db.insertInto('codes').values({ id: codeId, redemption_id: id, campaign_id: campaignId, position: 1, yen: 1_234n }).execute();
    await expect(issueCode(worker, { codeId }, { wait: async () => {} })).rejects.toMatchObject({ code: 'UK002' });
    expect(await owner.db.selectFrom('issuances').selectAll().where('code_id', '=', codeId).execute()).toEqual([]);
  });
});

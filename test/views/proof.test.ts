import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDb, makePool } from '#db/database';
import { issueCode } from '~/services/issue-code';
import { lapseGrants } from '~/services/lapse-grants';
import { requestRedemption } from '~/services/request-redemption';
import { getProof } from '~/views/proof';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { type Mishap, makeModelProvider } from '../support/model-provider';
import { makeTestPortal, type TestPortal } from '../support/portal';
import { DEADLINE, insertGrants, insertProgramme, insertStock } from '../support/programme';

let database: TestDatabase;
let portal: TestPortal;
let campaignId: string;
let other: string;
const mishaps: Mishap[] = [];

/** As the server's administrator with the triggers off: the only one who can make the books wrong. */
async function tamper(statement: string): Promise<void> {
  const client = new pg.Client(database.superuserUrl);
  await client.connect();
  await client.query(`set session_replication_role = replica; ${statement}`).finally(() => client.end());
}

async function redeem(yen: number, provider: string, mishap?: Mishap): Promise<void> {
  const [grantId = ''] = await insertGrants(portal, campaignId, [yen + 100]);
  const choices = [{ provider, yen: BigInt(yen) }];
  const answer = await requestRedemption(portal, { grantId, requestKey: portal.crypto.newKey(), choices });
  if (answer.kind !== 'accepted') throw new Error(answer.reason);
  const codes = await portal.db.selectFrom('codes').select('id').where('redemption_id', 'in', answer.redemptionIds).execute();
  for (const { id } of codes) {
    if (mishap) mishaps.push(mishap);
    await issueCode(portal, { codeId: id }, { wait: async () => {} });
  }
}

beforeAll(async () => {
  database = await createTestDatabase();
  const model = makeModelProvider({ id: 'model', now: () => portal.clock.now(), mishap: () => mishaps.shift() ?? null });
  portal = makeTestPortal(database.ownerUrl, { providers: [model] });
  const fixed = { kind: 'fixed' as const, faceValuesYen: [100, 500], maxCodes: 20 };
  campaignId = await insertProgramme(portal, [{ provider: 'model' }, { provider: 'shelf', source: 'stock', amount: fixed }]);
  other = await insertProgramme(portal, [{ provider: 'model' }], 'other-2023');
  await insertGrants(portal, other, [7]);
  await insertStock(portal, campaignId, 'shelf', [100, 500, 500, 100]);
  await redeem(1357, 'model');
  await redeem(600, 'shelf');
  await redeem(2500, 'model', 'timeout_after');
  await redeem(1800, 'model', 'rejected');
  portal.clock.set(DEADLINE);
  await lapseGrants(portal, { campaignId, actor: 'test' });
});

afterAll(async () => {
  await portal.close();
  await database.drop();
});

describe('the proof', () => {
  it('is exact after redeeming, stock, doubt, refusal and lapse, and adds up per provider', async () => {
    const proof = await getProof(portal.db, { campaignId: null });
    expect(proof.differences).toEqual([]);
    expect(proof.exact).toBe(true);
    expect(proof.campaigns).toEqual([
      expect.objectContaining({ campaignId: other, grants: 1, grantedYen: 7n, residualYen: 7n, unexplainedYen: 0n }),
      expect.objectContaining({
        campaignId,
        grants: 4,
        grantedYen: 6_657n,
        residualYen: 0n,
        pendingYen: 4_300n,
        issuedYen: 1_957n,
        lapsedYen: 400n,
        unexplainedYen: 0n,
        providers: [
          { provider: 'model', pendingYen: 4_300n, issuedYen: 1_357n },
          { provider: 'shelf', pendingYen: 0n, issuedYen: 600n },
        ],
      }),
    ]);
  });

  it('can be of one campaign', async () => {
    const proof = await getProof(portal.db, { campaignId: other });
    expect(proof.campaigns.map((campaign) => campaign.campaignId)).toEqual([other]);
  });

  it('holds while the books are written', async () => {
    const busy = makeDb(makePool(database.ownerUrl, { max: 2, name: 'busy' }));
    const proofs = await Promise.all([
      ...Array.from({ length: 3 }, () => getProof(busy, { campaignId: null })),
      insertGrants(
        portal,
        other,
        Array.from({ length: 1_500 }, () => 3),
      ),
    ]);
    for (const proof of proofs.slice(0, 3)) expect(proof).toMatchObject({ exact: true });
    await busy.destroy();
  });

  it.each([
    [
      'entry_balance',
      `update postings set yen = yen - 1 where account = 'lapsed' and yen = 100 and grant_id = (select grant_id from postings where account = 'lapsed' order by grant_id limit 1)`,
    ],
    ['grant_posted', `update grants set granted_yen = granted_yen + 1 where granted_yen = 1457`],
    ['redemption_pending', `update codes set returned_at = now() where yen = 1800`],
    ['redemption_state', `update redemptions set state = 'cancelled' where yen = 2500`],
    [
      'code_issued',
      `update issuances set state = 'voided', voided_by = id, void_reason = 'cancelled', voided_at = now() where state = 'issued' and yen = 1357`,
    ],
    ['redemption_issued', ''],
    ['redemption_provider', `update redemptions set provider = 'shelf' where yen = 2500`],
    ['redemption_provider', `update postings set provider = 'shelf' where account = 'issued' and yen = 1357`],
    ['redemption_provider', `update issuances set provider = 'other' where yen = 1800`],
    ['entry_kind', `update journal_entries set kind = 'corrected' where kind = 'lapsed'`],
    [
      'grant_listed',
      `insert into imports (id, campaign_id, kind, file_name, file_digest, row_count, accepted_count, rejected_count, total_yen, actor, at)
        values (gen_random_uuid(), 'other-2023', 'grants', 'list.csv', sha256('list'), 1, 1, 0, 8, 'test', now());
       update grants set import_id = (select id from imports where total_yen = 8) where granted_yen = 7`,
    ],
    ['stock_handed_out', `update stock_codes set issuance_id = gen_random_uuid() where issuance_id is not null and yen = 500`],
    ['negative_account', `update postings set yen = -yen where account = 'issued' and yen = 500`],
    ['campaign_sum', `update postings set yen = yen + 1 where account = 'fund' and campaign_id = 'other-2023' and yen = -7`],
  ])('finds %s', async (check, statement) => {
    const found = async () => (await getProof(portal.db, { campaignId: null })).differences.filter((each) => each.check === check).length;
    // What is wrong stays wrong for the next one: each adds its own. Some are found with the one before already.
    const before = statement ? await found() : 0;
    if (statement) await tamper(statement);
    expect(await found()).toBeGreaterThan(before);
    expect((await getProof(portal.db, { campaignId: null })).exact).toBe(false);
  });
});

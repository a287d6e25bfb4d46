import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { providers } from '#adapters/providers/registry';
import { type SeedPortal, type StagedRedemption, seedDemo, stageDemo } from '#db/seed';
import { REGISTER_MOMENTS, seedRegister } from '#db/seed/register';
import { standingClock } from '~/clock';
import { findGrantByToken } from '~/views/find-link';
import { getProof } from '~/views/proof';
import { type BulkTestPortal, makeBulkPortal } from '../support/bulk-portal';
import { expectedOfSamples } from '../support/coupons';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { stockReader } from '../support/stock-reader';

let database: TestDatabase;
let owner: BulkTestPortal;
let portal: SeedPortal;

beforeAll(async () => {
  database = await createTestDatabase();
  owner = makeBulkPortal(database.ownerUrl);
  portal = { ...owner, providers: new Map(providers.map((provider) => [provider.id, provider])), stockReader };
});
afterAll(async () => {
  await owner.close();
  await database.drop();
});

const counted = async () =>
  (
    await sql`select (select count(*) from grants) as grants, (select count(*) from stock_codes) as stock,
    (select count(*) from campaigns) as campaigns, (select count(*) from journal_entries) as entries,
    (select count(*) from audit_entries) as audits, (select sum(yen) from postings where account = 'grant') as yen`.execute(owner.db)
  ).rows[0];

describe("the demo's data", () => {
  it('is loaded through the services and changes nothing a second time', async () => {
    const links = await seedDemo(portal);
    expect(links.map((link) => [link.key, link.residualYen])).toEqual([
      ['odd', 1_357n],
      ['tiny', 7n],
      ['large', 12_000n],
      ['redeemed', 3_000n],
      ['in_doubt', 2_500n],
      ['failed', 1_800n],
      ['frozen', 4_200n],
      ['doubt_amazon', 5_000n],
      ['reported_used', 2_000n],
      ['closed', 2_400n],
    ]);
    const first = await counted();
    expect(first).toMatchObject({ campaigns: 2n, grants: 5_014n, stock: 2_400n });
    expect(await seedDemo(portal)).toEqual(links);
    expect(await counted()).toEqual(first);
    for (const link of links) expect((await findGrantByToken(owner, link.token))?.grantId).toBe(link.grantId);
    expect((await getProof(owner.db, { campaignId: null })).exact).toBe(true);
  });

  it('has a register of coupons, with its payments, extended and in part put back, once', async () => {
    const clock = standingClock(REGISTER_MOMENTS.imported);
    const seedOnce = () => seedRegister({ ...portal, clock }, (at) => clock.set(at));
    await seedOnce();
    const first = await counted();
    const { campaigns } = await getProof(owner.db, { campaignId: 'kumamoto-2023' });
    const [register] = campaigns.map(({ coupons }) => coupons);
    const expected = expectedOfSamples();
    expect(register?.faceYen).toBe(BigInt(expected.faceYen));
    expect(register?.putBackYen).toBeGreaterThan(0n);
    expect(register?.remainingYen).toBe(BigInt(expected.balanceYen) + (register?.putBackYen ?? 0n));
    await seedOnce();
    expect(await counted()).toEqual(first);
  });

  it('asks for the situations that only the services can bring about', async () => {
    const staged: StagedRedemption[] = [];
    await stageDemo(portal, async (each) => void staged.push(each));
    expect(staged.map(({ key, provider, yen }) => [key, provider, yen])).toEqual([
      ['redeemed', 'amazon', 3_000n],
      ['in_doubt', 'nanaco', 2_500n],
      ['failed', 'paypay', 1_800n],
      ['doubt_amazon', 'amazon', 5_000n],
      ['reported_used', 'paypay', 2_000n],
    ]);
  });
});

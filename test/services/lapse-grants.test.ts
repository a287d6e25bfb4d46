import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lapseGrants } from '~/services/lapse-grants';
import { requestRedemption } from '~/services/request-redemption';
import { findRecipientPage } from '~/views/recipient-page';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makeModelProvider } from '../support/model-provider';
import { MAY_20, makeTestPortal, type TestPortal, testKeys } from '../support/portal';
import { DEADLINE, insertGrants, insertProgramme } from '../support/programme';

let database: TestDatabase;
let owner: TestPortal;
let worker: TestPortal;
let web: TestPortal;
const keys = testKeys();

beforeAll(async () => {
  database = await createTestDatabase();
  owner = makeTestPortal(database.ownerUrl, { keys });
  const providers = [makeModelProvider({ now: () => owner.clock.now() })];
  worker = makeTestPortal(database.workerUrl, { keys, clock: owner.clock });
  web = makeTestPortal(database.webUrl, { keys, clock: owner.clock, providers });
});
beforeEach(() => owner.clock.set(MAY_20));
afterAll(async () => {
  for (const portal of [web, worker, owner]) await portal.close();
  await database.drop();
});

let serial = 0;
/** A campaign with grants of these amounts. */
async function programme(yen: number[]) {
  serial += 1;
  const campaignId = await insertProgramme(owner, [{ provider: 'model' }], `lapse-${serial}`);
  const grants = await insertGrants(owner, campaignId, yen);
  const sheet = async (i: number) => {
    const page = await findRecipientPage(owner.db, { grantId: grants[i] ?? '', now: owner.clock.now() });
    if (!page) throw new Error('no page');
    return page.grant;
  };
  return { campaignId, grants, sheet };
}

describe('at the deadline', () => {
  it('what is left lapses, what was accepted stays set aside', async () => {
    const { campaignId, grants, sheet } = await programme([100, 1357, 7]);
    await requestRedemption(web, {
      grantId: grants[1] ?? '',
      requestKey: web.crypto.newKey(),
      choices: [{ provider: 'model', yen: 1000n }],
    });
    owner.clock.set(new Date(DEADLINE.getTime() - 1));
    expect(await lapseGrants(worker, { campaignId })).toMatchObject({ grants: 0, yen: 0n, finished: true });
    owner.clock.set(DEADLINE);
    expect(await lapseGrants(worker, { campaignId })).toMatchObject({ grants: 3, yen: 464n, finished: true });
    expect(await sheet(1)).toMatchObject({ residualYen: 0n, pendingYen: 1000n, lapsedYen: 357n });
    expect(await lapseGrants(worker, { campaignId }), 'a second run finds nothing').toMatchObject({ grants: 0, yen: 0n });
  });

  it('a frozen grant waits for its release', async () => {
    const { campaignId, grants, sheet } = await programme([50]);
    await owner.db
      .updateTable('grants')
      .set({ frozen_at: MAY_20 })
      .where('id', '=', grants[0] ?? '')
      .execute();
    owner.clock.set(DEADLINE);
    expect(await lapseGrants(worker, { campaignId })).toMatchObject({ grants: 0, frozenSkipped: 1 });
    expect(await sheet(0)).toMatchObject({ residualYen: 50n });
  });

  it('a dry run counts and changes nothing', async () => {
    const { campaignId, sheet } = await programme([50, 60]);
    owner.clock.set(DEADLINE);
    expect(await lapseGrants(worker, { campaignId, dryRun: true })).toMatchObject({ grants: 2, yen: 110n });
    expect(await sheet(0)).toMatchObject({ residualYen: 50n });
  });

  it('stopped in the middle it goes on where it was, and two at once lapse each grant once', async () => {
    const { campaignId } = await programme(Array.from({ length: 25 }, () => 10));
    owner.clock.set(DEADLINE);
    const stop = new AbortController();
    const first = await lapseGrants(worker, { campaignId, batchSize: 10, signal: stop.signal, onProgress: () => stop.abort() });
    expect(first).toMatchObject({ grants: 10, finished: false });
    const rest = await Promise.all([lapseGrants(worker, { campaignId, batchSize: 4 }), lapseGrants(owner, { campaignId, batchSize: 4 })]);
    expect(rest.reduce((sum, run) => sum + run.grants, 0)).toBe(15);
    expect(rest.reduce((sum, run) => sum + run.yen, 0n)).toBe(150n);
  });
});

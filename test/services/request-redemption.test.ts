import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lockGrant } from '#db/grants';
import { requestRedemption } from '~/services/request-redemption';
import { findRecipientPage } from '~/views/recipient-page';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { type ModelProvider, makeModelProvider } from '../support/model-provider';
import { MAY_20, makeTestPortal, type TestPortal, testKeys } from '../support/portal';
import { DEADLINE, insertGrants, insertProgramme, insertStock } from '../support/programme';

let database: TestDatabase;
let owner: TestPortal;
let web: TestPortal;
let model: ModelProvider;
let campaignId: string;
const keys = testKeys();

beforeAll(async () => {
  database = await createTestDatabase();
  owner = makeTestPortal(database.ownerUrl, { keys });
  model = makeModelProvider({ now: () => web.clock.now() });
  web = makeTestPortal(database.webUrl, { keys, clock: owner.clock, providers: [model], connections: 20 });
  campaignId = await insertProgramme(owner, [
    { provider: 'model' },
    { provider: 'shelf', source: 'stock', amount: { kind: 'fixed', faceValuesYen: [100, 500, 1000], maxCodes: 20 } },
    { provider: 'closed' },
  ]);
  await owner.db.updateTable('offers').set({ paused_at: MAY_20 }).where('provider', '=', 'closed').execute();
  await insertStock(owner, campaignId, 'shelf', [1000, 500, 100, 100, 100]);
});
beforeEach(() => owner.clock.set(MAY_20));
afterAll(async () => {
  await web.close();
  await owner.close();
  await database.drop();
});

async function grantOf(yen: number): Promise<string> {
  const [id] = await insertGrants(owner, campaignId, [yen]);
  if (!id) throw new Error('no grant');
  return id;
}

const choose = (grantId: string, yen: bigint, provider = 'model', requestKey = web.crypto.newKey()) =>
  requestRedemption(web, { grantId, requestKey, choices: [{ provider, yen }] });

async function pageOf(grantId: string) {
  const page = await findRecipientPage(web.db, { grantId, now: web.clock.now() });
  if (!page) throw new Error('no page');
  return page;
}

describe('a confirmed choice', () => {
  it('sets the yen aside and queues one job for each code', async () => {
    const grantId = await grantOf(1357);
    expect(await choose(grantId, 1357n)).toMatchObject({ kind: 'accepted', replayed: false });
    const page = await pageOf(grantId);
    expect(page.grant).toMatchObject({ residualYen: 0n, pendingYen: 1357n });
    expect(page.redemptions).toMatchObject([{ provider: 'model', yen: 1357n, state: 'requested' }]);
  });

  it('may take a part, and the rest stays to be chosen', async () => {
    const grantId = await grantOf(1357);
    expect(await choose(grantId, 1300n, 'shelf')).toMatchObject({ kind: 'accepted' });
    const page = await pageOf(grantId);
    expect(page.grant.residualYen).toBe(57n);
    expect(page.redemptions[0]?.codes.map((code) => code.yen)).toEqual([1000n, 100n, 100n, 100n]);
  });

  it('repeated with the same key does nothing more and answers the same', async () => {
    const grantId = await grantOf(500);
    const key = web.crypto.newKey();
    const first = await choose(grantId, 500n, 'model', key);
    expect(await choose(grantId, 500n, 'model', key)).toEqual({ ...first, replayed: true });
    expect((await pageOf(grantId)).redemptions).toHaveLength(1);
  });

  it('repeated with the same key and another amount is refused', async () => {
    const grantId = await grantOf(500);
    const key = web.crypto.newKey();
    await choose(grantId, 200n, 'model', key);
    expect(await choose(grantId, 300n, 'model', key)).toMatchObject({ kind: 'refused', reason: 'request_key_reused' });
  });

  it('of two hundred at the same instant wins exactly once', async () => {
    const grantId = await grantOf(1000);
    const answers = await Promise.all(Array.from({ length: 200 }, () => choose(grantId, 1000n)));
    expect(answers.filter((answer) => answer.kind === 'accepted')).toHaveLength(1);
    expect(answers.filter((answer) => answer.kind === 'refused' && answer.reason === 'nothing_left')).toHaveLength(199);
    expect((await pageOf(grantId)).grant).toMatchObject({ residualYen: 0n, pendingYen: 1000n });
  });

  it('of two hundred parts at the same instant takes no more than there is', async () => {
    const grantId = await grantOf(1000);
    const answers = await Promise.all(Array.from({ length: 200 }, () => choose(grantId, 300n)));
    expect(answers.filter((answer) => answer.kind === 'accepted')).toHaveLength(3);
    expect((await pageOf(grantId)).grant).toMatchObject({ residualYen: 100n, pendingYen: 900n });
  });

  it('is taken until the last second and refused at the deadline', async () => {
    const [inTime, late] = [await grantOf(10), await grantOf(10)];
    owner.clock.set(new Date(DEADLINE.getTime() - 1));
    expect(await choose(inTime, 10n)).toMatchObject({ kind: 'accepted' });
    owner.clock.set(DEADLINE);
    expect(await choose(late, 10n)).toMatchObject({ kind: 'refused', reason: 'closed' });
    expect((await pageOf(late)).grant).toMatchObject({ open: false, residualYen: 10n });
  });

  it('that waited for the lock past the deadline is too late', async () => {
    const grantId = await grantOf(10);
    owner.clock.set(new Date(DEADLINE.getTime() - 1));
    let waiting: ReturnType<typeof choose> | undefined;
    await owner.db.transaction().execute(async (trx) => {
      await lockGrant(trx, grantId);
      waiting = choose(grantId, 10n);
      await untilSomeoneWaits();
      owner.clock.set(DEADLINE);
    });
    expect(await waiting).toMatchObject({ kind: 'refused', reason: 'closed' });
  });

  it('answered in time can still be repeated after the deadline', async () => {
    const grantId = await grantOf(10);
    const key = web.crypto.newKey();
    await choose(grantId, 10n, 'model', key);
    owner.clock.set(DEADLINE);
    expect(await choose(grantId, 10n, 'model', key)).toMatchObject({ kind: 'accepted', replayed: true });
  });
});

describe('a choice that cannot be taken', () => {
  it.each([
    ['nothing chosen', [], 'nothing_chosen'],
    ['an unknown provider', [{ provider: 'nobody', yen: 5n }], 'offer_unknown'],
    ['a paused provider', [{ provider: 'closed', yen: 5n }], 'offer_paused'],
    ['0 yen', [{ provider: 'model', yen: 0n }], 'amount_invalid'],
    ['negative yen', [{ provider: 'model', yen: -1n }], 'amount_invalid'],
    ['more than there is', [{ provider: 'model', yen: 11n }], 'amount_too_large'],
    [
      'parts that are more than there is',
      [
        { provider: 'model', yen: 6n },
        { provider: 'shelf', yen: 6n },
      ],
      'amount_not_possible',
    ],
    [
      'the same provider twice',
      [
        { provider: 'model', yen: 1n },
        { provider: 'model', yen: 1n },
      ],
      'too_many_choices',
    ],
  ])('%s is refused and changes nothing', async (_title, choices, reason) => {
    const grantId = await grantOf(10);
    expect(await requestRedemption(web, { grantId, requestKey: web.crypto.newKey(), choices })).toMatchObject({ kind: 'refused', reason });
    expect(await pageOf(grantId)).toMatchObject({ grant: { residualYen: 10n, pendingYen: 0n }, redemptions: [] });
  });

  it('on a frozen grant is refused until the freeze ends by itself', async () => {
    const grantId = await grantOf(10);
    const until = new Date(MAY_20.getTime() + 48 * 3_600_000);
    await owner.db.updateTable('grants').set({ frozen_at: MAY_20, frozen_until: until }).where('id', '=', grantId).execute();
    expect(await choose(grantId, 10n)).toMatchObject({ kind: 'refused', reason: 'frozen' });
    owner.clock.set(until);
    expect(await choose(grantId, 10n)).toMatchObject({ kind: 'accepted' });
  });

  it('with a malformed key, or for nobody, is refused', async () => {
    const grantId = await grantOf(10);
    expect(await choose(grantId, 10n, 'model', 'short')).toMatchObject({ kind: 'refused', reason: 'request_key_invalid' });
    expect(await choose(web.crypto.newId(MAY_20), 10n)).toMatchObject({ kind: 'refused', reason: 'not_found' });
  });
});

/** Resolves when a connection of this database waits for a lock: a state, not a time. */
async function untilSomeoneWaits(): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ waiting: number }>`select count(*)::int as waiting from pg_locks
      where not granted and pid in (select pid from pg_stat_activity where datname = current_database())`.execute(owner.db);
    if ((rows[0]?.waiting ?? 0) > 0) return;
  }
}

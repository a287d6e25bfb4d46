import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makePool } from '#db/database';
import { issueCode } from '~/services/issue-code';
import { openAttempt } from '~/services/parts/open-attempt';
import { settleAttempt } from '~/services/parts/settle-attempt';
import { replaceRedemption } from '~/services/replace-redemption';
import { requestRedemption } from '~/services/request-redemption';
import { revealCode } from '~/services/reveal-code';
import { sweepIssuing } from '~/services/sweep-issuing';
import { findRecipientPage } from '~/views/recipient-page';
import { Crash, type CrashPoint, makeCrashingDb } from '../support/crashing-db';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { type Mishap, type ModelProvider, makeModelProvider } from '../support/model-provider';
import { MAY_20, makeTestPortal, type TestPortal, testKeys } from '../support/portal';
import { DEADLINE, insertGrants, insertProgramme, insertStock } from '../support/programme';

let database: TestDatabase;
let owner: TestPortal;
let web: TestPortal;
let worker: TestPortal;
let campaignId: string;
let providers: Record<'lookup' | 'repeat' | 'neither', ModelProvider>;
const mishaps: Mishap[] = [];
const keys = testKeys();
const SECOND = 1_000;
const HOUR = 3_600_000;

beforeAll(async () => {
  database = await createTestDatabase();
  owner = makeTestPortal(database.ownerUrl, { keys });
  const now = () => owner.clock.now();
  const mishap = () => mishaps.shift() ?? null;
  providers = {
    lookup: makeModelProvider({ id: 'lookup', now, mishap }),
    repeat: makeModelProvider({
      id: 'repeat',
      now,
      mishap,
      capabilities: { codes: 'refetch', lookup: false, settlingDeclines: [], keyHorizonMs: 30 * 24 * HOUR },
    }),
    neither: makeModelProvider({ id: 'neither', now, mishap, capabilities: { lookup: false, repeatable: false, settlingDeclines: [] } }),
  };
  const shared = { keys, clock: owner.clock, providers: Object.values(providers) };
  web = makeTestPortal(database.webUrl, shared);
  worker = makeTestPortal(database.workerUrl, shared);
  campaignId = await insertProgramme(owner, [
    ...Object.keys(providers).map((provider) => ({ provider })),
    { provider: 'shelf', source: 'stock', amount: { kind: 'fixed', faceValuesYen: [100, 500], maxCodes: 20 } },
  ]);
});
beforeEach(async () => {
  owner.clock.set(MAY_20);
  mishaps.length = 0;
  await owner.db.deleteFrom('provider_states').execute();
});
afterAll(async () => {
  for (const portal of [web, worker, owner]) await portal.close();
  await database.drop();
});

/** A grant whose whole residual was chosen; returns what is needed to issue and look. */
async function chosen(provider: string, yen = 500) {
  const [grantId = ''] = await insertGrants(owner, campaignId, [yen]);
  const answer = await requestRedemption(web, { grantId, requestKey: web.crypto.newKey(), choices: [{ provider, yen: BigInt(yen) }] });
  if (answer.kind !== 'accepted') throw new Error(answer.reason);
  const read = async () => {
    const page = await findRecipientPage(web.db, { grantId, now: web.clock.now() });
    const redemption = page?.redemptions[0];
    if (!page || !redemption) throw new Error('no redemption');
    return { page, redemption, grant: page.grant };
  };
  const { redemption } = await read();
  return { grantId, redemptionId: redemption.id, codeId: redemption.codes[0]?.id ?? '', read };
}

const issue = (codeId: string, portal = worker) => issueCode(portal, { codeId }, { wait: async () => {} });
const attemptsOf = (codeId: string) =>
  owner.db.selectFrom('issuances').selectAll().where('code_id', '=', codeId).orderBy('created_at').orderBy('id').execute();

describe('a code', () => {
  it('is issued once and its yen leave pending', async () => {
    const { codeId, read } = await chosen('lookup');
    await issue(codeId);
    expect(await read()).toMatchObject({ redemption: { state: 'issued' }, grant: { residualYen: 0n, pendingYen: 0n, issuedYen: 500n } });
    expect(await issue(codeId)).toBe('nothing_to_do');
    expect(await attemptsOf(codeId)).toMatchObject([{ state: 'issued', calls: 1 }]);
  });

  it('asked for by ten workers at once is asked of the provider once', async () => {
    const { codeId, read } = await chosen('lookup');
    const before = providers.lookup.calls.length;
    await Promise.all(Array.from({ length: 10 }, () => issue(codeId)));
    expect(providers.lookup.calls.length - before).toBe(1);
    expect((await read()).redemption.state).toBe('issued');
  });

  it('accepted in time is still issued days after the deadline', async () => {
    const { codeId, read } = await chosen('lookup');
    owner.clock.set(new Date(DEADLINE.getTime() + 72 * HOUR));
    await issue(codeId);
    expect((await read()).redemption.state).toBe('issued');
  });
});

describe('an answer that stays away', () => {
  it.each(['timeout_after', 'error_after', 'torn'] as const)('(%s) is looked up with the same key and found', async (mishap) => {
    const { codeId, read } = await chosen('lookup');
    mishaps.push(mishap);
    await issue(codeId);
    expect((await read()).redemption.state).toBe('in_doubt');
    expect(await issue(codeId), 'not before the provider can be believed').toBe('later');
    owner.clock.advance(31 * SECOND);
    await issue(codeId);
    expect((await read()).redemption.state).toBe('issued');
    expect(await attemptsOf(codeId)).toMatchObject([{ state: 'issued', calls: 2 }]);
  });

  it('and was never seen gets a new attempt with a new key', async () => {
    const { codeId, read } = await chosen('lookup');
    mishaps.push('timeout_before');
    await issue(codeId);
    owner.clock.advance(31 * SECOND);
    await issue(codeId);
    await issue(codeId);
    expect((await read()).redemption.state).toBe('issued');
    const attempts = await attemptsOf(codeId);
    expect(attempts).toMatchObject([{ state: 'declined', reason: 'never_seen' }, { state: 'issued' }]);
    expect(new Set(attempts.map((attempt) => attempt.provider_key)).size).toBe(2);
  });

  it('is repeated with the same key where there is no look-up, and brings the first code', async () => {
    const { codeId, read } = await chosen('repeat');
    const before = providers.repeat.issues.size;
    mishaps.push('timeout_after', 'throttled', 'insufficient_funds');
    await issue(codeId);
    // A throttle or empty funds say nothing about the first call: no new key is made.
    for (let i = 0; i < 3; i += 1) {
      owner.clock.advance(10 * 60 * SECOND);
      await issue(codeId);
    }
    expect((await read()).redemption.state).toBe('issued');
    expect(await attemptsOf(codeId)).toMatchObject([{ state: 'issued', calls: 4 }]);
    expect(providers.repeat.issues.size - before).toBe(1);
  });

  it('waits for a person where the provider can do neither', async () => {
    const { codeId, read } = await chosen('neither');
    mishaps.push('timeout_before');
    await issue(codeId);
    owner.clock.advance(HOUR);
    expect(await issue(codeId)).toBe('nothing_to_do');
    expect((await read()).redemption.state).toBe('in_doubt');
    const [attempt] = await attemptsOf(codeId);
    expect(attempt?.handed_over_at).not.toBeNull();
    expect(await sweepIssuing(worker), 'the sweep leaves it alone').toBe(0);
  });

  it('past the key horizon is a person’s, not a new try', async () => {
    const { codeId } = await chosen('repeat');
    mishaps.push('timeout_before');
    await issue(codeId);
    owner.clock.advance(31 * 24 * HOUR);
    const before = providers.repeat.calls.length;
    await issue(codeId);
    expect(providers.repeat.calls.length).toBe(before);
    expect((await attemptsOf(codeId))[0]?.handed_over_at).not.toBeNull();
  });

  it('because nothing was ever sent changes nothing', async () => {
    const { codeId, read } = await chosen('neither');
    mishaps.push('never_sent');
    await issue(codeId);
    expect((await read()).redemption.state).toBe('issuing');
    await issue(codeId);
    expect(await attemptsOf(codeId)).toMatchObject([{ state: 'issued', calls: 2, unknown_since: null }]);
  });

  it.each(['wrong_amount', 'replays_cancelled'] as const)('(%s) never counts as issued', async (mishap) => {
    const { codeId, read } = await chosen('lookup');
    mishaps.push(mishap);
    await issue(codeId);
    owner.clock.advance(HOUR);
    await issue(codeId);
    expect(await read()).toMatchObject({ redemption: { state: 'in_doubt' }, grant: { pendingYen: 500n, issuedYen: 0n } });
  });

  it('with a code that someone else holds is refused by the database and waits for a person', async () => {
    const first = await chosen('lookup', 777);
    await issue(first.codeId);
    const second = await chosen('lookup', 777);
    mishaps.push('same_code');
    await issue(second.codeId);
    expect((await second.read()).redemption.state).toBe('in_doubt');
    expect(await attemptsOf(second.codeId)).toMatchObject([{ state: 'unknown', cause: 'duplicate_code' }]);
    expect(worker.logged.some((line) => line.level === 'error')).toBe(true);
  });
});

describe('a sure no', () => {
  it('of a passing kind is tried again with a new key, four times at most, then failed', async () => {
    const { codeId, read } = await chosen('lookup');
    mishaps.push('out_of_stock', 'throttled', 'insufficient_funds', 'out_of_stock');
    for (let i = 0; i < 6; i += 1) await issue(codeId);
    expect((await read()).redemption).toMatchObject({ state: 'failed', failedYen: 500n });
    const attempts = await attemptsOf(codeId);
    expect(attempts).toHaveLength(4);
    expect(new Set(attempts.map((attempt) => attempt.provider_key)).size).toBe(4);
  });

  it('of another kind fails at once, and the recipient chooses another provider', async () => {
    const { codeId, grantId, redemptionId, read } = await chosen('lookup');
    mishaps.push('rejected');
    await issue(codeId);
    expect((await read()).redemption.state).toBe('failed');
    const requestKey = web.crypto.newKey();
    const choices = [{ provider: 'neither', yen: 500n }];
    const again = await replaceRedemption(web, { grantId, redemptionId, requestKey, choices });
    expect(again).toMatchObject({ kind: 'accepted', replayed: false });
    expect(await replaceRedemption(web, { grantId, redemptionId, requestKey, choices })).toMatchObject({ replayed: true });
    const { grant, redemption } = await read();
    expect(grant).toMatchObject({ residualYen: 0n, pendingYen: 500n });
    expect(redemption).toMatchObject({ provider: 'neither', replacesId: redemptionId });
  });

  it('can be chosen anew after the deadline, whole, for it was accepted in time', async () => {
    const { codeId, grantId, redemptionId } = await chosen('lookup');
    mishaps.push('rejected');
    await issue(codeId);
    owner.clock.set(new Date(DEADLINE.getTime() + HOUR));
    const again = (yen: bigint) =>
      replaceRedemption(web, { grantId, redemptionId, requestKey: web.crypto.newKey(), choices: [{ provider: 'neither', yen }] });
    expect(await again(499n)).toMatchObject({ kind: 'refused', reason: 'rest_unredeemable' });
    expect(await again(500n)).toMatchObject({ kind: 'accepted' });
  });

  it('chosen anew by two hundred presses at once is taken once', async () => {
    const { codeId, grantId, redemptionId, read } = await chosen('lookup');
    mishaps.push('rejected');
    await issue(codeId);
    const answers = await Promise.all(
      Array.from({ length: 200 }, () =>
        replaceRedemption(web, { grantId, redemptionId, requestKey: web.crypto.newKey(), choices: [{ provider: 'neither', yen: 500n }] }),
      ),
    );
    expect(answers.filter((answer) => answer.kind === 'accepted')).toHaveLength(1);
    expect((await read()).grant).toMatchObject({ residualYen: 0n, pendingYen: 500n });
  });
});

describe('a worker that dies', () => {
  /** A worker that dies once, the n-th time it passes the point. */
  const dying = (point: CrashPoint, n: number) => {
    let passed = 0;
    const db = makeCrashingDb(makePool(database.workerUrl, { max: 2, name: 'dying' }), (at) => at === point && ++passed === n);
    return makeTestPortal('', { keys, clock: owner.clock, providers: Object.values(providers), db });
  };

  it.each([
    ['before the attempt is committed', 'before commit', 1, 0],
    ['between the two transactions', 'after commit', 1, 0],
    ['after the provider answered, before it is settled', 'before commit', 2, 1],
    ['after it was settled, before the job was done', 'after commit', 2, 1],
  ] as const)('%s leaves nothing lost and nothing doubled', async (_title, point, n, asked) => {
    const { codeId, read } = await chosen('lookup');
    const before = providers.lookup.issues.size;
    const victim = dying(point, n);
    await expect(issue(codeId, victim)).rejects.toThrow(Crash);
    await victim.close();
    expect(providers.lookup.issues.size - before).toBe(asked);
    for (let i = 0; i < 6; i += 1) {
      owner.clock.advance(60 * SECOND);
      await issue(codeId);
    }
    expect(await read()).toMatchObject({ redemption: { state: 'issued' }, grant: { pendingYen: 0n, issuedYen: 500n } });
    expect(providers.lookup.issues.size - before).toBe(1);
  });

  it('is followed by another only after its lease, and the sweep finds the code', async () => {
    const { codeId } = await chosen('lookup');
    await owner.db.deleteFrom('graphile_worker._private_jobs' as never).execute();
    const victim = dying('before commit', 2);
    await expect(issue(codeId, victim)).rejects.toThrow(Crash);
    await victim.close();
    expect(await issue(codeId)).toBe('later');
    await owner.db.deleteFrom('graphile_worker._private_jobs' as never).execute();
    expect(await sweepIssuing(worker)).toBe(0);
    owner.clock.advance(31 * SECOND);
    expect(await sweepIssuing(worker)).toBeGreaterThanOrEqual(1);
  });

  it('and wakes up late does not overwrite what the next one settled', async () => {
    const { codeId, read } = await chosen('repeat');
    const sleeper = await openAttempt(worker, { codeId, provider: providers.repeat });
    if (sleeper.kind !== 'ask') throw new Error('not opened');
    owner.clock.advance(10 * 60 * SECOND);
    await issue(codeId);
    expect((await read()).redemption.state).toBe('issued');
    await settleAttempt(worker, { opened: sleeper, answer: { kind: 'declined', reason: 'rejected' } });
    await settleAttempt(worker, { opened: sleeper, answer: { kind: 'unknown', cause: 'timeout' } });
    expect(await read()).toMatchObject({ redemption: { state: 'issued' }, grant: { issuedYen: 500n } });
  });

  it('and wakes up while the next one asks takes nothing from it', async () => {
    const { codeId } = await chosen('repeat');
    const sleeper = await openAttempt(worker, { codeId, provider: providers.repeat });
    owner.clock.advance(10 * 60 * SECOND);
    const next = await openAttempt(worker, { codeId, provider: providers.repeat });
    if (sleeper.kind !== 'ask' || next.kind !== 'ask') throw new Error('not opened');
    const [before] = await attemptsOf(codeId);
    await settleAttempt(worker, { opened: sleeper, answer: { kind: 'unknown', cause: 'timeout' } });
    await settleAttempt(worker, { opened: sleeper, answer: { kind: 'declined', reason: 'rejected' } });
    expect(await attemptsOf(codeId)).toEqual([before]);
  });
});

describe('a yes for another amount', () => {
  it('is no yes, whatever the adapter thought', async () => {
    const { codeId, read } = await chosen('lookup');
    const opened = await openAttempt(worker, { codeId, provider: providers.lookup });
    if (opened.kind !== 'ask') throw new Error('not opened');
    await settleAttempt(worker, { opened, answer: { kind: 'issued', yen: 499, issued: { code: 'TESTOTHER', reference: 'other-1' } } });
    expect(await read()).toMatchObject({ redemption: { state: 'in_doubt' }, grant: { pendingYen: 500n, issuedYen: 0n } });
  });
});

describe('a troubled provider', () => {
  it('is left alone after five unanswered calls, and asked again when the pause ends', async () => {
    const slots = [];
    for (let i = 0; i < 6; i += 1) slots.push(await chosen('neither', 10 + i));
    mishaps.push(...Array.from({ length: 5 }, () => 'never_sent' as const));
    for (const slot of slots.slice(0, 5)) await issue(slot.codeId);
    const calls = providers.neither.calls.length;
    expect(await issue(slots[5]?.codeId ?? '')).toBe('later');
    expect(providers.neither.calls.length).toBe(calls);
    expect((await slots[5]?.read())?.page.offers.find((offer) => offer.provider === 'neither')?.troubled).toBe(true);
    owner.clock.advance(16 * SECOND);
    expect(await issue(slots[5]?.codeId ?? '')).toBe('asked');
    expect((await slots[5]?.read())?.page.offers.find((offer) => offer.provider === 'neither')?.troubled).toBe(false);
  });
});

describe('a bought code', () => {
  it('is handed out to one only, the first to expire first, and an empty shelf is a sure no', async () => {
    await insertStock(owner, campaignId, 'shelf', [500, 100]);
    const taken = await chosen('shelf', 600);
    for (const code of (await taken.read()).redemption.codes) await issue(code.id);
    expect(await taken.read()).toMatchObject({ redemption: { state: 'issued' }, grant: { issuedYen: 600n } });
    const shown = await revealCode(web, { grantId: taken.grantId, codeId: taken.codeId });
    expect(shown).toMatchObject({ kind: 'shown', yen: 500n, managementNo: '123' });
    const left = await owner.db.selectFrom('stock_codes').selectAll().where('provider', '=', 'shelf').execute();
    expect(left.every((row) => row.issuance_id !== null && row.code_sealed === null)).toBe(true);
  });

  it('of the last one, twenty workers hand out one', async () => {
    await insertStock(
      owner,
      campaignId,
      'shelf',
      Array.from({ length: 20 }, () => 100),
    );
    const slots = [];
    for (let i = 0; i < 20; i += 1) slots.push(await chosen('shelf', 100));
    await owner.db.deleteFrom('stock_codes').where('issuance_id', 'is', null).execute();
    await insertStock(owner, campaignId, 'shelf', [100]);
    await Promise.all(slots.map((slot) => issue(slot.codeId)));
    const states = await Promise.all(slots.map(async (slot) => (await slot.read()).redemption.state));
    expect(states.filter((state) => state === 'issued')).toHaveLength(1);
    expect(states.filter((state) => state === 'issuing')).toHaveLength(19);
  });
});

describe('showing a code', () => {
  it('opens a kept code, writes the reveal, and gives it to nobody else', async () => {
    const { codeId, grantId } = await chosen('lookup');
    expect(await revealCode(web, { grantId, codeId })).toMatchObject({ kind: 'refused', reason: 'not_found' });
    await issue(codeId);
    const shown = await revealCode(web, { grantId, codeId });
    expect(shown).toMatchObject({ kind: 'shown', code: expect.stringMatching(/^TEST/) });
    const [other = ''] = await insertGrants(owner, campaignId, [5]);
    expect(await revealCode(web, { grantId: other, codeId })).toMatchObject({ kind: 'refused', reason: 'not_found' });
    expect(await owner.db.selectFrom('reveals').selectAll().where('grant_id', '=', grantId).execute()).toHaveLength(1);
  });

  it('asks again for a code that may not be kept, and keeps nothing of it', async () => {
    const { codeId, grantId } = await chosen('repeat');
    await issue(codeId);
    expect(await attemptsOf(codeId)).toMatchObject([{ code_sealed: null, last4: null }]);
    owner.clock.set(new Date(DEADLINE.getTime() + HOUR));
    const first = await revealCode(web, { grantId, codeId, wait: async () => {} });
    expect(first).toMatchObject({ kind: 'shown' });
    expect(await revealCode(web, { grantId, codeId, wait: async () => {} })).toEqual(first);
  });

  it.each(['code', 'reference'] as const)('does not show a code when the provider answers the same key with another %s', async (field) => {
    const { codeId, grantId } = await chosen('repeat');
    await issue(codeId);
    const [attempt] = await attemptsOf(codeId);
    Object.assign(providers.repeat.issues.get(attempt?.provider_key ?? '') ?? {}, { [field]: 'TEST-ANOTHER' });
    expect(await revealCode(web, { grantId, codeId, wait: async () => {} })).toMatchObject({ kind: 'unavailable' });
    expect(web.logged.at(-1)).toMatchObject({ level: 'error' });
  });

  it('does not ask again for a code whose key the provider may have forgotten', async () => {
    const { codeId, grantId } = await chosen('repeat');
    await issue(codeId);
    owner.clock.advance(providers.repeat.capabilities.keyHorizonMs);
    const before = providers.repeat.calls.length;
    expect(await revealCode(web, { grantId, codeId, wait: async () => {} })).toMatchObject({ kind: 'unavailable' });
    expect(providers.repeat.calls.length).toBe(before);
  });

  it('does not show a code that was cancelled at the provider meanwhile', async () => {
    const { codeId, grantId } = await chosen('repeat');
    await issue(codeId);
    const [attempt] = await attemptsOf(codeId);
    providers.repeat.cancelBehindOurBack(attempt?.provider_key ?? '');
    expect(await revealCode(web, { grantId, codeId, wait: async () => {} })).toMatchObject({ kind: 'unavailable' });
  });
});

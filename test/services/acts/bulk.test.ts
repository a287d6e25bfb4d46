import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decideApproval } from '~/services/decide-approval';
import { pauseBulk } from '~/services/pause-bulk';
import { proposeAct } from '~/services/propose-act';
import { type BulkAct, proposeBulk } from '~/services/propose-bulk';
import { runBulk } from '~/services/run-bulk';
import { stopBulk } from '~/services/stop-bulk';
import { withdrawProposal } from '~/services/withdraw-proposal';
import { type ActingPlace, type Redeemed, startActingPlace } from '../../support/acting';
import { MAY_20 } from '../../support/portal';
import { queuedJobs } from '../../support/queued-jobs';

let place: ActingPlace;
beforeAll(async () => {
  place = await startActingPlace();
});
beforeEach(() => {
  place.owner.clock.set(MAY_20);
  place.mishaps.length = 0;
});
afterAll(() => place.stop());

const approve = (approvalId: string) => decideApproval(place.console, { staff: place.approver, approvalId, decision: 'approve', note: '' });

/** One act on these, proposed. */
async function proposed(all: readonly Redeemed[], act: BulkAct = 'reissue'): Promise<string> {
  const answer = await proposeBulk(place.console, {
    staff: place.operator,
    act,
    campaignId: place.campaignId,
    provider: 'model',
    declined: null,
    redemptionIds: all.map(({ redemptionId }) => redemptionId),
    reason: act === 'reissue' ? 'not_issued' : 'provider_down',
    note: '',
  });
  if (answer.kind !== 'proposed') throw new Error(JSON.stringify(answer));
  return answer.approvalId;
}

/** The same, and a second person has approved it. */
async function approved(all: readonly Redeemed[], act: BulkAct = 'reissue'): Promise<string> {
  const id = await proposed(all, act);
  expect(await approve(id)).toEqual({ kind: 'running' });
  return id;
}

/** Somebody looks into one of them alone, meanwhile: it is let go on. */
async function letGoOn(one: Redeemed): Promise<void> {
  const answer = await proposeAct(place.console, {
    staff: place.operator,
    act: 'reissue',
    grantId: one.grantId,
    fields: { redemption: one.redemptionId },
    reason: 'not_issued',
    note: '',
  });
  if (answer.kind !== 'proposed') throw new Error(JSON.stringify(answer));
  expect(await approve(answer.approvalId)).toEqual({ kind: 'done' });
}

const itemsOf = (approvalId: string) =>
  place.owner.db
    .selectFrom('approval_items')
    .select(['redemption_id', 'state', 'outcome'])
    .where('approval_id', '=', approvalId)
    .orderBy('position')
    .execute();
const itemOf = async (approvalId: string, one: Redeemed) =>
  (await itemsOf(approvalId)).find(({ redemption_id }) => redemption_id === one.redemptionId);
const endOf = (approvalId: string) =>
  place.owner.db.selectFrom('approvals').select(['state', 'outcome']).where('id', '=', approvalId).executeTakeFirst();

describe('an act on many, when one of them changed meanwhile', () => {
  it('skips what was issued meanwhile: its code lives on, and no provider is asked to cancel it', async () => {
    const one = await place.redeemed({ fails: true });
    const other = await place.redeemed({ fails: true });
    const id = await approved([one, other]);
    await letGoOn(one);
    await place.issue(one.codeId);
    expect((await one.attempts()).at(-1)?.state).toBe('issued');
    expect(await runBulk(place.console, { approvalId: id })).toBe('done');
    expect(await itemOf(id, one)).toMatchObject({ state: 'skipped', outcome: 'changed_meanwhile' });
    expect(await itemOf(id, other)).toMatchObject({ state: 'done' });
    expect((await one.attempts()).at(-1)?.state).toBe('issued');
    expect(await queuedJobs(place.owner, 'void-code')).not.toContainEqual({ approvalId: id });
    expect(place.callsOf('model').filter(({ kind }) => kind === 'cancel')).toEqual([]);
    expect(await place.differences()).toEqual([]);
  });

  it.each(['reissue', 'give_back'] as const)('skips what failed for another amount by now (%s)', async (act) => {
    const one = await place.redeemed({ fails: true });
    const id = await proposed([one], act);
    // As if one of its codes had come meanwhile: what both people saw was more than what is failed now.
    const more = await place.redeemed({ fails: true, yen: 2000 });
    const [row] = await place.owner.db.selectFrom('approval_items').selectAll().where('approval_id', '=', id).execute();
    if (!row) throw new Error('no item');
    await place.owner.db
      .insertInto('approval_items')
      .values({ ...row, position: 2, grant_id: more.grantId, redemption_id: more.redemptionId, yen: 3000n })
      .execute();
    expect(await approve(id)).toEqual({ kind: 'running' });
    expect(await runBulk(place.console, { approvalId: id })).toBe('done');
    expect(await itemOf(id, one)).toMatchObject({ state: 'done' });
    expect(await itemOf(id, more)).toEqual({ redemption_id: more.redemptionId, state: 'skipped', outcome: 'changed_meanwhile' });
    expect((await more.page()).redemptions[0]?.state).toBe('failed');
    expect(await place.differences()).toEqual([]);
  });
});

describe('an act on many that is stopped for good', () => {
  it.each([false, true])('skips the rest and ends, on record; what was done stays done (paused before: %s)', async (paused) => {
    const all = [await place.redeemed({ fails: true }), await place.redeemed({ fails: true }), await place.redeemed({ fails: true })];
    const id = await approved(all, 'give_back');
    // The process is told to stop after the first.
    const stop = new AbortController();
    const now = () => {
      stop.abort();
      return place.owner.clock.now();
    };
    const once = { ...place.console, clock: { ...place.console.clock, now } };
    expect(await runBulk(once, { approvalId: id }, { signal: stop.signal })).toBe('stopped');
    if (paused) await pauseBulk(place.console, { staff: place.operator, approvalId: id, pause: true });
    expect(await stopBulk(place.console, { staff: place.operator, approvalId: id })).toEqual({ kind: 'stopped' });
    expect((await itemsOf(id)).map(({ state, outcome }) => [state, outcome])).toEqual([
      ['done', null],
      ['skipped', 'stopped'],
      ['skipped', 'stopped'],
    ]);
    expect(await endOf(id)).toEqual({ state: 'done', outcome: 'stopped' });
    expect(await runBulk(place.console, { approvalId: id })).toBe('nothing_to_do');
    expect(await stopBulk(place.console, { staff: place.operator, approvalId: id })).toEqual({ kind: 'refused', reason: 'ended' });
    const states = (await itemsOf(id)).map((item) => [item.redemption_id, item.state]);
    const rest = all.filter((one) => states.some(([itsId, state]) => itsId === one.redemptionId && state === 'skipped'));
    expect(rest).toHaveLength(2);
    for (const one of rest) expect((await one.page()).redemptions[0]?.state).toBe('failed');
    const entries = await place.owner.db
      .selectFrom('audit_entries')
      .select(['actor', 'detail'])
      .where('act', '=', 'bulk_give_back.stopped')
      .execute();
    const entry = entries.find(({ detail }) => JSON.stringify(detail).includes(id));
    expect(entry).toMatchObject({ actor: `staff:${place.operator.id}`, detail: { approval: id, done: 1, skipped: 2, stopped: 2 } });
    // What was skipped can be proposed again.
    expect(await runBulk(place.console, { approvalId: await approved(rest, 'give_back') })).toBe('done');
    for (const one of rest) expect((await one.page()).redemptions).toEqual([]);
    expect(await place.differences()).toEqual([]);
  });

  it('is none of those that wait for a decision, of other campaigns, or for one person', async () => {
    const one = await place.redeemed({ fails: true });
    const id = await proposed([one]);
    expect(await stopBulk(place.console, { staff: place.operator, approvalId: id })).toEqual({ kind: 'refused', reason: 'ended' });
    const outside = { ...place.operator, scope: [] };
    expect(await stopBulk(place.console, { staff: outside, approvalId: id })).toEqual({ kind: 'refused', reason: 'not_found' });
    expect(await endOf(id)).toEqual({ state: 'proposed', outcome: null });
    expect(await withdrawProposal(place.console, { staffId: place.operator.id, approvalId: id })).toEqual({ kind: 'withdrawn' });
  });

  it('does nothing twice when a worker does the last one at the same moment', async () => {
    const one = await place.redeemed({ fails: true });
    const id = await approved([one], 'give_back');
    const [ran, stopped] = await Promise.all([
      runBulk(place.console, { approvalId: id }),
      stopBulk(place.console, { staff: place.operator, approvalId: id }),
    ]);
    const [item] = await itemsOf(id);
    const done = item?.state === 'done';
    expect(['done', 'nothing_to_do']).toContain(ran);
    expect(stopped.kind === 'stopped' || done).toBe(true);
    expect((await one.page()).redemptions[0]?.state ?? 'cancelled').toBe(done ? 'cancelled' : 'failed');
    expect(await place.differences()).toEqual([]);
  });
});

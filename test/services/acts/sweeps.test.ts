import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decideApproval } from '~/services/decide-approval';
import { pauseBulk } from '~/services/pause-bulk';
import { proposeAct } from '~/services/propose-act';
import { proposeBulk } from '~/services/propose-bulk';
import { runBulk } from '~/services/run-bulk';
import { sweepApprovals } from '~/services/sweep-approvals';
import { tellReissued } from '~/services/tell-reissued';
import { voidCode } from '~/services/void-code';
import { type ActingPlace, type Redeemed, startActingPlace } from '../../support/acting';
import { giveContact } from '../../support/contacts';
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

async function approved(one: Redeemed, fields: Record<string, string> = {}): Promise<string> {
  const answer = await proposeAct(place.console, {
    staff: place.operator,
    act: 'reissue',
    grantId: one.grantId,
    fields: { redemption: one.redemptionId, ...fields },
    reason: 'not_issued',
    note: '',
  });
  if (answer.kind !== 'proposed') throw new Error(JSON.stringify(answer));
  await approve(answer.approvalId);
  return answer.approvalId;
}

const approve = (approvalId: string) => decideApproval(place.console, { staff: place.approver, approvalId, decision: 'approve', note: '' });

async function approvedBulk(all: readonly Redeemed[]): Promise<string> {
  const answer = await proposeBulk(place.console, {
    staff: place.operator,
    act: 'reissue',
    campaignId: place.campaignId,
    provider: 'model',
    declined: null,
    redemptionIds: all.map(({ redemptionId }) => redemptionId),
    reason: 'not_issued',
    note: '',
  });
  if (answer.kind !== 'proposed') throw new Error(JSON.stringify(answer));
  expect(await approve(answer.approvalId)).toEqual({ kind: 'running' });
  return answer.approvalId;
}

const cancel = (approvalId: string) => voidCode(place.console, { approvalId }, { wait: async () => {} });
const later = () => place.owner.clock.advance(60_000);
const waits = async (task: string, approvalId: string) =>
  (await queuedJobs(place.owner, task)).filter((payload) => payload.approvalId === approvalId).length;
const loseJob = (approvalId: string) =>
  sql`delete from graphile_worker._private_jobs where key like ${`%${approvalId}`}`.execute(place.owner.db);
const giveUpJob = (approvalId: string) =>
  sql`update graphile_worker._private_jobs set attempts = max_attempts where key like ${`%${approvalId}`}`.execute(place.owner.db);
const attemptsOfJob = async (approvalId: string) => {
  const { rows } = await sql<{ attempts: number }>`
    select attempts from graphile_worker._private_jobs where key like ${`%${approvalId}`}`.execute(place.owner.db);
  return rows[0]?.attempts;
};

describe('an approved act that nobody goes on with', () => {
  it('is found when its job was lost, and goes on', async () => {
    const one = await place.redeemed();
    const id = await approved(one, { code: one.codeId });
    await loseJob(id);
    expect(await sweepApprovals(place.console)).toBe(0);
    later();
    expect(await sweepApprovals(place.console)).toBe(1);
    expect(await waits('void-code', id)).toBe(1);
    expect(await sweepApprovals(place.console)).toBe(0);
    expect(await cancel(id)).toBe('voided');
    await loseJob(id);
    later();
    expect(await sweepApprovals(place.console)).toBe(0);
  });

  it('is found when its job was given up after all its tries', async () => {
    const one = await place.redeemed();
    const id = await approved(one, { code: one.codeId });
    later();
    expect(await sweepApprovals(place.console)).toBe(0);
    await giveUpJob(id);
    expect(await sweepApprovals(place.console)).toBe(1);
    expect(await attemptsOfJob(id)).toBe(0);
    expect(await cancel(id)).toBe('voided');
  });

  it('is left alone while its job runs, and while somebody has paused it', async () => {
    const one = await place.redeemed({ fails: true });
    const id = await approvedBulk([one]);
    later();
    await sql`update graphile_worker._private_jobs set locked_at = now(), locked_by = 'test', attempts = max_attempts
      where key like ${`%${id}`}`.execute(place.owner.db);
    expect(await sweepApprovals(place.console)).toBe(0);
    // A worker that was killed leaves its job locked.
    await sql`update graphile_worker._private_jobs set locked_at = now() - interval '31 minutes' where key like ${`%${id}`}`.execute(
      place.owner.db,
    );
    expect(await sweepApprovals(place.console)).toBe(1);
    await loseJob(id);
    await pauseBulk(place.console, { staff: place.operator, approvalId: id, pause: true });
    expect(await sweepApprovals(place.console)).toBe(0);
    await pauseBulk(place.console, { staff: place.operator, approvalId: id, pause: false });
    await loseJob(id);
    expect(await sweepApprovals(place.console)).toBe(1);
    // The one of the worker that was killed is there still.
    expect(await waits('run-bulk', id)).toBe(2);
    expect(await runBulk(place.console, { approvalId: id })).toBe('done');
  });
});

describe('a recipient whose code was issued anew', () => {
  const messagesOf = (grantId: string) =>
    place.owner.db.selectFrom('messages').select(['purpose', 'yen', 'actor']).where('grant_id', '=', grantId).execute();

  it('is told once, when the new code is there and not before', async () => {
    const one = await place.redeemed();
    await giveContact(place.owner, one.grantId, { mail: 'a@example.jp' });
    const id = await approved(one, { code: one.codeId });
    expect(await tellReissued(place.console)).toBe(0);
    await cancel(id);
    expect(await tellReissued(place.console)).toBe(0);
    await place.issue(one.codeId);
    const told = await Promise.all([tellReissued(place.console), tellReissued(place.console)]);
    expect(told.sort()).toEqual([0, 1]);
    expect(await tellReissued(place.console)).toBe(0);
    expect(await messagesOf(one.grantId)).toEqual([{ purpose: 'reissued', yen: 1357n, actor: `staff:${place.operator.id}` }]);
  });

  it('and never had one before is told that it is ready, also at another provider and as one of many', async () => {
    const [same, elsewhere, many] = [
      await place.redeemed({ fails: true }),
      await place.redeemed({ fails: true }),
      await place.redeemed({ fails: true, yen: 700 }),
    ];
    for (const { grantId } of [same, elsewhere, many]) await giveContact(place.owner, grantId, { phone: '+819000000012' });
    await approved(same);
    await approved(elsewhere, { provider: 'spare', consent: '本人より電話で承諾' });
    await runBulk(place.console, { approvalId: await approvedBulk([many]) });
    expect(await tellReissued(place.console)).toBe(0);
    for (const { grantId } of [same, elsewhere, many]) {
      const codes = await place.owner.db
        .selectFrom('codes as c')
        .innerJoin('redemptions as r', 'r.id', 'c.redemption_id')
        .where('r.grant_id', '=', grantId)
        .where('r.state', '<>', 'cancelled')
        .select('c.id')
        .execute();
      for (const { id } of codes) await place.issue(id);
    }
    expect(await tellReissued(place.console)).toBe(3);
    expect(await tellReissued(place.console)).toBe(0);
    for (const { grantId } of [same, elsewhere]) expect(await messagesOf(grantId)).toMatchObject([{ purpose: 'code_ready', yen: 1357n }]);
    expect(await messagesOf(many.grantId)).toMatchObject([{ purpose: 'code_ready', yen: 700n }]);
  });

  it('and has no address is noted and not looked at again', async () => {
    const one = await place.redeemed({ fails: true });
    const id = await approved(one);
    await place.issue(one.codeId);
    expect(await tellReissued(place.console)).toBe(0);
    await giveContact(place.owner, one.grantId, { mail: 'late@example.jp' });
    expect(await tellReissued(place.console)).toBe(0);
    const notices = await place.owner.db.selectFrom('reissue_notices').selectAll().where('approval_id', '=', id).execute();
    expect(notices).toMatchObject([{ grant_id: one.grantId, message_id: null }]);
  });
});

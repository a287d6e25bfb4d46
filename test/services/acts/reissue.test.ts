import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decideApproval } from '~/services/decide-approval';
import { type ActRequest, proposeAct } from '~/services/propose-act';
import { replaceRedemption } from '~/services/replace-redemption';
import { voidCode } from '~/services/void-code';
import { type ActingPlace, type Redeemed, startActingPlace } from '../../support/acting';
import { MAY_20 } from '../../support/portal';
import { DEADLINE } from '../../support/programme';
import { insertStaff } from '../../support/staff';

let place: ActingPlace;
beforeAll(async () => {
  place = await startActingPlace();
});
beforeEach(() => {
  place.owner.clock.set(MAY_20);
  place.mishaps.length = 0;
});
afterAll(() => place.stop());

const propose = (one: Redeemed, fields: Record<string, string> = {}, more: Partial<ActRequest> = {}) =>
  proposeAct(place.console, {
    staff: place.operator,
    act: 'reissue',
    grantId: one.grantId,
    fields: { redemption: one.redemptionId, ...fields },
    reason: 'not_issued',
    note: '電話で確認',
    ...more,
  });

async function proposed(one: Redeemed, fields: Record<string, string> = {}): Promise<string> {
  const answer = await propose(one, fields);
  if (answer.kind !== 'proposed') throw new Error(JSON.stringify(answer));
  return answer.approvalId;
}

const approve = (approvalId: string, staff = place.approver) =>
  decideApproval(place.console, { staff, approvalId, decision: 'approve', note: '' });
const cancel = (approvalId: string) => voidCode(place.console, { approvalId }, { wait: async () => {} });

describe('a failed redemption', () => {
  it('is issued anew after a second person approved: a new attempt with a new key, and the recipient has a code', async () => {
    const one = await place.redeemed({ fails: true });
    const approvalId = await proposed(one);
    expect((await one.page()).redemptions[0]?.state).toBe('failed');
    expect(await approve(approvalId)).toEqual({ kind: 'done' });
    expect((await one.page()).redemptions[0]?.state).toBe('issuing');
    await place.issue(one.codeId);
    const [first, second] = await one.attempts();
    expect([first?.state, second?.state]).toEqual(['declined', 'issued']);
    expect(second?.provider_key).not.toBe(first?.provider_key);
    expect((await one.page()).redemptions[0]).toMatchObject({ state: 'issued' });
    expect(await place.differences()).toEqual([]);
  });

  it('is also issued anew after the deadline, for it was accepted in time', async () => {
    const one = await place.redeemed({ fails: true });
    place.owner.clock.set(new Date(DEADLINE.getTime() + 3_600_000));
    expect(await approve(await proposed(one))).toEqual({ kind: 'done' });
    await place.issue(one.codeId);
    expect((await one.page()).grant.issuedYen).toBe(1357n);
  });

  it('goes to another provider with the consent that was recorded, whole and with its first acceptance', async () => {
    const one = await place.redeemed({ fails: true });
    expect(await propose(one, { provider: 'spare' })).toEqual({ kind: 'refused', reason: 'consent_missing', field: 'consent' });
    const approvalId = await proposed(one, { provider: 'spare', consent: '本人より電話で承諾' });
    expect(await approve(approvalId)).toEqual({ kind: 'done' });
    const page = await one.page();
    expect(page.redemptions).toMatchObject([{ provider: 'spare', yen: 1357n, replacesId: one.redemptionId, acceptedAt: MAY_20 }]);
    expect(await place.differences()).toEqual([]);
  });

  it('is proposed once at a time', async () => {
    const one = await place.redeemed({ fails: true });
    const answers = await Promise.all([propose(one), propose(one), propose(one)]);
    expect(answers.map((answer) => (answer.kind === 'refused' ? answer.reason : answer.kind)).sort()).toEqual([
      'already_proposed',
      'already_proposed',
      'proposed',
    ]);
  });

  it('is approved once when two approvers press at once', async () => {
    const one = await place.redeemed({ fails: true });
    const approvalId = await proposed(one);
    const answers = await Promise.all([approve(approvalId), approve(approvalId)]);
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['already', 'done']);
    await place.issue(one.codeId);
    expect((await one.attempts()).filter(({ state }) => state === 'issued')).toHaveLength(1);
  });

  it('is not approved by whoever proposed it, by nobody without the role, and not after a day', async () => {
    const one = await place.redeemed({ fails: true });
    const approvalId = await proposed(one);
    expect(await approve(approvalId, place.operator)).toEqual({ kind: 'refused', reason: 'own_proposal' });
    const other = await insertStaff(place.owner, 'operator');
    await expect(approve(approvalId, { ...other, scope: 'all' })).rejects.toMatchObject({ code: 'UK008' });
    place.owner.clock.advance(24 * 3_600_000);
    expect(await approve(approvalId)).toEqual({ kind: 'expired' });
    expect((await one.page()).redemptions[0]?.state).toBe('failed');
  });

  it('that the recipient chose anew meanwhile makes the proposal void, and nothing is done', async () => {
    const one = await place.redeemed({ fails: true });
    const approvalId = await proposed(one);
    const again = await replaceRedemption(place.web, {
      grantId: one.grantId,
      redemptionId: one.redemptionId,
      requestKey: place.web.crypto.newKey(),
      choices: [{ provider: 'spare', yen: 1357n }],
    });
    expect(again.kind).toBe('accepted');
    expect(await approve(approvalId)).toEqual({ kind: 'void' });
    expect((await one.page()).redemptions).toHaveLength(1);
    expect(await place.differences()).toEqual([]);
  });

  it('tries four times anew by itself after it was let go on, and then stays failed', async () => {
    const one = await place.redeemed({ fails: true });
    await approve(await proposed(one));
    place.mishaps.push('out_of_stock', 'out_of_stock', 'out_of_stock', 'out_of_stock');
    for (let i = 0; i < 6; i += 1) {
      await place.issue(one.codeId);
      place.owner.clock.advance(600_000);
    }
    expect((await one.attempts()).map(({ state }) => state)).toEqual(['declined', 'declined', 'declined', 'declined', 'declined']);
    expect((await one.page()).redemptions[0]?.state).toBe('failed');
  });
});

describe('an issued code', () => {
  it('is cancelled at its provider first, then issued anew: one live code, the old one worthless', async () => {
    const one = await place.redeemed();
    const approvalId = await proposed(one, { code: one.codeId });
    expect(await approve(approvalId)).toEqual({ kind: 'running' });
    expect((await one.attempts()).map(({ state }) => state)).toEqual(['issued']);
    expect(await cancel(approvalId)).toBe('voided');
    expect((await one.attempts()).map(({ state }) => state)).toEqual(['voided']);
    expect(await place.differences()).toEqual([]);
    await place.issue(one.codeId);
    const attempts = await one.attempts();
    expect(attempts.map(({ state }) => state)).toEqual(['voided', 'issued']);
    expect(attempts[0]?.provider_key).not.toBe(attempts[1]?.provider_key);
    const live = [...place.model.issues.values()].filter(
      ({ key, cancelled }) => attempts.some((own) => own.provider_key === key) && !cancelled,
    );
    expect(live).toHaveLength(1);
    expect(await cancel(approvalId)).toBe('nothing_to_do');
    expect(await place.differences()).toEqual([]);
  });

  it('stays when the provider says that it is too late, and the approval says why', async () => {
    const one = await place.redeemed();
    const approvalId = await proposed(one, { code: one.codeId });
    await approve(approvalId);
    place.mishaps.push('cancel_too_late');
    expect(await cancel(approvalId)).toBe('refused');
    expect((await one.attempts()).map(({ state }) => state)).toEqual(['issued']);
    const row = await place.owner.db.selectFrom('approvals').select(['state', 'outcome']).where('id', '=', approvalId).executeTakeFirst();
    expect(row).toEqual({ state: 'failed', outcome: 'too_late' });
  });

  it('gets no second one while it is not known whether it was cancelled, and a late no is looked into', async () => {
    const one = await place.redeemed();
    const approvalId = await proposed(one, { code: one.codeId });
    await approve(approvalId);
    place.mishaps.push('cancel_lost');
    expect(await cancel(approvalId)).toBe('later');
    await place.issue(one.codeId);
    expect((await one.attempts()).map(({ state }) => state)).toEqual(['issued']);
    // The repeat comes after the time limit: its no says nothing about the first call.
    place.mishaps.push('cancel_too_late');
    expect(await cancel(approvalId)).toBe('voided');
    await place.issue(one.codeId);
    expect((await one.attempts()).map(({ state }) => state)).toEqual(['voided', 'issued']);
  });

  it('is seen alive when a cancel never arrived, and stays', async () => {
    const one = await place.redeemed();
    const approvalId = await proposed(one, { code: one.codeId });
    await approve(approvalId);
    place.mishaps.push('timeout_before');
    expect(await cancel(approvalId)).toBe('later');
    place.mishaps.push('cancel_too_late');
    expect(await cancel(approvalId)).toBe('refused');
    expect((await one.attempts()).map(({ state }) => state)).toEqual(['issued']);
  });

  it('of which nobody can say whether it was cancelled gets no second one: after a day a person finds out', async () => {
    const one = await place.redeemed({ provider: 'blind' });
    const approvalId = await proposed(one, { code: one.codeId });
    await approve(approvalId);
    place.mishaps.push('cancel_lost');
    expect(await cancel(approvalId)).toBe('later');
    place.mishaps.push('cancel_too_late');
    expect(await cancel(approvalId)).toBe('later');
    place.owner.clock.advance(25 * 3_600_000);
    place.mishaps.push('cancel_too_late');
    expect(await cancel(approvalId)).toBe('refused');
    const row = await place.owner.db.selectFrom('approvals').select(['state', 'outcome']).where('id', '=', approvalId).executeTakeFirst();
    expect(row).toEqual({ state: 'failed', outcome: 'cancel_unknown' });
    expect((await one.attempts()).map(({ state }) => state)).toEqual(['issued']);
    // With evidence it goes on.
    const again = await proposed(one, { code: one.codeId, void: 'proven_bad', evidence: '交換先が取消済みと回答' });
    expect(await approve(again)).toEqual({ kind: 'done' });
    await place.issue(one.codeId);
    expect((await one.attempts()).map(({ state }) => state)).toEqual(['voided', 'issued']);
  });

  it('is not asked for by a key that the provider may have forgotten', async () => {
    const one = await place.redeemed({ provider: 'spare' });
    const issues = () => place.callsOf('spare').filter(({ kind }) => kind === 'issue').length;
    place.owner.clock.advance(8 * 86_400_000);
    const approvalId = await proposed(one, { code: one.codeId });
    await approve(approvalId);
    place.mishaps.push('cancel_lost');
    expect(await cancel(approvalId)).toBe('later');
    const before = issues();
    place.mishaps.push('cancel_too_late');
    expect(await cancel(approvalId)).toBe('later');
    expect(issues()).toBe(before);
  });

  it('that cannot be cancelled is replaced only on evidence', async () => {
    const one = await place.redeemed({ provider: 'fixed' });
    expect(await propose(one, { code: one.codeId })).toEqual({ kind: 'refused', reason: 'cannot_cancel', field: 'void' });
    expect(await propose(one, { code: one.codeId, void: 'proven_bad' })).toEqual({
      kind: 'refused',
      reason: 'evidence_missing',
      field: 'evidence',
    });
    const approvalId = await proposed(one, { code: one.codeId, void: 'proven_bad', evidence: '交換先が文書で無効と回答' });
    expect(await approve(approvalId)).toEqual({ kind: 'done' });
    await place.issue(one.codeId);
    expect((await one.attempts()).map(({ state }) => state)).toEqual(['voided', 'issued']);
    expect(await place.differences()).toEqual([]);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { askAgain } from '~/services/ask-again';
import { decideApproval } from '~/services/decide-approval';
import { expireProposals } from '~/services/expire-proposals';
import { freezeGrant } from '~/services/freeze-grant';
import { lapseGrants } from '~/services/lapse-grants';
import type { ActName } from '~/services/parts/acts/engine';
import { sealContact } from '~/services/parts/sealed-contact';
import { type ActRequest, proposeAct } from '~/services/propose-act';
import { releaseGrant } from '~/services/release-grant';
import { requestRedemption } from '~/services/request-redemption';
import { resendLink } from '~/services/resend-link';
import { withdrawProposal } from '~/services/withdraw-proposal';
import { findGrantByToken } from '~/views/find-link';
import { type ActingPlace, startActingPlace } from '../../support/acting';
import { MAY_20 } from '../../support/portal';
import { DEADLINE, insertGrants } from '../../support/programme';
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

const REASONS: Readonly<Record<ActName, string>> = {
  reissue: 'not_issued',
  give_back: 'recipient_asked',
  settle_doubt: 'provider_never_issued',
  extend: 'our_fault',
  change_address: 'number_changed',
};

const propose = (act: ActName, grantId: string, fields: Record<string, string>, more: Partial<ActRequest> = {}) =>
  proposeAct(place.console, { staff: place.operator, act, grantId, fields, reason: REASONS[act], note: '', ...more });

async function carried(act: ActName, grantId: string, fields: Record<string, string>, more: Partial<ActRequest> = {}) {
  const answer = await propose(act, grantId, fields, more);
  if (answer.kind !== 'proposed') throw new Error(JSON.stringify(answer));
  return decideApproval(place.console, { staff: place.approver, approvalId: answer.approvalId, decision: 'approve', note: '' });
}

const by = () => ({ staff: place.operator, reason: 'other', note: '' });

describe('giving back', () => {
  it('returns the failed yen to the grant, and the recipient can choose again', async () => {
    const one = await place.redeemed({ fails: true });
    expect(await carried('give_back', one.grantId, { redemption: one.redemptionId })).toEqual({ kind: 'done' });
    expect(await one.page()).toMatchObject({ grant: { residualYen: 1357n, pendingYen: 0n }, redemptions: [] });
    const choices = [{ provider: 'spare', yen: 1357n }];
    const again = await requestRedemption(place.web, { grantId: one.grantId, requestKey: place.web.crypto.newKey(), choices });
    expect(again.kind).toBe('accepted');
    expect(await place.differences()).toEqual([]);
  });

  it('is refused after the deadline, when the yen could not be chosen any more, and for what did not fail', async () => {
    const [failed, issued] = [await place.redeemed({ fails: true }), await place.redeemed()];
    expect(await propose('give_back', issued.grantId, { redemption: issued.redemptionId })).toMatchObject({ reason: 'not_failed' });
    expect(await propose('give_back', failed.grantId, { redemption: issued.redemptionId })).toMatchObject({ reason: 'not_found' });
    place.owner.clock.set(DEADLINE);
    expect(await propose('give_back', failed.grantId, { redemption: failed.redemptionId })).toMatchObject({ reason: 'closed_returns' });
  });
});

describe('a doubt', () => {
  it('is asked about again by key and settles as what it was', async () => {
    const one = await place.redeemed({ doubt: true });
    await place.owner.db.updateTable('issuances').set({ handed_over_at: MAY_20 }).where('state', '=', 'unknown').execute();
    place.owner.clock.advance(60_000);
    expect(await askAgain(place.console, { ...by(), grantId: one.grantId, redemptionId: one.redemptionId })).toEqual({
      kind: 'asked',
      codes: 1,
    });
    await place.issue(one.codeId);
    expect((await one.page()).redemptions[0]?.state).toBe('issued');
  });

  it('that asking cannot settle is a person’s', async () => {
    const one = await place.redeemed({ doubt: true });
    await place.owner.db.updateTable('issuances').set({ cause: 'voided' }).where('state', '=', 'unknown').execute();
    expect(await askAgain(place.console, { ...by(), grantId: one.grantId, redemptionId: one.redemptionId })).toMatchObject({
      reason: 'a_person_only',
    });
  });

  it('is settled by evidence as failed; a worker that settles it first makes the proposal void', async () => {
    const [one, two] = [await place.redeemed({ doubt: true }), await place.redeemed({ doubt: true })];
    expect(await propose('settle_doubt', one.grantId, { redemption: one.redemptionId })).toMatchObject({ reason: 'evidence_missing' });
    const evidence = '交換先が未発行と回答（5/20 電話）';
    expect(await carried('settle_doubt', one.grantId, { redemption: one.redemptionId, evidence })).toEqual({ kind: 'done' });
    expect((await one.page()).redemptions[0]?.state).toBe('failed');

    const answer = await propose('settle_doubt', two.grantId, { redemption: two.redemptionId, evidence });
    if (answer.kind !== 'proposed') throw new Error(JSON.stringify(answer));
    place.owner.clock.advance(60_000);
    await place.issue(two.codeId);
    const decided = await decideApproval(place.console, {
      staff: place.approver,
      approvalId: answer.approvalId,
      decision: 'approve',
      note: '',
    });
    expect(decided).toEqual({ kind: 'void' });
    expect((await two.page()).redemptions[0]?.state).toBe('issued');
    expect(await place.differences()).toEqual([]);
  });
});

describe('more time for one person', () => {
  const until = (day: string) => ({ until: day });

  it('is given before the deadline, and stands in the journal', async () => {
    const [grantId = ''] = await insertGrants(place.owner, place.campaignId, [700]);
    expect(await carried('extend', grantId, until('2023-06-30'), { staff: place.operator })).toEqual({ kind: 'done' });
    const grant = await place.owner.db.selectFrom('grants').select('deadline_at').where('id', '=', grantId).executeTakeFirstOrThrow();
    expect(grant.deadline_at).toEqual(new Date('2023-07-01T00:00:00+09:00'));
    const kinds = await place.owner.db.selectFrom('journal_entries').select('kind').where('grant_id', '=', grantId).execute();
    expect(kinds.map(({ kind }) => kind)).toContain('extended');
    place.owner.clock.set(new Date(DEADLINE.getTime() + 1_000));
    const choices = [{ provider: 'model', yen: 700n }];
    const late = await requestRedemption(place.web, { grantId, requestKey: place.web.crypto.newKey(), choices });
    expect(late.kind).toBe('accepted');
    expect(await place.differences()).toEqual([]);
  });

  it('brings back what had lapsed', async () => {
    const [grantId = ''] = await insertGrants(place.owner, place.campaignId, [800]);
    place.owner.clock.set(new Date(DEADLINE.getTime() + 3_600_000));
    await lapseGrants(place.worker, { campaignId: place.campaignId });
    expect(await carried('extend', grantId, until('2023-06-30'))).toEqual({ kind: 'done' });
    const sum = await place.owner.db.selectFrom('postings').select(['account', 'yen']).where('grant_id', '=', grantId).execute();
    expect(sum.filter(({ account }) => account === 'grant').reduce((yen, row) => yen + row.yen, 0n)).toBe(800n);
    expect(await place.differences()).toEqual([]);
  });

  it.each([
    ['', 'until_invalid'],
    ['2023-02-31x', 'until_invalid'],
    ['2023-05-31', 'deadline_not_later'],
    ['2023-05-01', 'deadline_not_later'],
    ['2023-08-29', null],
    ['2023-08-30', 'deadline_too_late'],
  ])('to %j: %s', async (day, reason) => {
    const [grantId = ''] = await insertGrants(place.owner, place.campaignId, [100]);
    const answer = await propose('extend', grantId, until(day));
    expect(answer.kind === 'refused' ? answer.reason : null).toBe(reason);
  });
});

describe('a new address', () => {
  async function person() {
    const [grantId = ''] = await insertGrants(place.owner, place.campaignId, [5000]);
    const { recipient_id } = await place.owner.db
      .selectFrom('grants')
      .select('recipient_id')
      .where('id', '=', grantId)
      .executeTakeFirstOrThrow();
    const contact = { name: '髙橋 さくら', kana: 'タカハシ サクラ', phone: '+819000000012', mail: null };
    await place.owner.db
      .updateTable('recipients')
      .set(sealContact(place.owner.crypto, recipient_id, contact))
      .where('id', '=', recipient_id)
      .execute();
    return grantId;
  }
  const right = { fact1: 'kana', said1: 'ﾀｶﾊｼ ｻｸﾗ', fact2: 'phone', said2: '＋81 90 0000 0012' };

  it('kills the old link, makes a new one, and tells both addresses', async () => {
    const grantId = await person();
    const old = place.web.crypto.linkToken(grantId, 1);
    expect(await carried('change_address', grantId, right, { secret: '080-1111-2222' })).toEqual({ kind: 'done' });
    expect(await findGrantByToken(place.web, old)).toBeNull();
    expect((await findGrantByToken(place.web, place.web.crypto.linkToken(grantId, 2)))?.grantId).toBe(grantId);
    const told = await place.owner.db
      .selectFrom('messages')
      .select(['purpose', 'address_mask'])
      .where('grant_id', '=', grantId)
      .orderBy('purpose')
      .execute();
    expect(told).toEqual([
      { purpose: 'address_changed_new', address_mask: '080-****-2222' },
      { purpose: 'address_changed_old', address_mask: '090-****-0012' },
    ]);
    const approvals = await place.owner.db.selectFrom('approvals').selectAll().where('grant_id', '=', grantId).execute();
    expect(JSON.stringify(approvals, (_key, value) => (typeof value === 'bigint' ? Number(value) : value))).not.toMatch(
      /80-?1111|8011112222/,
    );
    expect(approvals[0]?.secret_sealed).toBeNull();
  });

  it.each([
    [{ ...right, said2: '090-0000-0013' }, '080-1111-2222', 'identity_wrong'],
    [{ ...right, fact2: 'kana', said2: 'タカハシサクラ' }, '080-1111-2222', 'identity_wrong'],
    [{ ...right, fact2: 'password', said2: 'x' }, '080-1111-2222', 'identity_wrong'],
    [{ ...right, said1: '', said2: '' }, '080-1111-2222', 'identity_wrong'],
    [right, '03-1234-5678', 'address_invalid'],
    [right, 'nobody', 'address_invalid'],
    [right, '090 0000 0012', 'address_same'],
  ])('%j to %s: %s', async (fields, secret, reason) => {
    expect(await propose('change_address', await person(), fields, { secret })).toMatchObject({ kind: 'refused', reason });
  });
});

describe('a freeze', () => {
  it('keeps everything from being chosen and ends by itself, or when it is released', async () => {
    const [grantId = ''] = await insertGrants(place.owner, place.campaignId, [300]);
    const frozen = await freezeGrant(place.console, { ...by(), grantId, hours: '' });
    expect(frozen).toEqual({ kind: 'frozen', until: new Date(MAY_20.getTime() + 48 * 3_600_000) });
    const choose = () =>
      requestRedemption(place.web, { grantId, requestKey: place.web.crypto.newKey(), choices: [{ provider: 'model', yen: 100n }] });
    expect(await choose()).toMatchObject({ reason: 'frozen' });
    expect(await freezeGrant(place.console, { ...by(), grantId, hours: '' })).toMatchObject({ reason: 'frozen' });
    expect(await releaseGrant(place.console, { ...by(), grantId })).toEqual({ kind: 'released' });
    expect((await choose()).kind).toBe('accepted');
    await freezeGrant(place.console, { ...by(), grantId, hours: '1' });
    place.owner.clock.advance(3_600_000);
    expect((await choose()).kind).toBe('accepted');
  });

  it.each(['0', '721', '1.5', 'x'])('is not made for %s hours', async (hours) => {
    const [grantId = ''] = await insertGrants(place.owner, place.campaignId, [300]);
    expect(await freezeGrant(place.console, { ...by(), grantId, hours })).toMatchObject({ reason: 'until_invalid' });
  });
});

describe('a link', () => {
  it('is sent again three times a day and no more', async () => {
    const [grantId = ''] = await insertGrants(place.owner, place.campaignId, [300]);
    const { recipient_id } = await place.owner.db
      .selectFrom('grants')
      .select('recipient_id')
      .where('id', '=', grantId)
      .executeTakeFirstOrThrow();
    const contact = { name: null, kana: null, phone: null, mail: 'a@example.jp' };
    await place.owner.db
      .updateTable('recipients')
      .set(sealContact(place.owner.crypto, recipient_id, contact))
      .where('id', '=', recipient_id)
      .execute();
    const resend = () => resendLink(place.console, { ...by(), grantId });
    for (let i = 0; i < 3; i += 1) {
      expect(await resend()).toEqual({ kind: 'resent', channel: 'mail', mask: 'a***@example.jp' });
      place.owner.clock.advance(60_000);
    }
    expect(await resend()).toMatchObject({ reason: 'too_many_today' });
    place.owner.clock.advance(24 * 3_600_000);
    expect((await resend()).kind).toBe('resent');
  });
});

describe('a proposal', () => {
  it('is withdrawn by whoever made it, ends after a day, and is not seen from another campaign', async () => {
    const [one, two] = [await place.redeemed({ fails: true }), await place.redeemed({ fails: true })];
    const first = await propose('reissue', one.grantId, { redemption: one.redemptionId });
    const second = await propose('reissue', two.grantId, { redemption: two.redemptionId });
    if (first.kind !== 'proposed' || second.kind !== 'proposed') throw new Error('not proposed');
    const elsewhere = { ...(await insertStaff(place.owner, 'approver')), scope: ['other'] };
    const decide = (approvalId: string, staff: { id: string; scope: 'all' | string[] }) =>
      decideApproval(place.console, { staff, approvalId, decision: 'approve', note: '' });
    expect(await decide(first.approvalId, elsewhere)).toMatchObject({ reason: 'not_found' });
    expect(
      await propose('reissue', one.grantId, { redemption: one.redemptionId }, { staff: { id: place.operator.id, scope: [] } }),
    ).toMatchObject({
      reason: 'not_found',
    });
    expect(await withdrawProposal(place.console, { staffId: place.approver.id, approvalId: first.approvalId })).toMatchObject({
      reason: 'not_yours',
    });
    expect(await withdrawProposal(place.console, { staffId: place.operator.id, approvalId: first.approvalId })).toEqual({
      kind: 'withdrawn',
    });
    expect(await decide(first.approvalId, place.approver)).toEqual({ kind: 'already', state: 'withdrawn' });
    place.owner.clock.advance(24 * 3_600_000);
    expect(await expireProposals(place.console)).toBeGreaterThan(0);
    expect(await decide(second.approvalId, place.approver)).toEqual({ kind: 'already', state: 'expired' });
  });

  it('is void when what it is about has changed, although it would still be possible', async () => {
    const [grantId = ''] = await insertGrants(place.owner, place.campaignId, [5000]);
    const answer = await propose('extend', grantId, { until: '2023-06-30' });
    if (answer.kind !== 'proposed') throw new Error(JSON.stringify(answer));
    const taken = await requestRedemption(place.web, {
      grantId,
      requestKey: place.web.crypto.newKey(),
      choices: [{ provider: 'model', yen: 1000n }],
    });
    expect(taken.kind).toBe('accepted');
    const { approvalId } = answer;
    const decide = () => decideApproval(place.console, { staff: place.approver, approvalId, decision: 'approve', note: '' });
    expect(await decide()).toEqual({ kind: 'void' });
    expect(await decide()).toEqual({ kind: 'already', state: 'void' });
    const row = await place.owner.db.selectFrom('approvals').select(['state', 'outcome']).where('id', '=', approvalId).executeTakeFirst();
    expect(row).toEqual({ state: 'void', outcome: 'changed_meanwhile' });
    const grant = await place.owner.db.selectFrom('grants').select('deadline_by').where('id', '=', grantId).executeTakeFirst();
    expect(grant?.deadline_by).toBeNull();
  });

  it('needs no second person within the campaign’s policy, and the database holds the limit', async () => {
    const settings = await place.owner.db
      .selectFrom('campaigns')
      .select('settings')
      .where('id', '=', place.campaignId)
      .executeTakeFirstOrThrow();
    const policy = { freeUpToYen: { reissue: 1_000 } };
    await place.owner.db
      .updateTable('campaigns')
      .set({ settings: JSON.stringify({ ...(settings.settings as object), policy }) })
      .execute();
    const [small, large] = [await place.redeemed({ yen: 1_000, fails: true }), await place.redeemed({ yen: 1_001, fails: true })];
    expect((await propose('reissue', small.grantId, { redemption: small.redemptionId })).kind).toBe('done');
    expect((await propose('reissue', large.grantId, { redemption: large.redemptionId })).kind).toBe('proposed');
    const alone = place.console.db
      .insertInto('approvals')
      .values({
        id: place.console.crypto.newId(MAY_20),
        campaign_id: place.campaignId,
        act: 'reissue',
        subject_kind: 'redemption',
        subject_id: 'x',
        grant_id: large.grantId,
        yen: 1_001n,
        plan: '{}',
        reason: 'other',
        note: '',
        state: 'approved',
        free_rule: 'within_policy',
        proposed_by: place.operator.id,
        proposed_at: MAY_20,
        expires_at: DEADLINE,
      })
      .execute();
    await expect(alone).rejects.toMatchObject({ code: 'UK008' });
  });
});

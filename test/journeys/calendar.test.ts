import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TypedClaim } from '~/domain/claim-form';
import type { Choice } from '~/domain/offer';
import { decideApproval } from '~/services/decide-approval';
import { extendCoupons } from '~/services/extend-coupons';
import { feedWaves } from '~/services/feed-waves';
import { followClaims } from '~/services/follow-claims';
import { grantClaims } from '~/services/grant-claims';
import { issueCode } from '~/services/issue-code';
import { lapseGrants } from '~/services/lapse-grants';
import { moveCase } from '~/services/move-case';
import { openCase } from '~/services/open-case';
import { ownCase } from '~/services/own-case';
import { weighClaims } from '~/services/parts/weigh-claims';
import { planWave } from '~/services/plan-wave';
import { proposeClaims } from '~/services/propose-claims';
import { proposeOfficeAct } from '~/services/propose-office-act';
import { putBack } from '~/services/put-back';
import { recordShopAnswer } from '~/services/record-shop-answer';
import { requestRedemption } from '~/services/request-redemption';
import { runCutoff } from '~/services/run-cutoff';
import { saveClaimDraft } from '~/services/save-claim-draft';
import { sendMessage } from '~/services/send-message';
import { startWave } from '~/services/start-wave';
import { submitClaim } from '~/services/submit-claim';
import { findClosingReport } from '~/views/closing-report';
import { type CouponCandidate, listCandidates } from '~/views/coupon-candidates';
import { getProof } from '~/views/proof';
import { type BulkTestPortal, makeBulkPortal } from '../support/bulk-portal';
import { callAbout, storyOf } from '../support/cases';
import { claimFor } from '../support/claims';
import { expectedOfSamples, KUMAMOTO, loadSamples, readSample, type SampleCoupon, type SamplePayment } from '../support/coupons';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makeModelProvider } from '../support/model-provider';
import { insertStaff } from '../support/staff';
import { modelSending, PLAN } from '../support/waves';

/**
 * The calendar of 2023 with the sample files: every yen of 6,000 coupons at each step. What must come out is counted
 * from the files by the test alone; the clock is moved by hand, to the second around each date.
 */

const expected = expectedOfSamples();
const { took, sending } = modelSending(({ id }) => ({ kind: 'accepted', reference: id }));
const campaign = { campaignId: KUMAMOTO };
const actor = 'test';

let database: TestDatabase;
let portal: BulkTestPortal;
beforeAll(async () => {
  database = await createTestDatabase();
  const providers = ['amazon', 'ponta', 'paypay', 'edy', 'nanaco'].map((id) => makeModelProvider({ id, now: () => portal.clock.now() }));
  portal = makeBulkPortal(database.ownerUrl, { providers });
});
afterAll(async () => {
  await portal.close();
  await database.drop();
});

/** Moves the clock to a moment as the office announces it, in Japan. */
const at = (moment: string) => portal.clock.set(new Date(`${moment.replace(' ', 'T')}+09:00`));

/** The books at this moment: they must agree to the yen. */
async function books() {
  const proof = await getProof(portal.db, campaign);
  expect(proof.differences).toEqual([]);
  const [own] = proof.campaigns;
  if (!own?.coupons) throw new Error('there is no register');
  const { coupons } = own;
  expect(coupons.faceYen).toBe(BigInt(expected.faceYen));
  expect(coupons.spentYen + coupons.remainingYen + coupons.takenYen).toBe(coupons.faceYen);
  expect(own.grantedYen).toBe(own.residualYen + own.pendingYen + own.issuedYen + own.lapsedYen);
  return { ...own, coupons };
}

/** Queues whatever may be sent now, and sends it. */
async function sendWhatIsDue(): Promise<void> {
  while ((await feedWaves(portal, { backlogMost: 100_000 })) > 0);
  const queued = await portal.db.selectFrom('messages').select('id').where('state', '=', 'queued').execute();
  for (const { id } of queued) await sendMessage(portal, { messageId: id }, { sending });
}

async function redeem(grantId: string, provider: string, yen: bigint) {
  const choices: Choice[] = [{ provider, yen }];
  const result = await requestRedemption(portal, { grantId, requestKey: portal.crypto.newKey(), choices });
  if (result.kind !== 'accepted') return result.reason;
  const codes = await portal.db.selectFrom('codes').select('id').where('redemption_id', 'in', result.redemptionIds).execute();
  for (const { id } of codes) await issueCode(portal, { codeId: id }, { wait: async () => {} });
  return 'accepted';
}

const TYPED: TypedClaim = {
  name: '熊本 花子',
  kana: 'クマモト ハナコ',
  postal: '860-0001',
  address: '熊本県熊本市中央区1-2-3',
  phone: '090-0000-1234',
  mail: 'hanako@example.jp',
  numbers: ['437000000074'],
};

async function claim(secret: string) {
  await saveClaimDraft(portal, { ...campaign, secret, typed: TYPED });
  const result = await submitClaim(portal, { ...campaign, secret, typed: TYPED, language: 'ja', clientIp: '192.0.2.1', device: 'test' });
  return result.kind === 'outside' ? result.window : result.kind;
}

/** A call about a candidate, taken down, and confirmed by the shop. */
async function confirmedCase(candidate: CouponCandidate | undefined): Promise<string> {
  if (!candidate) throw new Error('there are too few candidates');
  const coupon = readSample<SampleCoupon>('coupons.csv').find((row) => row.お問合せ番号 === candidate.inquiryNumber);
  const agent = await insertStaff(portal, 'call_centre');
  const staff = { id: agent.id, scope: 'all' as const };
  const opened = await openCase(portal, {
    staff,
    ...campaign,
    typed: callAbout(candidate.inquiryNumber, {
      valid: coupon?.有効期限.slice(0, 10),
      prefecture: coupon?.都道府県,
      shop: candidate.evidence[0]?.shop,
    }),
    told: storyOf(
      candidate.excess.map(({ number }) => number),
      { said1: coupon?.発行施設, said2: coupon?.額面, kind: candidate.kind },
    ),
    requestKey: portal.crypto.newKey(),
  });
  if (opened.kind !== 'opened') throw new Error(JSON.stringify(opened));
  const work = { caseId: opened.caseId, staff };
  await ownCase(portal, work);
  await moveCase(portal, { ...work, to: 'asking_shop', reason: '', body: '' });
  await recordShopAnswer(portal, { ...work, answer: 'agrees', body: '伝票を確認' });
  return opened.caseId;
}

/** Approves a case by two people. */
async function approveCase(caseId: string) {
  const [operator, approver] = [await insertStaff(portal, 'operator'), await insertStaff(portal, 'approver')];
  const proposed = await proposeOfficeAct(portal, {
    staff: { id: operator.id, scope: 'all' },
    act: 'decide_case',
    ...campaign,
    fields: { case: caseId, evidence: '店舗の伝票' },
    reason: 'shop_confirmed',
    note: '',
  });
  if (proposed.kind !== 'proposed') throw new Error(JSON.stringify(proposed));
  const { approvalId } = proposed;
  return (await decideApproval(portal, { staff: { id: approver.id, scope: 'all' }, approvalId, decision: 'approve', note: '' })).kind;
}

describe('the calendar of 2023', { timeout: 120_000 }, () => {
  let backYen = 0n;
  /** What was put back on coupons with and without an app. */
  let candidates: readonly CouponCandidate[] = [];

  it('27 February: the register and the payments are imported and agree to the yen', async () => {
    at('2023-02-27 09:00:00');
    await loadSamples(portal);
    const { coupons, grantedYen } = await books();
    expect(coupons).toMatchObject({
      coupons: 6_000,
      spentYen: BigInt(expected.spentYen),
      remainingYen: BigInt(expected.balanceYen),
      takenYen: 0n,
    });
    expect(grantedYen).toBe(0n);
  });

  it('the failure: every unanswered and every repeated payment stands on the list, and nothing is paid by it', async () => {
    const before = await books();
    candidates = (await listCandidates(portal.db, { ...campaign, coupons: 10_000 }))?.candidates ?? [];
    const unanswered = readSample<SamplePayment>('payments.csv').filter(
      (row) => row.結果 === '応答なし' && row.決済日時 >= '2023-02-24T17:00:00',
    );
    const listed = new Set(candidates.flatMap(({ excess }) => excess.map(({ number }) => number)));
    expect(unanswered.filter((row) => !listed.has(row.決済番号))).toEqual([]);
    expect(candidates.some(({ kind }) => kind === 'repeated')).toBe(true);
    expect(await books()).toEqual(before);
  });

  it('the extension: all that lost their use may be used until 31 March, and no yen moves', async () => {
    at('2023-02-27 12:00:00');
    const before = await books();
    const extended = await extendCoupons(portal, { ...campaign, actor, reason: 'failure', evidence: '第4報' });
    expect(extended).toMatchObject({
      kind: 'extended',
      coupons: expected.app.coupons + expected.claim.coupons,
      yen: BigInt(expected.app.yen + expected.claim.yen),
      until: new Date('2023-04-01T00:00:00+09:00'),
    });
    expect(await extendCoupons(portal, { ...campaign, actor, reason: 'failure', evidence: '第4報' })).toMatchObject({ kind: 'refused' });
    expect(await books()).toEqual(before);
  });

  it('the telephone: what the shops confirm is put back, each payment once', async () => {
    at('2023-03-06 14:00:00');
    for (const one of candidates.slice(0, 20)) {
      const payments = one.excess.map(({ number }) => number);
      const back = {
        ...campaign,
        actor,
        inquiryNumber: one.inquiryNumber,
        payments,
        reason: 'charged_twice',
        evidence: '店舗の記録と一致',
      };
      expect(await putBack(portal, back)).toMatchObject({ kind: 'put_back', yen: one.excessYen });
      expect(await putBack(portal, back)).toMatchObject({ kind: 'refused', reason: 'payment_unknown' });
      backYen += one.excessYen;
    }
    const { coupons } = await books();
    expect(coupons.putBackYen).toBe(backYen);
    expect(coupons.remainingYen).toBe(BigInt(expected.balanceYen) + backYen);
  });

  it('the cases: one is approved by two people before the cut-off, and its payments go back on the coupon', async () => {
    at('2023-03-07 10:00:00');
    const before = await books();
    const caseId = await confirmedCase(candidates[20]);
    const yen = candidates[20]?.excessYen ?? 0n;
    expect(await approveCase(caseId)).toBe('done');
    const { coupons } = await books();
    expect(coupons.putBackYen - before.coupons.putBackYen).toBe(yen);
    backYen += yen;
  });

  it.each([
    ['2023-03-24 13:59:59', 'before'],
    ['2023-03-24 14:00:00', 'received'],
  ])('24 March: a claim that arrives at %s is answered: %s', async (moment, answer) => {
    at(moment);
    expect(await claim(`claim ${moment}`)).toBe(answer);
  });

  it.each([
    ['2023-03-31 23:59:58', 'refused'],
    ['2023-03-31 23:59:59', 'refused'],
    ['2023-04-01 00:00:00', 'ran'],
    ['2023-04-01 00:00:01', 'ran'],
  ])('the cut-off asked for at %s: %s', async (moment, kind) => {
    at(moment);
    const before = await books();
    const result = await runCutoff(portal, { ...campaign, actor });
    expect(result.kind).toBe(kind);
    if (moment !== '2023-04-01 00:00:00') return expect(await books()).toEqual(before);
    const after = await books();
    // Of what was put back, that of covered coupons is taken with the rest.
    expect(after.coupons.takenYen + after.coupons.remainingYen).toBe(BigInt(expected.balanceYen) + backYen);
    expect(after.coupons.takenYen).toBeGreaterThanOrEqual(BigInt(expected.app.yen + expected.claim.yen));
    expect(after.grantedYen).toBe(after.coupons.grantedYen);
    expect(after.residualYen).toBe(after.grantedYen);
  });

  it.each([
    ['2023-04-09 23:59:59', false],
    ['2023-04-10 08:59:59', false],
    ['2023-04-10 09:00:00', true],
    ['2023-04-10 19:59:59', true],
  ])('the invitations of the app at %s: sent %s', async (moment, sends) => {
    at(moment);
    if (moment === '2023-04-09 23:59:59') {
      const plan = { ...PLAN, hours: { ...PLAN.hours, fromOn: '2023-04-10', untilOn: '2023-04-21' } };
      const planned = await planWave(portal, { ...campaign, plan, actor });
      if (planned.kind !== 'planned') throw new Error(planned.reason);
      await startWave(portal, { ...campaign, number: planned.number, actor });
    }
    await sendWhatIsDue();
    expect(took.length > 0).toBe(sends);
    const { grants } = await books();
    if (sends) expect(took).toHaveLength(grants);
  });

  it('everybody with a grant was sent exactly one invitation', async () => {
    const sent = await portal.db.selectFrom('messages').select(['grant_id', 'purpose']).execute();
    expect(new Set(sent.map(({ grant_id }) => grant_id)).size).toBe((await books()).grants);
    expect(sent.every(({ purpose }) => purpose === 'invitation')).toBe(true);
    expect(new Set(took.map(({ to }) => to)).size).toBe(took.length);
  });

  /** What applicants claim: coupons that were in nobody's app, as the file lists them, two for each. */
  const claimed = readSample<SampleCoupon>('coupons.csv')
    .filter((row) => row.有効期限 === '2023-02-24T23:59:59+09:00' && Number(row.残高) >= 1 && row.アプリ登録 === '無')
    .slice(100, 150);
  const claimedYen = BigInt(claimed.reduce((sum, row) => sum + Number(row.残高), 0));
  const claimIds: string[] = [];

  it('the claims: what matches the register is approved by two people and becomes grants, to the yen', async () => {
    at('2023-04-12 10:00:00');
    for (let i = 0; i < claimed.length; i += 2) {
      const numbers = claimed.slice(i, i + 2).map((row) => row.お問合せ番号);
      claimIds.push((await claimFor(portal, numbers)).id);
    }
    // One that names what was paid through the app waits for a person.
    const odd = await claimFor(portal, [
      readSample<SampleCoupon>('coupons.csv').find((row) => row.アプリ登録 === '有')?.お問合せ番号 ?? '',
    ]);
    at('2023-04-25 10:00:00');
    const [operator, approver] = [await insertStaff(portal, 'operator'), await insertStaff(portal, 'approver')];
    const before = await books();
    const weighed = await weighClaims(portal.db, [...claimIds, odd.id]);
    expect(weighed.get(odd.id)).toBe(0n);
    const proposal = {
      staff: { id: operator.id, scope: 'all' as const },
      ...campaign,
      claimIds,
      reason: 'matches',
      note: '',
      yen: claimedYen,
    };
    const proposed = await proposeClaims(portal, proposal);
    if (proposed.kind !== 'proposed') throw new Error(proposed.reason);
    const { approvalId } = proposed;
    expect(await books()).toEqual(before);
    await decideApproval(portal, { staff: { id: approver.id, scope: 'all' }, approvalId, decision: 'approve', note: '' });
    expect(await grantClaims(portal, { approvalId })).toBe('done');
    const after = await books();
    expect(after.grantedYen).toBe(before.grantedYen + claimedYen);
    expect(after.coupons.waitingYen).toBe(before.coupons.waitingYen - claimedYen);
  });

  it('the cases: one that the shop confirms after the cut-off becomes a grant of the caller', async () => {
    at('2023-04-20 10:00:00');
    const before = await books();
    expect(await approveCase(await confirmedCase(candidates[21]))).toBe('done');
    const after = await books();
    const yen = candidates[21]?.excessYen ?? 0n;
    expect([after.grantedYen - before.grantedYen, after.coupons.casesYen]).toEqual([yen, yen]);
    expect(before.coupons.spentYen - after.coupons.spentYen).toBe(yen);
    expect(after.coupons.remainingYen).toBe(before.coupons.remainingYen);
  });

  // 25 applicants, and the caller of the case.
  it.each([
    ['2023-04-27 23:59:59', 0],
    ['2023-04-28 08:59:59', 0],
    ['2023-04-28 09:00:00', 26],
  ])('the links of applicants at %s: %i sent', async (moment, sends) => {
    at(moment);
    if (moment === '2023-04-27 23:59:59') {
      const plan = { ...PLAN, group: 'claim' as const, hours: { ...PLAN.hours, fromOn: '2023-04-28', untilOn: '2023-05-10' } };
      const planned = await planWave(portal, { ...campaign, plan, actor });
      if (planned.kind !== 'planned') throw new Error(planned.reason);
      await startWave(portal, { ...campaign, number: planned.number, actor });
    }
    const before = took.length;
    await sendWhatIsDue();
    expect(took.length - before).toBe(sends);
    expect(await followClaims(portal)).toBe(Math.max(0, sends - 1));
  });

  it.each([
    ['2023-04-30 23:59:58', 'received'],
    ['2023-04-30 23:59:59', 'received'],
    ['2023-05-01 00:00:00', 'after'],
  ])('30 April: a claim that arrives at %s is answered: %s', async (moment, answer) => {
    at(moment);
    expect(await claim(`claim ${moment}`)).toBe(answer);
  });

  let redeemedYen = 0n;

  it('the redemptions: whoever chooses gets codes, and no yen goes elsewhere', async () => {
    at('2023-05-12 10:00:00');
    const grants = await portal.db.selectFrom('grants').select(['id', 'granted_yen']).orderBy('number').limit(150).execute();
    for (const [i, grant] of grants.entries()) {
      const provider = ['amazon', 'paypay', 'nanaco'][i % 3] ?? 'amazon';
      const yen = i % 10 === 0 && grant.granted_yen > 1n ? grant.granted_yen / 2n : grant.granted_yen;
      expect(await redeem(grant.id, provider, yen)).toBe('accepted');
      redeemedYen += yen;
    }
    for (const claimId of claimIds.slice(0, 10)) {
      const { grant_id } = await portal.db.selectFrom('claims').select('grant_id').where('id', '=', claimId).executeTakeFirstOrThrow();
      const { granted_yen } = await portal.db
        .selectFrom('grants')
        .select('granted_yen')
        .where('id', '=', grant_id ?? '')
        .executeTakeFirstOrThrow();
      expect(await redeem(grant_id ?? '', 'amazon', granted_yen)).toBe('accepted');
      redeemedYen += granted_yen;
    }
    expect(await followClaims(portal)).toBe(10);
    expect(await books()).toMatchObject({ issuedYen: redeemedYen, pendingYen: 0n, lapsedYen: 0n });
  });

  it.each([
    ['2023-05-31 23:59:58', 'accepted'],
    ['2023-05-31 23:59:59', 'accepted'],
    ['2023-06-01 00:00:00', 'closed'],
    ['2023-06-01 00:00:01', 'closed'],
  ])('the deadline: a choice at %s is answered: %s', async (moment, answer) => {
    const [grant] = await portal.db
      .selectFrom('grants')
      .select(['id', 'granted_yen'])
      .where('id', 'not in', (qb) => qb.selectFrom('redemptions').select('grant_id'))
      .orderBy('number')
      .limit(1)
      .execute();
    if (!grant) throw new Error('nobody is left');
    at(moment);
    expect(await redeem(grant.id, 'paypay', grant.granted_yen)).toBe(answer);
    if (answer === 'accepted') redeemedYen += grant.granted_yen;
    expect((await books()).issuedYen).toBe(redeemedYen);
  });

  it('the lapse: nothing before the deadline, everything that is left after it, once', async () => {
    const before = await books();
    at('2023-05-31 23:59:59');
    expect(await lapseGrants(portal, campaign)).toMatchObject({ grants: 0, yen: 0n });
    at('2023-06-01 00:00:00');
    expect(await lapseGrants(portal, campaign)).toMatchObject({ yen: before.residualYen, finished: true });
    expect(await lapseGrants(portal, campaign)).toMatchObject({ grants: 0, yen: 0n });
    expect(await books()).toMatchObject({ residualYen: 0n, lapsedYen: before.residualYen });
  });

  it('the closing report: granted = received + lapsed, exact to the yen', async () => {
    const { grantedYen, grants } = await books();
    const report = await findClosingReport(portal, { ...campaign, now: portal.clock.now() });
    expect(report).toMatchObject({ grants, open: false, unexplainedYen: 0n });
    expect(report?.granted.yen).toBe(grantedYen);
    expect(report?.received.yen).toBe(redeemedYen);
    expect(report?.lapsed.yen).toBe(grantedYen - redeemedYen);
    expect(report?.residual.yen).toBe(0n);
    const { coupons } = await books();
    expect(report?.coupons).toMatchObject({ takenYen: coupons.takenYen, waitingYen: coupons.waitingYen, claimsOver: true });
    expect(coupons.takenYen).toBe(coupons.grantedYen + coupons.waitingYen + coupons.casesYen);
  });
});

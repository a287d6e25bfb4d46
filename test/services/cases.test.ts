import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chooseCasePayments } from '~/services/choose-case-payments';
import { decideApproval } from '~/services/decide-approval';
import { grantClaims } from '~/services/grant-claims';
import { identifyCaller } from '~/services/identify-caller';
import { moveCase } from '~/services/move-case';
import { noteCase } from '~/services/note-case';
import { openCase } from '~/services/open-case';
import { ownCase } from '~/services/own-case';
import { weighClaims } from '~/services/parts/weigh-claims';
import { proposeClaims } from '~/services/propose-claims';
import { proposeOfficeAct } from '~/services/propose-office-act';
import { recordShopAnswer } from '~/services/record-shop-answer';
import { runCutoff } from '~/services/run-cutoff';
import { findCasePage } from '~/views/case-page';
import { findRelated } from '~/views/person-related';
import { getProof } from '~/views/proof';
import { type BulkTestPortal, makeBulkPortal } from '../support/bulk-portal';
import { callAbout, loadRegister, MONDAY, storyOf } from '../support/cases';
import { CUTOFF, claimFor } from '../support/claims';
import { couponLine, KUMAMOTO, paymentLine } from '../support/coupons';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makeTestPortal, type TestPortal, testKeys } from '../support/portal';
import { insertStaff, type TestStaff } from '../support/staff';

/** Cases by telephone against the register, through the console's own role: what is approved comes back once. */
let database: TestDatabase;
let owner: BulkTestPortal;
let web: TestPortal;
let desk: TestPortal;
let agent: TestStaff;
let other: TestStaff;
let approver: TestStaff;
let next = 0;
const NUMBERS = Array.from({ length: 40 }, (_, i) => `4370000${String(i).padStart(5, '0')}`);
/** A coupon with two such payments. */
const TWICE = '437000099999';
/** A coupon of 1,000 yen of which a payment of 600 took the balance without an answer, nobody's yet. */
const free = () => {
  next += 1;
  const number = NUMBERS[next - 1] ?? '';
  return { number, payment: `P${number}` };
};

beforeAll(async () => {
  database = await createTestDatabase();
  const keys = testKeys();
  owner = makeBulkPortal(database.ownerUrl, { keys });
  await loadRegister(
    owner,
    [...NUMBERS.map((number) => couponLine(number, { balance: '400' })), couponLine(TWICE, { balance: '100' })],
    [
      ...NUMBERS.map((number) => paymentLine(`P${number}`, number, 600, { result: '応答なし' })),
      paymentLine('A', TWICE, 500, { result: '応答なし' }),
      paymentLine('B', TWICE, 400, { result: '応答なし', at: '2023-02-24T19:00:00+09:00' }),
    ],
  );
  web = makeTestPortal(database.ownerUrl, { keys, clock: owner.clock });
  desk = makeTestPortal(database.consoleUrl, { keys, clock: owner.clock });
  agent = await insertStaff(owner, 'call_centre');
  other = await insertStaff(owner, 'call_centre');
  approver = await insertStaff(owner, 'approver');
});
afterAll(async () => {
  await Promise.all([owner.close(), web.close(), desk.close()]);
  await database.drop();
});
// Tests after the cut-off stand at the end of the file: it cannot be taken back.
beforeEach(() => {
  if (owner.clock.now() < CUTOFF) owner.clock.set(MONDAY);
});

const by = (staff: TestStaff) => ({ id: staff.id, scope: 'all' as const });
const rowOf = (id: string) => owner.db.selectFrom('cases').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const work = (caseId: string, staff: TestStaff = agent) => ({ caseId, staff: by(staff) });
const books = async () => {
  const proof = await getProof(owner.db, { campaignId: KUMAMOTO });
  expect(proof.differences).toEqual([]);
  const [campaign] = proof.campaigns;
  if (!campaign?.coupons) throw new Error('there is no register');
  return { granted: campaign.grantedYen, ...campaign.coupons };
};

async function opened(
  number: string,
  of: { payments?: readonly string[]; call?: Parameters<typeof callAbout>[1]; story?: Parameters<typeof storyOf>[1]; key?: string } = {},
) {
  const result = await openCase(desk, {
    staff: by(agent),
    campaignId: KUMAMOTO,
    typed: callAbout(number, of.call),
    told: storyOf(of.payments ?? [`P${number}`], of.story),
    requestKey: of.key ?? desk.crypto.newKey(),
  });
  if (result.kind !== 'opened') throw new Error(JSON.stringify(result));
  return result;
}

/** A case that the shop has confirmed. */
async function confirmed(number: string, payments?: readonly string[]): Promise<string> {
  const { caseId } = await opened(number, { payments });
  await ownCase(desk, work(caseId));
  expect(await moveCase(desk, { ...work(caseId), to: 'asking_shop', reason: '', body: '電話した' })).toMatchObject({ kind: 'done' });
  expect(await recordShopAnswer(desk, { ...work(caseId), answer: 'agrees', body: '店長が伝票を確認' })).toMatchObject({ kind: 'done' });
  return caseId;
}

const propose = (caseId: string, more: { yen?: bigint; evidence?: string; staff?: TestStaff } = {}) =>
  proposeOfficeAct(desk, {
    staff: by(more.staff ?? agent),
    act: 'decide_case',
    campaignId: KUMAMOTO,
    fields: { case: caseId, evidence: more.evidence ?? '店舗の伝票の写し' },
    reason: 'shop_confirmed',
    note: '',
    yen: more.yen,
  });
async function proposed(caseId: string): Promise<string> {
  const result = await propose(caseId);
  if (result.kind !== 'proposed') throw new Error(JSON.stringify(result));
  return result.approvalId;
}
const decide = (approvalId: string, decision: 'approve' | 'refuse' = 'approve', staff = approver) =>
  decideApproval(desk, { staff: by(staff), approvalId, decision, note: '' });

describe('a call', () => {
  it('becomes one case with a number, sealed, however often its form is sent, also at once', async () => {
    const { number } = free();
    const key = desk.crypto.newKey();
    const results = await Promise.all([1, 2, 3].map(() => opened(number, { key })));
    expect(new Set(results.map(({ caseId }) => caseId)).size).toBe(1);
    const row = await rowOf(results[0]?.caseId ?? '');
    expect(row).toMatchObject({ state: 'received', owner_id: agent.id, caller_facts: 'issuer face', identified_at: MONDAY });
    expect(row.number).toMatch(/^[1-9]\d{9}$/);
    expect(row.contact_sealed.toString('latin1')).not.toContain('soudan');
    const said = await owner.db.selectFrom('case_notes').select('body_sealed').where('case_id', '=', row.id).execute();
    expect(said).toHaveLength(1);
    expect(said[0]?.body_sealed?.toString()).not.toContain('残高');
  });

  it('about a number that the register does not have is taken down all the same, and the coupon found later', async () => {
    const { number, payment } = free();
    const { caseId } = await opened('111122223333', { payments: [payment], story: { way: 'later' } });
    expect((await findCasePage(desk, { caseId, now: MONDAY }))?.proposal).toEqual({ kind: 'ask_more', what: 'number' });
    const choose = (of: { number: string; payments: string[] }) => chooseCasePayments(desk, { ...work(caseId), ...of });
    expect(await choose({ number: '999988887777', payments: [] })).toMatchObject({ kind: 'refused', reason: 'coupon_unknown' });
    expect(await choose({ number: number.replace(/(.{4})/g, '$1-'), payments: [payment] })).toMatchObject({ kind: 'done' });
    expect(await rowOf(caseId)).toMatchObject({ inquiry_number: '111122223333', identified_at: null });
    expect((await findCasePage(desk, { caseId, now: MONDAY }))?.proposal).toEqual({ kind: 'ask_more', what: 'identity' });
  });

  it('with wrong facts is not taken, they are counted for the coupon, and after five only a call back helps', async () => {
    const { number } = free();
    const call = (said2: string) =>
      openCase(desk, {
        staff: by(agent),
        campaignId: KUMAMOTO,
        typed: callAbout(number),
        told: storyOf([], { said2 }),
        requestKey: desk.crypto.newKey(),
      });
    for (let i = 0; i < 5; i += 1) {
      expect(await call('999')).toMatchObject({ kind: 'incomplete', step: 2, errors: [{ field: 'fact1', problem: 'wrong' }] });
    }
    expect(await call('1000')).toEqual({ kind: 'refused', reason: 'too_many_today' });
    owner.clock.advance(25 * 3_600_000);
    // Also when many try at the same moment.
    const many = await Promise.all(Array.from({ length: 8 }, () => call('998')));
    expect(many.filter(({ kind }) => kind === 'refused')).toHaveLength(3);
    owner.clock.advance(25 * 3_600_000);
    expect(await call('1000')).toMatchObject({ kind: 'opened' });
    const entries = await owner.db.selectFrom('audit_entries').select('detail').where('act', '=', 'case.identity_wrong').execute();
    expect(JSON.stringify(entries)).not.toContain('999');
  });

  it('for a programme out of scope is not found', async () => {
    const { number } = free();
    const stranger = { id: agent.id, scope: ['other'] };
    expect(
      await openCase(desk, {
        staff: stranger,
        campaignId: KUMAMOTO,
        typed: callAbout(number),
        told: storyOf([]),
        requestKey: 'k'.repeat(22),
      }),
    ).toEqual({ kind: 'refused', reason: 'not_found' });
    const { caseId } = await opened(number);
    expect(await noteCase(desk, { caseId, staff: stranger, body: 'x' })).toMatchObject({ reason: 'not_found' });
  });
});

describe('work on a case', () => {
  it('goes by its arrows, with its reasons and notes, and each step is on the record', async () => {
    const { number } = free();
    const { caseId } = await opened(number, { story: { way: 'later' } });
    const move = (to: Parameters<typeof moveCase>[1]['to'], reason = '', body = '') =>
      moveCase(desk, { ...work(caseId), to, reason, body });
    expect(await move('asking_shop')).toMatchObject({ reason: 'not_now' });
    expect(await ownCase(desk, work(caseId, other))).toMatchObject({ state: 'checking' });
    expect((await rowOf(caseId)).owner_id).toBe(other.id);
    expect(await move('more_needed', 'nonsense')).toMatchObject({ reason: 'reason_missing', field: 'reason' });
    expect(await move('more_needed', 'identity', '折り返し待ち')).toMatchObject({ state: 'more_needed' });
    const prove = (said2: string) =>
      identifyCaller(desk, {
        ...work(caseId),
        proving: {
          way: 'facts',
          said: [
            { fact: 'issuer', text: '宿' },
            { fact: 'face', text: said2 },
          ],
        },
      });
    expect(await prove('2')).toMatchObject({ reason: 'identity_wrong' });
    expect(await prove('1000')).toMatchObject({ kind: 'done' });
    expect(await move('checking')).toMatchObject({ state: 'checking' });
    expect(await noteCase(desk, { ...work(caseId), body: ' ' })).toMatchObject({ reason: 'text_missing' });
    expect(await noteCase(desk, { ...work(caseId), body: 'x'.repeat(1_001) })).toMatchObject({ reason: 'text_too_long' });
    expect(await move('refused', 'withdrawn')).toMatchObject({ state: 'refused' });
    expect(await move('checking')).toMatchObject({ state: 'checking' });
    expect(await move('refused', 'nothing_taken')).toMatchObject({ state: 'refused' });
    expect(await move('done')).toMatchObject({ state: 'done' });
    expect(await move('checking')).toMatchObject({ reason: 'not_now' });
    expect((await rowOf(caseId)).due_at).toBeNull();
    const acts = await owner.db.selectFrom('audit_entries').select('act').where('subject_id', '=', caseId).execute();
    expect(acts.map(({ act }) => act).sort()).toEqual([
      'case.identified',
      ...Array.from({ length: 6 }, () => 'case.moved'),
      'case.opened',
      'case.taken',
    ]);
  });

  it('of two at once is done once', async () => {
    const { number } = free();
    const { caseId } = await opened(number);
    const results = await Promise.all([ownCase(desk, work(caseId)), ownCase(desk, work(caseId))]);
    expect(results.map(({ kind }) => kind).sort()).toEqual(['done', 'refused']);
  });
});

describe('an approved case before the cut-off', () => {
  it('puts its payments back and extends the coupon, by two people, once', async () => {
    const { number } = free();
    const caseId = await confirmed(number);
    const before = await books();
    expect(await propose(caseId, { evidence: ' ' })).toMatchObject({ reason: 'evidence_missing', field: 'evidence' });
    expect(await propose(caseId, { yen: 599n })).toMatchObject({ reason: 'changed_meanwhile' });
    const approvalId = await proposed(caseId);
    expect(await propose(caseId)).toMatchObject({ reason: 'already_proposed' });
    expect(await moveCase(desk, { ...work(caseId), to: 'refused', reason: 'other', body: '' })).toMatchObject({ reason: 'proposed' });
    expect(await decide(approvalId, 'approve', agent)).toMatchObject({ reason: 'own_proposal' });
    const decided = await Promise.all([decide(approvalId), decide(approvalId)]);
    expect(decided.map(({ kind }) => kind).sort()).toEqual(['already', 'done']);
    const after = await books();
    expect([after.putBackYen - before.putBackYen, after.remainingYen - before.remainingYen]).toEqual([600n, 600n]);
    expect(after.granted).toBe(before.granted);
    expect(await rowOf(caseId)).toMatchObject({ state: 'approved', outcome: 'put_back', approval_id: approvalId, grant_id: null });
    const notes = owner.db.selectFrom('case_notes').select('actor').where('case_id', '=', caseId).where('state', '=', 'approved');
    expect(await notes.execute()).toEqual([{ actor: `staff:${approver.id}` }]);
    const extension = await owner.db
      .selectFrom('coupon_extensions')
      .select('until')
      .where('approval_id', '=', approvalId)
      .executeTakeFirstOrThrow();
    expect(extension.until).toEqual(CUTOFF);
    expect(await moveCase(desk, { ...work(caseId), to: 'done', reason: '', body: '伝えた' })).toMatchObject({ state: 'done' });
    // A second case about the same payment has nothing left to give.
    const again = await opened(number);
    expect((await findCasePage(desk, { caseId: again.caseId, now: MONDAY }))?.proposal).toEqual({
      kind: 'refuse',
      reason: 'already_given_back',
    });
  });

  it('gives back no payment that came back by another case, and only what is left once that is taken out', async () => {
    const both = await confirmed(TWICE, ['A', 'B']);
    expect((await decide(await proposed(await confirmed(TWICE, ['A'])))).kind).toBe('done');
    expect(await propose(both)).toMatchObject({ reason: 'case_not_ready' });
    const before = await books();
    expect(await chooseCasePayments(desk, { ...work(both), number: null, payments: ['B'] })).toMatchObject({ kind: 'done' });
    expect((await decide(await proposed(both))).kind).toBe('done');
    expect((await books()).putBackYen - before.putBackYen).toBe(400n);
  });

  it('is not proposed before the rule says so', async () => {
    const { number } = free();
    const { caseId } = await opened(number);
    expect(await propose(caseId)).toMatchObject({ reason: 'case_not_ready' });
    await ownCase(desk, work(caseId));
    expect(await propose(caseId)).toMatchObject({ reason: 'case_not_ready' });
  });

  it('of two about one payment, both proposed, only one puts it back', async () => {
    const { number } = free();
    const cases = [await confirmed(number), await confirmed(number)];
    const approvals = [await proposed(cases[0] ?? ''), await proposed(cases[1] ?? '')];
    const decided = await Promise.all(approvals.map((id) => decide(id)));
    expect(decided.map(({ kind }) => kind).sort()).toEqual(['done', 'void']);
    await books();
  });

  it('is changed by nobody while it waits for the second person', async () => {
    const { number } = free();
    const caseId = await confirmed(number);
    const approvalId = await proposed(caseId);
    expect(await chooseCasePayments(desk, { ...work(caseId), number: null, payments: [] })).toMatchObject({ reason: 'proposed' });
    expect(await recordShopAnswer(desk, { ...work(caseId), answer: 'differs', body: 'やはり違う' })).toMatchObject({ reason: 'proposed' });
    expect(await decide(approvalId, 'refuse')).toMatchObject({ kind: 'refused_by_approver' });
    expect(await rowOf(caseId)).toMatchObject({ state: 'checking', outcome: null });
  });
});

describe('the database', () => {
  it('lets the console approve no case, name no grant and touch no register without two people', async () => {
    const { number } = free();
    const caseId = await confirmed(number);
    const approvalId = await proposed(caseId);
    const row = await rowOf(caseId);
    const set = (values: object) => desk.db.updateTable('cases').set(values).where('id', '=', caseId).execute();
    await expect(set({ state: 'approved', outcome: 'put_back', approval_id: approvalId })).rejects.toMatchObject({ code: 'UK008' });
    await expect(set({ grant_id: caseId })).rejects.toMatchObject({ code: '42501' });
    await expect(set({ shop: '別の店' })).rejects.toMatchObject({ code: '42501' });
    const entry = {
      coupon_id: row.coupon_id ?? '',
      campaign_id: KUMAMOTO,
      kind: 'put_back' as const,
      from_account: 'spent' as const,
      to_account: 'remaining' as const,
      yen: 600n,
      payment_number: `P${number}`,
      approval_id: approvalId,
      reason: 'x',
      evidence: 'x',
      actor: 'test',
      at: MONDAY,
    };
    await expect(desk.db.insertInto('coupon_entries').values(entry).execute()).rejects.toMatchObject({ code: '42501' });
    // Nor the owner, on this side of the cut-off.
    await expect(
      owner.db
        .insertInto('coupon_entries')
        .values({ ...entry, kind: 'granted', to_account: 'taken' })
        .execute(),
    ).rejects.toMatchObject({ code: 'UK005' });
  });

  it('keeps what was said, and the notes', async () => {
    const { number } = free();
    const { caseId } = await opened(number);
    await expect(owner.db.updateTable('cases').set({ shop: '別の店' }).where('id', '=', caseId).execute()).rejects.toMatchObject({
      code: 'UK003',
    });
    await expect(owner.db.deleteFrom('case_notes').where('case_id', '=', caseId).execute()).rejects.toMatchObject({ code: 'UK003' });
    await expect(
      owner.db.updateTable('cases').set({ state: 'done', due_at: null }).where('id', '=', caseId).execute(),
    ).rejects.toMatchObject({
      code: 'UK004',
    });
  });
});

describe('an approved case after the cut-off', () => {
  it('proposed before and approved after it is void; the next proposal grants its payments to the caller, once', async () => {
    const [waiting, asked] = [free(), free()];
    const caseId = await confirmed(waiting.number);
    const second = await confirmed(asked.number);
    owner.clock.set(new Date('2023-03-31T23:50:00+09:00'));
    const early = await proposed(caseId);
    owner.clock.set(CUTOFF);
    expect(await runCutoff(owner, { campaignId: KUMAMOTO, actor: 'test' })).toMatchObject({ kind: 'ran' });
    const before = await books();
    expect(await decide(early)).toMatchObject({ kind: 'void' });
    owner.clock.set(new Date('2023-04-03T10:00:00+09:00'));
    const approvalId = await proposed(caseId);
    const decided = await Promise.all([decide(approvalId), decide(approvalId)]);
    expect(decided.map(({ kind }) => kind).sort()).toEqual(['already', 'done']);
    const after = await books();
    expect([after.granted - before.granted, after.casesYen, after.spentYen - before.spentYen]).toEqual([600n, 600n, -600n]);
    expect(after.remainingYen).toBe(before.remainingYen);
    const row = await rowOf(caseId);
    const grant = await owner.db
      .selectFrom('grants')
      .selectAll()
      .where('id', '=', row.grant_id ?? '')
      .executeTakeFirstOrThrow();
    expect(grant).toMatchObject({ number: `T-${row.number}`, granted_yen: 600n, channel: 'mail', sending_group: 'claim' });
    expect(row).toMatchObject({ state: 'approved', outcome: 'granted' });
    // One page shows it all: the coupon, the case, and what else the same telephone number has.
    const related = await findRelated(desk, grant.id);
    expect(related.coupons.map(({ inquiryNumber }) => inquiryNumber)).toEqual([waiting.number]);
    expect(related.cases.map(({ id }) => id)).toContain(caseId);
    expect(related.grants).toEqual([]);
    // Another case about the same payment, and putting it back, come to nothing.
    const again = await opened(waiting.number);
    expect((await findCasePage(desk, { caseId: again.caseId, now: owner.clock.now() }))?.proposal).toEqual({
      kind: 'refuse',
      reason: 'already_given_back',
    });
    expect(await proposed(second)).toBeTruthy();
  });

  it('and a claim for the same coupon are each paid what is theirs, and no yen of either twice', async () => {
    const { number } = free();
    const caseId = await confirmed(number);
    owner.clock.set(new Date('2023-04-10T10:00:00+09:00'));
    const claim = await claimFor(web, [number]);
    const before = await books();
    const yen = (await weighClaims(desk.db, [claim.id])).get(claim.id) ?? 0n;
    expect(yen).toBe(400n);
    const staff = await insertStaff(owner, 'operator');
    const claims = await proposeClaims(desk, {
      staff: by(staff),
      campaignId: KUMAMOTO,
      claimIds: [claim.id],
      reason: 'matches',
      note: '',
      yen,
    });
    if (claims.kind !== 'proposed') throw new Error(claims.reason);
    const ofCase = await proposed(caseId);
    await Promise.all([decide(claims.approvalId), decide(ofCase)]);
    await grantClaims(desk, { approvalId: claims.approvalId });
    const after = await books();
    expect(after.granted - before.granted).toBe(1_000n);
    expect(after.faceYen).toBe(after.spentYen + after.remainingYen + after.takenYen);
  });

  it('granted before the rest of its coupon is claimed leaves that rest to the claim', async () => {
    const { number } = free();
    expect(await decide(await proposed(await confirmed(number)))).toMatchObject({ kind: 'done' });
    const claim = await claimFor(web, [number]);
    expect((await weighClaims(desk.db, [claim.id])).get(claim.id)).toBe(400n);
  });

  it('is refused by the database when its yen are not what was approved, when it is done twice, and after the deadline', async () => {
    const { number } = free();
    const caseId = await confirmed(number);
    const approvalId = await proposed(caseId);
    const call = () =>
      owner.db
        .selectNoFrom((eb) =>
          eb
            .fn('grant_case', [
              eb.val(approvalId),
              eb.val(caseId),
              eb.val(caseId),
              eb.val(caseId),
              eb.val(caseId),
              ...Array.from({ length: 6 }, () => eb.val('x')),
              ...Array.from({ length: 5 }, () => eb.val('x')),
              eb.val(CUTOFF),
              eb.val(CUTOFF),
            ])
            .as('yen'),
        )
        .execute();
    await expect(call()).rejects.toMatchObject({ code: 'UK008' });
    owner.clock.set(new Date('2023-05-31T23:59:59.999+09:00'));
    expect(await decide(approvalId)).toMatchObject({ kind: 'expired' });
    const last = await proposed(caseId);
    owner.clock.set(new Date('2023-06-01T00:00:00+09:00'));
    expect(await decide(last)).toMatchObject({ kind: 'void' });
    expect(await propose(caseId)).toMatchObject({ reason: 'closed' });
    await books();
  });
});

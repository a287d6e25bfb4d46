import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listClaimCoupons } from '#db/claims';
import { decideClaim } from '~/domain/claim-match';
import { correctClaimMail } from '~/services/correct-claim-mail';
import { correctClaimNumber } from '~/services/correct-claim-number';
import { decideApproval } from '~/services/decide-approval';
import { followClaims } from '~/services/follow-claims';
import { grantClaims } from '~/services/grant-claims';
import { moveClaim } from '~/services/move-claim';
import { claimProofToken, queueClaimMail } from '~/services/parts/claim-mail';
import { weighClaims } from '~/services/parts/weigh-claims';
import { proposeClaims } from '~/services/propose-claims';
import { proveClaimMail } from '~/services/prove-claim-mail';
import { sendClaimMail } from '~/services/send-claim-mail';
import { findClaimStatus } from '~/views/claim-status';
import { findClaimPage } from '~/views/claims';
import { getProof } from '~/views/proof';
import { type BulkTestPortal, makeBulkPortal } from '../support/bulk-portal';
import { claimFor, registerAndCut } from '../support/claims';
import { KUMAMOTO } from '../support/coupons';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makeTestPortal, type TestPortal, testKeys } from '../support/portal';
import { insertStaff, type TestStaff } from '../support/staff';
import { modelSending } from '../support/waves';

/** Claims against the register, through the console's own role: what matches is paid once, by two people. */
let database: TestDatabase;
let owner: BulkTestPortal;
let web: TestPortal;
let desk: TestPortal;
let worker: TestPortal;
let operator: TestStaff;
let approver: TestStaff;
let next = 0;
/** Coupons of 1,000 yen in nobody's app, enough for every test. */
const COUPONS = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`4370000${String(i).padStart(5, '0')}`, {}]));
const free = () => {
  next += 1;
  return Object.keys(COUPONS)[next - 1] ?? '';
};

beforeAll(async () => {
  database = await createTestDatabase();
  const keys = testKeys();
  owner = makeBulkPortal(database.ownerUrl, { keys });
  await registerAndCut(owner, {
    ...COUPONS,
    '999900000001': { phone: '090-1234-5678' },
    '999900000002': { valid: '2023-12-31T23:59:59+09:00' },
  });
  web = makeTestPortal(database.ownerUrl, { keys, clock: owner.clock });
  desk = makeTestPortal(database.consoleUrl, { keys, clock: owner.clock });
  worker = makeTestPortal(database.workerUrl, { keys, clock: owner.clock });
  [operator, approver] = [await insertStaff(owner, 'operator'), await insertStaff(owner, 'approver')];
});
afterAll(async () => {
  await Promise.all([owner.close(), web.close(), desk.close(), worker.close()]);
  await database.drop();
});
beforeEach(() => owner.clock.set(new Date('2023-04-20T10:00:00+09:00')));

const by = (staff: TestStaff) => ({ id: staff.id, scope: 'all' as const });
const stateOf = async (id: string) =>
  (await owner.db.selectFrom('claims').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state;
const verdicts = async (id: string) => decideClaim(await listClaimCoupons(desk.db, [id])).verdicts;

async function propose(claimIds: readonly string[], more: { yen?: bigint; reason?: string } = {}) {
  const yen = more.yen ?? [...(await weighClaims(desk.db, claimIds)).values()].reduce((sum, each) => sum + each, 0n);
  return proposeClaims(desk, { staff: by(operator), campaignId: KUMAMOTO, claimIds, reason: more.reason ?? 'matches', note: '', yen });
}

async function approve(claimIds: readonly string[]): Promise<string> {
  const proposed = await propose(claimIds);
  if (proposed.kind !== 'proposed') throw new Error(proposed.reason);
  const decided = await decideApproval(desk, { staff: by(approver), approvalId: proposed.approvalId, decision: 'approve', note: '' });
  expect(decided.kind).toBe('running');
  return proposed.approvalId;
}

async function books() {
  const proof = await getProof(owner.db, { campaignId: KUMAMOTO });
  expect(proof.differences).toEqual([]);
  return proof.campaigns[0]?.grantedYen ?? 0n;
}

describe('a claim against the register', () => {
  it('is payable, with the app, used up, unknown, or claimed by somebody first', async () => {
    const number = free();
    const first = await claimFor(web, [number]);
    const second = await claimFor(web, [number]);
    expect(await verdicts(first.id)).toEqual(['payable']);
    expect(await verdicts(second.id)).toEqual(['already_claimed']);
    const odd = await claimFor(web, ['999900000001', '999900000002', '111111111111']);
    expect(await verdicts(odd.id)).toEqual(['with_app', 'balance_zero', 'unknown']);
    expect((await weighClaims(desk.db, [odd.id])).get(odd.id)).toBe(0n);
  });

  it('approved by two becomes one grant with a line for each coupon, and its link waits for the wave of claims', async () => {
    const before = await books();
    const claim = await claimFor(web, [free(), free()], { name: '申請 花子', mail: 'hanako@example.jp' });
    const approvalId = await approve([claim.id]);
    expect(await grantClaims(desk, { approvalId })).toBe('done');
    expect(await grantClaims(desk, { approvalId })).toBe('nothing_to_do');
    expect(await books()).toBe(before + 2_000n);
    const { grant_id } = await owner.db.selectFrom('claims').select('grant_id').where('id', '=', claim.id).executeTakeFirstOrThrow();
    const grant = await owner.db
      .selectFrom('grants')
      .selectAll()
      .where('id', '=', grant_id ?? '')
      .executeTakeFirstOrThrow();
    expect(grant).toMatchObject({
      number: `S-${claim.number}`,
      granted_yen: 2_000n,
      sending_group: 'claim',
      channel: 'mail',
      import_id: null,
    });
    expect(grant.deadline_at).toEqual(new Date('2023-06-01T00:00:00+09:00'));
    expect(await owner.db.selectFrom('grant_coupons').select('yen').where('grant_id', '=', grant.id).execute()).toEqual([
      { yen: 1_000n },
      { yen: 1_000n },
    ]);
    expect(await findClaimStatus(web, { number: claim.number, fact: 'hanako@example.jp' })).toMatchObject({ state: 'approved' });
  });

  it.each([
    ['ja', 'お受け取りになれる金額：1,000円', '2023年4月28日（金）から2023年5月10日（水）までに専用リンクをお送りします', '差出人が'],
    ['en', 'Amount to receive: ¥1,000', 'between Friday 28 April 2023 and Wednesday 10 May 2023', 'It is real only if it comes from'],
  ] as const)('approved is told once, with the amount, the days of the link and how to check it (%s)', async (language, ...words) => {
    const claim = await claimFor(web, [free()], { mail: `approved-${language}@example.jp`, language });
    const approvalId = await approve([claim.id]);
    const told = () =>
      owner.db.selectFrom('claim_mails').selectAll().where('claim_id', '=', claim.id).where('purpose', '=', 'approved').execute();
    expect(await told()).toEqual([]);
    await Promise.all([grantClaims(desk, { approvalId }), grantClaims(desk, { approvalId })]);
    const [mail, ...more] = await told();
    expect(more).toEqual([]);
    const { took, sending } = modelSending(() => ({ kind: 'accepted' }));
    const send = () => sendClaimMail(worker, { mailId: mail?.id ?? '' }, { sending });
    expect([await send(), await send()]).toEqual(['accepted', 'nothing_to_do']);
    expect(took).toMatchObject([{ to: `approved-${language}@example.jp`, purpose: 'claim_approved', language }]);
    for (const word of [...words, 'regionpay_compensation_ml@giftpad.jp', 'https://uketori.example/claim/status'])
      expect(took[0]?.text).toContain(word);
    const again = {
      claimId: claim.id,
      purpose: 'approved' as const,
      mail: 'twice@example.jp',
      now: new Date(desk.clock.now().getTime() + 1),
    };
    await desk.db.transaction().execute((trx) => queueClaimMail(desk, trx, again));
    expect(await told()).toHaveLength(1);
  });

  it('approved is not told any more once the link itself has gone out', async () => {
    const claim = await claimFor(web, [free()]);
    await grantClaims(desk, { approvalId: await approve([claim.id]) });
    const { id } = await owner.db
      .selectFrom('claim_mails')
      .select('id')
      .where('claim_id', '=', claim.id)
      .where('purpose', '=', 'approved')
      .executeTakeFirstOrThrow();
    await owner.db.updateTable('claims').set({ state: 'sent', state_at: desk.clock.now() }).where('id', '=', claim.id).execute();
    const { took, sending } = modelSending(() => ({ kind: 'accepted' }));
    expect(await sendClaimMail(worker, { mailId: id }, { sending })).toBe('nothing_to_do');
    expect(took).toEqual([]);
  });

  it('many at once are one proposal; one that changed meanwhile is skipped with its reason, the others are paid', async () => {
    const claims = [await claimFor(web, [free()]), await claimFor(web, [free()]), await claimFor(web, [free()])];
    const before = await books();
    const approvalId = await approve(claims.map(({ id }) => id));
    // Refused by the owner's own hand between approval and payment.
    await owner.db
      .updateTable('claims')
      .set({ state: 'refused', reason: 'withdrawn' })
      .where('id', '=', claims[1]?.id ?? '')
      .execute();
    expect(await grantClaims(desk, { approvalId })).toBe('done');
    expect(await books()).toBe(before + 2_000n);
    const items = await owner.db
      .selectFrom('approval_claims')
      .select(['claim_id', 'state', 'outcome'])
      .where('approval_id', '=', approvalId)
      .execute();
    expect(items.filter(({ state }) => state === 'skipped')).toEqual([{ claim_id: claims[1]?.id, state: 'skipped', outcome: 'ended' }]);
    const told = await owner.db
      .selectFrom('claim_mails')
      .select('claim_id')
      .where('purpose', '=', 'approved')
      .where(
        'claim_id',
        'in',
        claims.map(({ id }) => id),
      )
      .execute();
    expect(told.map(({ claim_id }) => claim_id).sort()).toEqual([claims[0]?.id, claims[2]?.id].sort());
  });

  it('is never paid twice, whatever happens at once: two proposals, two workers, one coupon in two claims', async () => {
    const before = await books();
    const number = free();
    const first = await claimFor(web, [number]);
    const twin = await claimFor(web, [number]);
    const one = await approve([first.id]);
    expect(await propose([twin.id], { yen: 1_000n })).toMatchObject({ kind: 'refused', reason: 'changed_meanwhile' });
    // A second approval for the same coupon, as the owner would write it.
    await owner.db.updateTable('claims').set({ state: 'refused', reason: 'other' }).where('id', '=', first.id).execute();
    const two = await approve([twin.id]);
    await owner.db.updateTable('claims').set({ state: 'checking', reason: null }).where('id', '=', first.id).execute();
    await Promise.all([one, two, one, two].map((approvalId) => grantClaims(desk, { approvalId })));
    expect(await books()).toBe(before + 1_000n);
    expect([await stateOf(first.id), await stateOf(twin.id)].sort()).toEqual(['approved', 'checking']);
  });

  it('needs another person, its own yen, and a reason', async () => {
    const claim = await claimFor(web, [free()]);
    expect(await propose([claim.id], { yen: 999n })).toMatchObject({ reason: 'changed_meanwhile' });
    expect(await propose([claim.id], { reason: 'because' })).toMatchObject({ reason: 'reason_missing' });
    const proposed = await propose([claim.id]);
    if (proposed.kind !== 'proposed') throw new Error(proposed.reason);
    const { approvalId } = proposed;
    expect(await decideApproval(desk, { staff: by(operator), approvalId, decision: 'approve', note: '' })).toMatchObject({
      reason: 'own_proposal',
    });
    expect(await moveClaim(desk, { staff: by(operator), claimId: claim.id, move: 'refuse', reason: 'other' })).toMatchObject({
      reason: 'proposed',
    });
    expect(await grantClaims(desk, { approvalId })).toBe('nothing_to_do');
    expect(await propose([claim.id])).toMatchObject({ reason: 'already_proposed' });
    await decideApproval(desk, { staff: by(approver), approvalId, decision: 'refuse', note: '' });
    expect(await stateOf(claim.id)).toBe('checking');
  });

  it('is asked for more, refused and looked at again, each on the record; out of scope it is not there', async () => {
    const claim = await claimFor(web, [free()]);
    const move = (name: 'ask' | 'refuse' | 'reopen', reason = '', scope: 'all' | string[] = 'all') =>
      moveClaim(desk, { staff: { id: operator.id, scope }, claimId: claim.id, move: name, reason });
    expect(await move('ask', 'nothing')).toMatchObject({ reason: 'reason_missing' });
    expect(await move('ask', 'number', [])).toMatchObject({ reason: 'not_found' });
    expect(await move('ask', 'number')).toMatchObject({ kind: 'moved', state: 'more_needed' });
    expect(await move('ask', 'number')).toMatchObject({ reason: 'wrong_state' });
    expect(await move('reopen')).toMatchObject({ state: 'checking' });
    expect(await move('refuse', 'already_paid')).toMatchObject({ state: 'refused' });
    expect(await move('reopen')).toMatchObject({ state: 'checking' });
    const mails = await owner.db.selectFrom('claim_mails').select('purpose').where('claim_id', '=', claim.id).orderBy('purpose').execute();
    expect(mails.filter(({ purpose }) => purpose !== 'prove').map(({ purpose }) => purpose)).toEqual(['more_needed', 'refused']);
    const acts = await owner.db
      .selectFrom('audit_entries')
      .select('act')
      .where('subject_id', '=', claim.id)
      .where('actor', '=', `staff:${operator.id}`)
      .execute();
    expect(acts.map(({ act }) => act).sort()).toEqual(['claim.ask', 'claim.refuse', 'claim.reopen', 'claim.reopen']);
  });

  it('writes to no address that nobody has proven, whoever tries', async () => {
    const claim = await claimFor(web, [free()], { proven: false });
    const refuse = () => moveClaim(desk, { staff: by(operator), claimId: claim.id, move: 'refuse', reason: 'unknown_number' });
    expect([await refuse(), await refuse()]).toMatchObject([{ state: 'refused' }, { reason: 'wrong_state' }]);
    const mails = owner.db.selectFrom('claim_mails').select('purpose').where('claim_id', '=', claim.id);
    expect(await mails.execute()).toEqual([{ purpose: 'prove' }]);
    const now = desk.clock.now();
    const byHand = { claimId: claim.id, purpose: 'refused' as const, mail: 'stranger@example.jp', now };
    await expect(desk.db.transaction().execute((trx) => queueClaimMail(desk, trx, byHand))).rejects.toThrow('no proven address');
  });

  it('follows its link and its redemption', async () => {
    const claim = await claimFor(web, [free()]);
    await grantClaims(desk, { approvalId: await approve([claim.id]) });
    expect(await followClaims(desk)).toBe(0);
    const { grant_id } = await owner.db.selectFrom('claims').select('grant_id').where('id', '=', claim.id).executeTakeFirstOrThrow();
    const message = owner.crypto.newId(owner.clock.now());
    await sql`insert into messages (id, campaign_id, grant_id, purpose, channel, address_sealed, address_key_id, address_digest, index_key_id, address_mask, language,
      template, link_generation, actor, state, queued_at, state_at) values (${message}, ${KUMAMOTO}, ${grant_id}, 'resend', 'mail', ${Buffer.alloc(40)}, 'k1',
      ${Buffer.alloc(16)}, 'k1', 'h***@example.jp', 'ja', 'resend/2', 1, 'test', 'queued', now(), now())`.execute(owner.db);
    expect(await followClaims(desk)).toBe(0);
    await sql`update messages set state = 'sending', attempts = 1, leased_until = now() where id = ${message}`.execute(owner.db);
    await sql`update messages set state = 'accepted' where id = ${message}`.execute(owner.db);
    expect(await followClaims(desk)).toBe(1);
    expect(await stateOf(claim.id)).toBe('sent');
    expect(await followClaims(desk)).toBe(0);
  });
});

describe('what was mistyped', () => {
  const linkOf = async (id: string, number: string) => {
    const row = await owner.db.selectFrom('claims').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    return { number, token: claimProofToken(web.crypto, id, row.link_key_id ?? '', row.link_generation) };
  };
  const mail = (claimId: string, address: string, reason = 'by_telephone') =>
    correctClaimMail(desk, { staff: by(operator), claimId, mail: address, reason });
  const number = (claimId: string, was: string, became: string, reason = 'by_telephone') =>
    correctClaimNumber(desk, { staff: by(operator), claimId, was, became, reason });

  it('a mail address: an unproven claim blocks nobody, and the link goes to the right address while the old one is dead', async () => {
    const coupon = free();
    const typo = await claimFor(web, [coupon], { proven: false, mail: 'tarou@exmaple.jp' });
    const again = await claimFor(web, [coupon]);
    expect(await verdicts(again.id)).toEqual(['payable']);
    const dead = await linkOf(typo.id, typo.number);
    expect(await mail(typo.id, 'nobody')).toMatchObject({ reason: 'mail_malformed' });
    expect(await mail(typo.id, 'tarou@example.jp', '')).toMatchObject({ reason: 'reason_missing' });
    expect(await mail(typo.id, 'tarou@example.jp')).toEqual({ kind: 'sent' });
    expect(await proveClaimMail(web, dead)).toBeNull();
    expect(await mail(typo.id, '')).toEqual({ kind: 'sent' });
    expect(await mail(typo.id, '')).toEqual({ kind: 'sent' });
    expect(await mail(typo.id, '')).toMatchObject({ reason: 'too_many_today' });
    const mails = await owner.db.selectFrom('claim_mails').select('state').where('claim_id', '=', typo.id).orderBy('state').execute();
    expect(mails.map(({ state }) => state)).toEqual(['failed', 'failed', 'failed', 'queued']);
    expect(await findClaimStatus(web, { number: typo.number, fact: 'tarou@example.jp' })).toMatchObject({ state: 'received' });
    expect(await proveClaimMail(web, await linkOf(typo.id, typo.number))).toMatchObject({ state: 'checking' });
    // Now it is somebody's.
    expect(await mail(typo.id, 'other@example.jp')).toMatchObject({ reason: 'wrong_state' });
  });

  it('a mail address is not changed while a mail is leaving, nor by the console past its own link', async () => {
    const claim = await claimFor(web, [free()], { proven: false });
    await owner.db.updateTable('claim_mails').set({ state: 'sending' }).where('claim_id', '=', claim.id).execute();
    expect(await mail(claim.id, 'right@example.jp')).toMatchObject({ reason: 'mail_going' });
    const change = desk.db.updateTable('claims').where('id', '=', claim.id);
    await expect(change.set({ details_sealed: Buffer.alloc(40) }).execute()).rejects.toThrow('another link');
  });

  it('one number of two: the rest can be approved, what was and became stays on the record, and the applicant is told', async () => {
    const [good, right] = [free(), free()];
    const claim = await claimFor(web, [good, '111111111111', '222222222222'], { mail: 'two@example.jp' });
    await moveClaim(desk, { staff: by(operator), claimId: claim.id, move: 'ask', reason: 'number' });
    expect(await number(claim.id, '111111111111', '')).toEqual({ kind: 'corrected', state: 'checking' });
    expect(await number(claim.id, '222222222222', good)).toMatchObject({ reason: 'number_twice' });
    expect(await number(claim.id, '333', right)).toMatchObject({ reason: 'number_unknown' });
    expect(await number(claim.id, '222222222222', `${right.slice(0, 4)}-${right.slice(4)}`)).toMatchObject({ kind: 'corrected' });
    expect(await verdicts(claim.id)).toEqual(['payable', 'payable']);
    const record = await owner.db.selectFrom('claim_corrections').selectAll().where('claim_id', '=', claim.id).orderBy('was').execute();
    expect(record.map(({ was, became, staff_id }) => [was, became, staff_id])).toEqual([
      ['111111111111', null, operator.id],
      ['222222222222', right, operator.id],
    ]);
    expect((await findClaimStatus(web, { number: claim.number, fact: 'two@example.jp' }))?.correctedAt).toEqual(owner.clock.now());
    const approvalId = await approve([claim.id]);
    expect(await number(claim.id, good, '')).toMatchObject({ reason: 'proposed' });
    await grantClaims(desk, { approvalId });
    expect(await stateOf(claim.id)).toBe('approved');
    expect(await number(claim.id, good, '')).toMatchObject({ reason: 'wrong_state' });
  });

  it('the last number stays, and the database lets none go without its record', async () => {
    const coupon = free();
    const claim = await claimFor(web, [coupon]);
    expect(await number(claim.id, coupon, '')).toMatchObject({ reason: 'number_last' });
    await expect(desk.db.deleteFrom('claim_coupons').where('claim_id', '=', claim.id).execute()).rejects.toThrow('on the record');
    const change = desk.db.updateTable('claim_coupons').set({ inquiry_number: '1' }).where('claim_id', '=', claim.id);
    await expect(change.execute()).rejects.toThrow('on the record');
  });
});

describe('a claim that was refused before its address was proven', () => {
  it('stays refused when the address is proven, and is looked at again by a person either way', async () => {
    const move = (claimId: string, which: 'refuse' | 'reopen') =>
      moveClaim(desk, { staff: by(operator), claimId, move: which, reason: 'other' });
    const claim = await claimFor(web, [free()], { proven: false });
    await move(claim.id, 'refuse');
    expect(await move(claim.id, 'reopen')).toEqual({ kind: 'moved', state: 'received' });
    await move(claim.id, 'refuse');
    const token = claimProofToken(web.crypto, claim.id, web.crypto.linkKeyId);
    expect(await proveClaimMail(web, { number: claim.number, token })).toMatchObject({ state: 'refused', proven: true });
    expect(await move(claim.id, 'reopen')).toEqual({ kind: 'moved', state: 'checking' });
  });
});

describe('the deadline', () => {
  it('passes between an approval and its job: the claim waits with its reason, and nothing is proposed until it is extended', async () => {
    const claim = await claimFor(web, [free()]);
    owner.clock.set(new Date('2023-05-31T23:59:00+09:00'));
    const approvalId = await approve([claim.id]);
    owner.clock.set(new Date('2023-06-01T00:00:01+09:00'));
    await grantClaims(desk, { approvalId });
    expect(await findClaimPage(desk, claim.id)).toMatchObject({ state: 'checking', skipped: 'closed', isOver: true });
    expect(await propose([claim.id])).toMatchObject({ reason: 'closed' });
  });
});

describe('PostgreSQL itself refuses', () => {
  const refused = async (statement: Promise<unknown>, code: string) => expect(statement).rejects.toMatchObject({ code });

  it('an approval by the console alone, a grant without an approval, one of other yen, and the fund', async () => {
    const claim = await claimFor(web, [free()]);
    await refused(desk.db.updateTable('claims').set({ state: 'approved' }).where('id', '=', claim.id).execute(), 'UK008');
    const call = (approvalId: string) =>
      sql`select grant_claim(${approvalId}, ${claim.id}, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), ${Buffer.alloc(40)}, 'k1', 'k1',
        null, null, null, null, 'k1', ${Buffer.alloc(32)}, 'x', now())`.execute(desk.db);
    await refused(call('00000000-0000-7000-8000-000000000000'), 'UK008');
    const proposed = await propose([claim.id]);
    if (proposed.kind !== 'proposed') throw new Error(proposed.reason);
    await refused(call(proposed.approvalId), 'UK008');
    await refused(sql`insert into grants (id) values (gen_random_uuid())`.execute(desk.db), '42501');
    await refused(sql`insert into grant_coupons (coupon_id) values (gen_random_uuid())`.execute(desk.db), '42501');
    await refused(sql`update approval_claims set yen = 5`.execute(desk.db), '42501');
    await refused(
      sql`select grant_claim(null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null)`.execute(
        web.db,
      ),
      'UK008',
    );
    await decideApproval(desk, { staff: by(approver), approvalId: proposed.approvalId, decision: 'refuse', note: '' });
    await refused(
      sql`insert into approval_claims (approval_id, claim_id, campaign_id, yen) values (${proposed.approvalId}, ${claim.id}, ${KUMAMOTO}, 5)`.execute(
        desk.db,
      ),
      'UK008',
    );
  });

  it('arrows that do not exist, whoever draws them', async () => {
    const claim = await claimFor(web, [free()], { proven: false });
    for (const to of ['more_needed', 'approved', 'sent', 'collected'] as const) {
      await expect(owner.db.updateTable('claims').set({ state: to }).where('id', '=', claim.id).execute()).rejects.toThrow();
    }
    expect(await stateOf(claim.id)).toBe('received');
  });
});

describe('the proof', () => {
  /** As the server's administrator with the triggers off. */
  const tamper = async (statement: string) => {
    const client = new pg.Client(database.superuserUrl);
    await client.connect();
    await client.query(`set session_replication_role = replica; ${statement}`).finally(() => client.end());
  };

  it('finds a claim that does not stand with its approval, its coupons and its grant', async () => {
    const claim = await claimFor(web, [free(), free()]);
    const approvalId = await approve([claim.id]);
    expect(await grantClaims(desk, { approvalId })).toBe('done');
    await books();
    const own = await owner.db.selectFrom('claims').select('grant_id').where('id', '=', claim.id).executeTakeFirstOrThrow();
    const found = async () => (await getProof(owner.db, { campaignId: KUMAMOTO })).differences;
    const at = { check: 'coupon_claim', campaignId: KUMAMOTO };
    const item = `where claim_id = '${claim.id}'`;

    await tamper(`update approval_claims set yen = yen + 1 ${item}`);
    expect(await found()).toEqual([{ ...at, id: claim.number, expectedYen: 2_001n, foundYen: 2_000n }]);
    await tamper(`update approval_claims set yen = yen - 1 ${item}`);

    await tamper(`update claim_coupons set coupon_id = null ${item} and position = 2`);
    expect(await found()).toEqual([{ ...at, id: claim.number, expectedYen: 2_000n, foundYen: 1_000n }]);
    await tamper(`update claim_coupons n set coupon_id = p.id from coupons p ${item} and p.plain_number = n.inquiry_number`);

    await tamper(`update claims set grant_id = null, state = 'checking' where id = '${claim.id}'`);
    expect(await found()).toEqual([{ ...at, id: own.grant_id, expectedYen: 0n, foundYen: 2_000n }]);
    await tamper(`update claims set grant_id = '${own.grant_id}', state = 'approved' where id = '${claim.id}'`);
    await books();
  });
});

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { extendCoupons } from '~/services/extend-coupons';
import { importCoupons } from '~/services/import-coupons';
import { importPayments } from '~/services/import-payments';
import { putBack } from '~/services/put-back';
import { type BulkTestPortal, makeBulkPortal } from '../support/bulk-portal';
import { COUPON_HEADER, couponLine, KUMAMOTO, loadKumamoto, PAYMENT_HEADER, paymentLine } from '../support/coupons';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makeTestPortal, type TestPortal } from '../support/portal';

let folder: string;
let database: TestDatabase;
let owner: BulkTestPortal;
let desk: TestPortal;
let client: pg.Client;
let coupon: string;
let other: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'uketori-coupon-guards-'));
  database = await createTestDatabase();
  owner = makeBulkPortal(database.ownerUrl);
  desk = makeTestPortal(database.consoleUrl, { clock: owner.clock });
  client = new pg.Client(database.ownerUrl);
  await client.connect();
  await loadKumamoto(owner);
  const load = (name: string, lines: string[]) => {
    writeFileSync(path.join(folder, name), `${lines.join('\n')}\n`);
    return { campaignId: KUMAMOTO, actor: 'test', rejectedFile: null, file: path.join(folder, name) };
  };
  await importCoupons(
    owner,
    load('c.csv', [COUPON_HEADER, couponLine('A', { valid: '2023-02-10' }), couponLine('B', { valid: '2023-02-10' })]),
  );
  const paid = ['P1', 'P2', 'P3'].map((number) => paymentLine(number, 'A', 300));
  await importPayments(owner, load('p.csv', [PAYMENT_HEADER, ...paid, paymentLine('T1', 'A', 50, { result: 'タイムアウト' })]));
  [coupon = '', other = ''] = (await owner.db.selectFrom('coupons').select('id').orderBy('inquiry_number').execute()).map(({ id }) => id);
});
afterAll(async () => {
  await client.end();
  await desk.close();
  await owner.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

const entry = (kind: string, from: string, to: string, yen: number, of: { payment?: string; on?: string } = {}) =>
  client.query(
    `insert into coupon_entries (coupon_id, campaign_id, kind, from_account, to_account, yen, payment_number, reason, evidence, actor, at)
     values ($1, $2, $3, $4, $5, $6, $7, 'x', 'x', 'test', now())`,
    [of.on ?? coupon, KUMAMOTO, kind, from, to, yen, of.payment ?? null],
  );

/** An approval for a coupon act that an approver has given. */
async function approved(act: string, subject: { kind: 'coupon' | 'coupons'; id: string }): Promise<string> {
  const [id, operator, approver] = [randomUUID(), randomUUID(), randomUUID()];
  // The one before has ended: one thing is proposed for one subject at a time.
  await client.query(`update approvals set state = 'done', ended_at = now() where state = 'approved'`);
  for (const [staff, role] of [
    [operator, 'operator'],
    [approver, 'approver'],
  ]) {
    await client.query(`insert into staff (id, login, name, role, all_campaigns, created_at) values ($1, $2, 'x', $3, true, now())`, [
      staff,
      `s${staff?.slice(0, 8)}`,
      role,
    ]);
  }
  await client.query(
    `insert into approvals (id, campaign_id, act, subject_kind, subject_id, yen, plan, reason, note, state, proposed_by, proposed_at, expires_at)
     values ($1, $2, $3, $4, $5, 300, '{}', 'unanswered', '', 'proposed', $6, now(), now() + interval '1 day')`,
    [id, KUMAMOTO, act, subject.kind, subject.id, operator],
  );
  await client.query(`update approvals set state = 'approved', decided_by = $2, decided_at = now() where id = $1`, [id, approver]);
  return id;
}

describe('PostgreSQL keeps the register', () => {
  it.each<[string, () => Promise<unknown>, string]>([
    ['taking more than is left', () => entry('taken', 'remaining', 'taken', 101), 'UK002'],
    ['opening an account twice', () => entry('issued', 'face', 'remaining', 1_000), '23505'],
    ['entering a payment twice', () => entry('spent', 'remaining', 'spent', 300, { payment: 'P1' }), '23505'],
    ['entering a payment that took nothing', () => entry('spent', 'remaining', 'spent', 50, { payment: 'T1' }), 'UK001'],
    ['putting back other yen than were paid', () => entry('put_back', 'spent', 'remaining', 299, { payment: 'P2' }), 'UK001'],
    ['putting back to another coupon', () => entry('put_back', 'spent', 'remaining', 300, { payment: 'P2', on: other }), 'UK002'],
    ['an entry between other accounts', () => entry('put_back', 'face', 'remaining', 300, { payment: 'P2' }), '23514'],
    ['a change of an entry', () => client.query('update coupon_entries set yen = 1'), 'UK003'],
    ['a change of a payment', () => client.query(`update payments set yen = 1`), 'UK003'],
    ['another face value', () => client.query('update coupons set face_yen = 5000, listed_yen = 5000'), 'UK003'],
    ['another contact state without a delivery', () => client.query(`update coupons set listed_yen = 1`), 'UK003'],
    ['a delivery that did not differ', () => client.query('update coupons set listed_yen = 1, renewed_by = import_id'), 'UK003'],
    ['removing a coupon', () => client.query('delete from coupons'), 'UK003'],
  ])('from %s', async (_what, act, code) => {
    await expect(act()).rejects.toMatchObject({ code });
  });
});

describe('the console', () => {
  const act = { campaignId: KUMAMOTO, inquiryNumber: 'A', payments: ['P1'], reason: 'unanswered', evidence: '案件 1', actor: 'staff:x' };

  it('puts back and extends on an approval for this coupon only', async () => {
    await expect(putBack(desk, act)).rejects.toMatchObject({ code: '42501' });
    const wrong = await approved('put_back', { kind: 'coupon', id: other });
    await expect(putBack(desk, { ...act, approvalId: wrong })).rejects.toMatchObject({ code: '42501' });
    const right = await approved('put_back', { kind: 'coupon', id: coupon });
    expect(await putBack(desk, { ...act, approvalId: right })).toMatchObject({ kind: 'put_back', yen: 300n, remainingYen: 400n });
  });

  it('extends all on an approval for all only', async () => {
    const extend = { campaignId: KUMAMOTO, reason: 'failure', evidence: 'お知らせ', actor: 'staff:x' };
    await expect(extendCoupons(desk, extend)).rejects.toMatchObject({ code: 'UK008' });
    const one = await approved('extend_coupon', { kind: 'coupon', id: other });
    await expect(extendCoupons(desk, { ...extend, approvalId: one })).rejects.toMatchObject({ code: 'UK008' });
    const all = await approved('extend_coupons', { kind: 'coupons', id: KUMAMOTO });
    expect(await extendCoupons(desk, { ...extend, approvalId: all })).toMatchObject({ kind: 'extended' });
  });

  it('takes nothing from a coupon and makes no grant of one', async () => {
    await expect(
      desk.db
        .insertInto('coupon_entries')
        .values({
          coupon_id: coupon,
          campaign_id: KUMAMOTO,
          kind: 'taken',
          from_account: 'remaining',
          to_account: 'taken',
          yen: 1n,
          actor: 'x',
          at: owner.clock.now(),
        })
        .execute(),
    ).rejects.toMatchObject({ code: '42501' });
    await expect(
      desk.db.insertInto('grant_coupons').values({ coupon_id: coupon, grant_id: coupon, campaign_id: KUMAMOTO, yen: 1n }).execute(),
    ).rejects.toMatchObject({ code: '42501' });
  });
});

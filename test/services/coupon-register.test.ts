import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { extendCoupons } from '~/services/extend-coupons';
import { type CouponImport, importCoupons } from '~/services/import-coupons';
import { importPayments } from '~/services/import-payments';
import type { FileImport } from '~/services/parts/import-file';
import { openAppContact } from '~/services/parts/sealed-contact';
import { putBack } from '~/services/put-back';
import { runCutoff } from '~/services/run-cutoff';
import { type CouponCandidate, listCandidates } from '~/views/coupon-candidates';
import { getProof } from '~/views/proof';
import { type BulkTestPortal, makeBulkPortal } from '../support/bulk-portal';
import {
  COUPON_HEADER,
  couponLine,
  expectedOfSamples,
  KUMAMOTO,
  loadKumamoto,
  loadSamples,
  PAYMENT_HEADER,
  paymentLine,
  readSample,
  type SamplePayment,
} from '../support/coupons';
import { createTestDatabase, type TestDatabase } from '../support/database';

let folder: string;
let database: TestDatabase;
let portal: BulkTestPortal;

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'uketori-register-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  database = await createTestDatabase();
  portal = makeBulkPortal(database.ownerUrl);
  return async () => {
    await portal.close();
    await database.drop();
  };
});

let files = 0;
function file(header: string, lines: readonly string[]): string {
  files += 1;
  const at = path.join(folder, `${files}.csv`);
  writeFileSync(at, `${[header, ...lines].join('\r\n')}\r\n`);
  return at;
}
const input = (at: string, options: Partial<FileImport> = {}) => ({
  campaignId: KUMAMOTO,
  file: at,
  actor: 'test',
  rejectedFile: null,
  ...options,
});
const coupons = (lines: readonly string[], options: Partial<FileImport> = {}) =>
  importCoupons(portal, input(file(COUPON_HEADER, lines), options));
const payments = (lines: readonly string[], options: Partial<FileImport> = {}) =>
  importPayments(portal, input(file(PAYMENT_HEADER, lines), options));
const proof = async () => {
  const { campaigns, differences } = await getProof(portal.db, { campaignId: KUMAMOTO });
  return { differences, coupons: campaigns[0]?.coupons };
};

describe('the sample register', () => {
  it('agrees with its payments to the yen, coupon by coupon, and keeps contacts sealed', async () => {
    const expected = expectedOfSamples();
    await loadSamples(portal);
    expect(await proof()).toEqual({
      differences: [],
      coupons: {
        coupons: 6_000,
        faceYen: BigInt(expected.faceYen),
        spentYen: BigInt(expected.spentYen),
        putBackYen: 0n,
        remainingYen: BigInt(expected.balanceYen),
        takenYen: 0n,
        grantedYen: 0n,
        waitingYen: 0n,
        casesYen: 0n,
      },
    });
    const row = await portal.db.selectFrom('coupons').selectAll().where('inquiry_number', '=', '437000000259').executeTakeFirstOrThrow();
    const { contact_sealed, contact_key_id } = row;
    if (!contact_sealed || !contact_key_id) throw new Error('not sealed');
    expect(contact_sealed.toString('latin1')).not.toContain('0000');
    expect(openAppContact(portal.crypto, { id: row.id, contact_sealed, contact_key_id })).toEqual({ phone: '+817000000007', mail: null });
    expect(row.phone_index).toEqual(portal.crypto.index('phone', '+817000000007'));
  });

  it('shows what happened in the failure, each with its evidence', async () => {
    await loadSamples(portal);
    const candidates: CouponCandidate[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const page = await listCandidates(portal.db, { campaignId: KUMAMOTO, after, coupons: 50 });
      candidates.push(...(page?.candidates ?? []));
      after = page?.next ?? null;
    }
    // Counted from the file: what came again at the same shop and amount in the hours of the failure, and what was never answered.
    const groups = new Map<string, SamplePayment[]>();
    for (const row of readSample<SamplePayment>('payments.csv')) {
      if (row.結果 === 'タイムアウト' || row.決済日時 < '2023-02-24T17:00:00') continue;
      const key = [row.お問合せ番号, row.店舗, row.金額, row.結果].join();
      groups.set(key, [...(groups.get(key) ?? []), row]);
    }
    const all = [...groups.values()];
    const repeated = all.filter((group) => group.length > 1 && group[0]?.結果 === '成功');
    const unanswered = all.filter((group) => group[0]?.結果 === '応答なし');
    const of = (kind: CouponCandidate['kind']) => candidates.filter((each) => each.kind === kind);
    expect(of('repeated')).toHaveLength(repeated.length);
    expect(of('unanswered')).toHaveLength(unanswered.length);
    const sum = (list: readonly CouponCandidate[]) => list.reduce((yen, each) => yen + Number(each.excessYen), 0);
    expect(sum(of('repeated'))).toBe(repeated.flatMap((group) => group.slice(1)).reduce((yen, row) => yen + Number(row.金額), 0));
    expect(sum(of('unanswered'))).toBe(unanswered.flat().reduce((yen, row) => yen + Number(row.金額), 0));
    expect(repeated.length).toBeGreaterThan(50);
    const one = of('unanswered').find((each) => each.inquiryNumber === '437000029896');
    expect(one).toMatchObject({ settled: false, excessYen: 604n, evidence: [{ number: 'P0000717' }] });
    await putBack(portal, {
      campaignId: KUMAMOTO,
      inquiryNumber: '437000029896',
      payments: ['P0000717'],
      reason: 'unanswered',
      evidence: '加盟店の回答',
      actor: 'test',
    });
    const again = await listCandidates(portal.db, { campaignId: KUMAMOTO, after: '437000029895', coupons: 1 });
    expect(again?.candidates[0]).toMatchObject({ inquiryNumber: '437000029896', settled: true });
  });
});

describe('a file of coupons', () => {
  it.each<[string, string, string[]]>([
    ['no number', couponLine(''), ['number_missing']],
    ['a number of other signs', couponLine('A_1'), ['number_malformed']],
    ['too few columns', 'A,B', ['too_few_columns']],
    ['too many columns', `${couponLine('A')},x`, ['too_many_columns']],
    ['no face value', couponLine('A', { face: ' ', balance: '0' }), ['face_missing']],
    ['a face value of 0', couponLine('A', { face: '0' }), ['face_zero']],
    ['a negative face value', couponLine('A', { face: '-5', balance: '0' }), ['face_negative']],
    ['part of a yen', couponLine('A', { face: '1.5', balance: '0' }), ['face_fraction']],
    ['no number as face value', couponLine('A', { face: '1e3', balance: '0' }), ['face_not_a_number']],
    ['a face value above the ceiling', couponLine('A', { face: '1000001' }), ['face_too_large']],
    ['a balance above the face value', couponLine('A', { balance: '1001' }), ['balance_above_face']],
    ['a negative balance', couponLine('A', { balance: '-1' }), ['balance_negative']],
    ['no balance', couponLine('A', { balance: ' ' }), ['balance_missing']],
    ['part of a yen left', couponLine('A', { balance: '0.5' }), ['balance_fraction']],
    ['no number as balance', couponLine('A', { balance: 'x' }), ['balance_not_a_number']],
    ['no validity', couponLine('A', { valid: ' ' }), ['valid_missing']],
    ['a day that does not exist', couponLine('A', { valid: '2023-02-29' }), ['valid_malformed']],
    ['no word on the app', couponLine('A', { app: ' ' }), ['app_missing']],
    ['another word on the app', couponLine('A', { app: 'はい' }), ['app_unknown']],
    ['in the app without contact', couponLine('A', { app: '有' }), ['contact_missing']],
    ['a contact without the app', couponLine('A', { app: '無', mail: 'a@example.jp' }), ['contact_unexpected']],
    ['a telephone number that is none', couponLine('A', { phone: '123' }), ['phone_malformed']],
    ['only a fixed line', couponLine('A', { phone: '096-000-0000' }), ['phone_landline']],
    ['a mail address that is none', couponLine('A', { mail: 'x' }), ['mail_malformed']],
    ['a day of leaving that is none', couponLine('A', { mail: 'a@example.jp', left: '3月' }), ['left_malformed']],
    ['a line break in the issuer', couponLine('A').replace('宿', '"a\nb"'), ['issuer_malformed']],
    ['a prefecture too long', couponLine('A').replace('熊本県', 'あ'.repeat(21)), ['prefecture_malformed']],
  ])('with %s is refused', async (_what, line, problems) => {
    await loadKumamoto(portal);
    expect(await coupons([couponLine('OK'), line])).toMatchObject({ kind: 'rejected', accepted: 1, examples: [{ row: 3, problems }] });
    expect(await portal.db.selectFrom('coupons').select('id').execute()).toEqual([]);
  });

  it('is taken once, and a coupon once', async () => {
    await loadKumamoto(portal);
    const at = file(COUPON_HEADER, [couponLine('A'), couponLine('B')]);
    expect(await importCoupons(portal, input(at))).toMatchObject({ kind: 'imported', accepted: 2, totalYen: 2_000n });
    expect(await importCoupons(portal, input(at))).toMatchObject({ kind: 'repeated', past: { acceptedCount: 2 } });
    expect(await coupons([couponLine('C'), couponLine('C'), couponLine('A')])).toMatchObject({
      kind: 'rejected',
      problems: { number_twice: 1 },
    });
    expect(await coupons([couponLine('C'), couponLine('A')])).toMatchObject({
      kind: 'imported',
      accepted: 1,
      delivery: { unchanged: 1, changed: 0 },
    });
    expect((await proof()).coupons).toMatchObject({ coupons: 3, faceYen: 3_000n, remainingYen: 3_000n });
  });
});

describe('a newer file of the same register', () => {
  const first = [
    couponLine('A', { phone: '090-1111-2222' }),
    couponLine('B', { balance: '900' }),
    couponLine('C'),
    couponLine('D', { mail: 'd@example.jp' }),
  ];
  const newer = [
    couponLine('A', { phone: '090-3333-4444', balance: '700' }),
    couponLine('B', { balance: '900', face: '2000', valid: '2023-03-01' }).replace('宿', '別の宿'),
    couponLine('C', { mail: 'C@example.jp', left: '2023-03-02' }),
    couponLine('D', { mail: 'D@example.jp' }),
    couponLine('E', { balance: '10' }),
  ];
  const differences = { issuer: 1, face: 1, balance: 1, valid: 1, app: 1, phone: 1, mail: 1, left: 1 };
  const deliver = (lines: readonly string[], options: Partial<CouponImport> = {}) =>
    importCoupons(portal, input(file(COUPON_HEADER, lines), options));
  const register = async () => {
    const rows = await portal.db.selectFrom('coupons').selectAll().orderBy('inquiry_number').execute();
    return rows.map((row) => {
      const { id, contact_sealed, contact_key_id } = row;
      const contact = contact_sealed && contact_key_id ? openAppContact(portal.crypto, { id, contact_sealed, contact_key_id }) : null;
      return [row.inquiry_number, row.face_yen, row.listed_yen, row.in_app, row.left_on, contact?.phone ?? contact?.mail ?? null];
    });
  };

  it('adds what is new, counts what is the same, and names every difference without taking it over', async () => {
    await loadKumamoto(portal);
    await deliver(first);
    const before = await register();
    const differencesFile = path.join(folder, 'differences.csv');
    expect(await deliver(newer, { dryRun: true })).toMatchObject({
      kind: 'checked',
      accepted: 1,
      delivery: { unchanged: 1, changed: 3, differences, differencesFile: null },
    });
    expect(await register()).toEqual(before);
    expect(await portal.db.selectFrom('coupon_differences').select('field').execute()).toEqual([]);

    const result = await deliver(newer, { differencesFile });
    expect(result).toMatchObject({ kind: 'imported', accepted: 1, delivery: { unchanged: 1, changed: 3, renewed: 0, differences } });
    expect((await register()).slice(0, 4)).toEqual(before);
    const text = readFileSync(differencesFile, 'utf8');
    expect(text).toContain('2,A,アプリ電話番号,090-****-2222,090-****-4444,台帳のまま');
    expect(text).toContain('3,B,額面,1000,2000,台帳のまま');
    expect(text).not.toContain('3333');
    expect((await proof()).coupons).toMatchObject({ coupons: 5, faceYen: 5_000n, remainingYen: 5_000n });
  });

  it('brings the app and the listed balance up to date when asked, never money, and each file once', async () => {
    await loadKumamoto(portal);
    await deliver(first);
    const at = file(COUPON_HEADER, newer);
    await importCoupons(portal, input(at));
    const renew = { ...input(at), update: true, asOf: new Date('2023-03-10T00:00:00+09:00') };
    expect(await importCoupons(portal, renew)).toMatchObject({
      kind: 'imported',
      accepted: 0,
      delivery: { unchanged: 2, changed: 3, renewed: 2, differences },
    });
    expect(await importCoupons(portal, renew)).toMatchObject({ kind: 'repeated' });
    expect(await register()).toEqual([
      ['A', 1_000n, 700n, true, null, '+819033334444'],
      ['B', 1_000n, 900n, false, null, null],
      ['C', 1_000n, 1_000n, true, '2023-03-02', 'C@example.jp'],
      ['D', 1_000n, 1_000n, true, null, 'd@example.jp'],
      ['E', 1_000n, 10n, false, null, null],
    ]);
    const a = await portal.db.selectFrom('coupons').selectAll().where('inquiry_number', '=', 'A').executeTakeFirstOrThrow();
    expect(a.phone_index).toEqual(portal.crypto.index('phone', '+819033334444'));
    const kept = await portal.db
      .selectFrom('coupon_differences')
      .innerJoin('imports', 'imports.id', 'coupon_differences.import_id')
      .select(['field', 'before', 'after', 'renewed', 'imports.actor'])
      .where('coupon_id', '=', a.id)
      .where('imports.kind', '=', 'coupon_renewals')
      .orderBy('field')
      .execute();
    expect(kept).toEqual([
      { field: 'balance', before: '1000', after: '700', renewed: true, actor: 'test' },
      { field: 'phone', before: null, after: null, renewed: true, actor: 'test' },
    ]);
    expect((await proof()).coupons).toMatchObject({ coupons: 5, faceYen: 5_000n, remainingYen: 5_000n });
    // An older statement of what was left is no news.
    const older = await deliver([couponLine('A', { phone: '090-3333-4444' })], { update: true });
    expect(older).toMatchObject({ kind: 'imported', delivery: { changed: 1, renewed: 0, differences: { balance: 1 } } });
    expect((await register())[0]).toEqual(['A', 1_000n, 700n, true, null, '+819033334444']);
  });

  it('is refused as a whole for one bad row, and once the cut-off has begun', async () => {
    await loadKumamoto(portal);
    await deliver(first);
    const before = await register();
    const bad = await deliver([...newer, couponLine('F', { face: '0' })], { update: true });
    expect(bad).toMatchObject({ kind: 'rejected', rejected: 1, delivery: { changed: 3 } });
    portal.clock.set(new Date('2023-04-01T00:00:00+09:00'));
    expect(await runCutoff(portal, { campaignId: KUMAMOTO, actor: 'test', withDifferences: true })).toMatchObject({ kind: 'ran' });
    expect(await deliver(newer, { update: true })).toMatchObject({ kind: 'refused', reason: 'cut_off' });
    expect(await register()).toEqual(before);
  });
});

describe('a file of payments', () => {
  it('says of a payment that fits by itself which refused one of its coupon stands before it, and takes neither', async () => {
    await loadKumamoto(portal);
    await importCoupons(portal, input(file(COUPON_HEADER, [couponLine('A'), couponLine('B')])));
    const lines = [
      paymentLine('P1', 'A', 300, { at: '2023-02-24T09:00:00+09:00' }),
      paymentLine('P2', 'A', 900, { at: '2023-02-24T10:00:00+09:00' }),
      // Before it in the file, after it in time; then another coupon's.
      paymentLine('P3', 'A', 200, { at: '2023-02-24T11:00:00+09:00' }),
      paymentLine('P4', 'B', 200, { at: '2023-02-24T11:00:00+09:00' }),
    ].reverse();
    const given = file(PAYMENT_HEADER, lines);
    expect(await importPayments(portal, { ...input(given), skipBad: true })).toMatchObject({
      kind: 'imported',
      accepted: 2,
      rejected: 2,
      problems: { above_remaining: 1, behind_refused: 1 },
      examples: [
        { number: 'P3', problems: ['behind_refused'] },
        { number: 'P2', problems: ['above_remaining'] },
      ],
    });
    // Once the large one is put right, the other fits.
    const again = file(PAYMENT_HEADER, [
      paymentLine('P2', 'A', 90, { at: '2023-02-24T10:00:00+09:00' }),
      paymentLine('P3', 'A', 200, { at: '2023-02-24T11:00:00+09:00' }),
    ]);
    expect(await importPayments(portal, input(again))).toMatchObject({ kind: 'imported', accepted: 2, rejected: 0 });
  });

  it.each<[string, string, string[]]>([
    ['no number', paymentLine('', 'A', 1), ['number_missing']],
    ['a number of other signs', paymentLine('P 1', 'A', 1), ['number_malformed']],
    ['too few columns', 'P1,A', ['too_few_columns']],
    ['too many columns', `${paymentLine('P1', 'A', 1)},x`, ['too_many_columns']],
    ['no coupon', paymentLine('P1', '', 1), ['inquiry_missing']],
    ['a coupon of other signs', paymentLine('P1', 'A!', 1), ['inquiry_malformed']],
    ['a coupon that is not there', paymentLine('P1', 'NONE', 1), ['coupon_unknown']],
    ['no amount', paymentLine('P1', 'A', ''), ['amount_missing']],
    ['an amount of 0', paymentLine('P1', 'A', 0), ['amount_zero']],
    ['a negative amount', paymentLine('P1', 'A', -1), ['amount_negative']],
    ['part of a yen', paymentLine('P1', 'A', '1.5'), ['amount_fraction']],
    ['no number as amount', paymentLine('P1', 'A', 'x'), ['amount_not_a_number']],
    ['an amount without end', paymentLine('P1', 'A', '99999999999999'), ['amount_too_large']],
    ['more than was left', paymentLine('P1', 'A', 1_001), ['above_remaining']],
    ['no time', paymentLine('P1', 'A', 1, { at: ' ' }), ['paid_missing']],
    ['a day only', paymentLine('P1', 'A', 1, { at: '2023-02-24' }), ['paid_malformed']],
    ['a time to come', paymentLine('P1', 'A', 1, { at: '2023-05-20T10:00:01+09:00' }), ['paid_in_future']],
    ['no result', paymentLine('P1', 'A', 1, { result: ' ' }), ['result_missing']],
    ['another result', paymentLine('P1', 'A', 1, { result: '失敗' }), ['result_unknown']],
    ['a line break in the shop', paymentLine('P1', 'A', 1, { shop: '"a\nb"' }), ['shop_malformed']],
  ])('with %s is refused', async (_what, line, problems) => {
    await loadKumamoto(portal);
    await coupons([couponLine('A')]);
    for (const dryRun of [true, false]) {
      const result = await payments([paymentLine('OK', 'A', 1, { result: 'タイムアウト' }), line], { dryRun });
      expect(result).toMatchObject({ kind: dryRun ? 'checked' : 'rejected', accepted: 1, examples: [{ row: 3, problems }] });
    }
    expect(await portal.db.selectFrom('payments').select('number').execute()).toEqual([]);
    expect((await proof()).coupons).toMatchObject({ spentYen: 0n, remainingYen: 1_000n });
  });

  it('is imported daily, each payment once, and never more than was left', async () => {
    await loadKumamoto(portal);
    await coupons([couponLine('A', { balance: '300' }), couponLine('B')]);
    const first = file(PAYMENT_HEADER, [paymentLine('P1', 'A', 700), paymentLine('P2', 'B', 5, { result: 'タイムアウト' })]);
    expect(await importPayments(portal, input(first))).toMatchObject({ kind: 'imported', accepted: 2, totalYen: 700n });
    expect(await importPayments(portal, input(first))).toMatchObject({ kind: 'repeated' });
    expect(await payments([paymentLine('P1', 'A', 1), paymentLine('P3', 'A', 1)])).toMatchObject({
      kind: 'rejected',
      examples: [{ row: 2, number: 'P1', problems: ['number_exists'] }],
    });
    const rejectedFile = path.join(folder, 'rejected.csv');
    const later = { at: '2023-03-05T10:00:00+09:00' };
    const third = [paymentLine('P4', 'A', 200, later), paymentLine('P4', 'A', 1, later), paymentLine('P5', 'A', 101, later)];
    expect(await payments(third, { rejectedFile, skipBad: true })).toMatchObject({ kind: 'imported', accepted: 1, rejected: 2 });
    expect(readFileSync(rejectedFile, 'utf8')).toContain('4,P5,金額,この決済まででクーポンの残高を超えます');
    // The number as another system spells it.
    expect(await payments([paymentLine('P6', 'b-', 50, later)])).toMatchObject({ kind: 'imported', accepted: 1 });
    // The file's balance was that of 24 February: what was spent in March does not differ from it.
    expect(await proof()).toMatchObject({ differences: [], coupons: { spentYen: 950n, remainingYen: 1_050n } });
  });
});

describe('an extension', () => {
  const evidence = 'お知らせ第4報';
  it('of all, and of one, is recorded once with reason and evidence', async () => {
    await loadKumamoto(portal);
    await coupons([couponLine('A'), couponLine('B', { valid: '2023-02-10' })]);
    const all = { campaignId: KUMAMOTO, reason: 'failure', evidence, actor: 'cli:owner' };
    const until = new Date('2023-04-01T00:00:00+09:00');
    expect(await extendCoupons(portal, all)).toEqual({ kind: 'extended', coupons: 1, yen: 1_000n, until });
    for (const again of [all, { ...all, inquiryNumber: 'A' }]) {
      expect(await extendCoupons(portal, again)).toEqual({ kind: 'refused', reason: 'already_extended' });
    }
    expect(await extendCoupons(portal, { ...all, inquiryNumber: 'B' })).toMatchObject({ kind: 'extended', coupons: 1 });
    expect(await extendCoupons(portal, { ...all, inquiryNumber: 'NONE' })).toMatchObject({ reason: 'coupon_unknown' });
    expect(await extendCoupons(portal, { ...all, evidence: ' ' })).toMatchObject({ reason: 'evidence_missing' });
    expect(await extendCoupons(portal, { ...all, reason: 'because' })).toMatchObject({ reason: 'reason_unknown' });
    const audit = await portal.db
      .selectFrom('audit_entries')
      .where('act', 'like', 'extend%')
      .select(['act', 'actor'])
      .orderBy('act')
      .execute();
    expect(audit).toEqual([
      { act: 'extend_coupon', actor: 'cli:owner' },
      { act: 'extend_coupons', actor: 'cli:owner' },
    ]);
  });
});

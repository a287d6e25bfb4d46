import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Bulk } from '#db/bulk';
import { importCoupons } from '~/services/import-coupons';
import { importGrants } from '~/services/import-grants';
import { importPayments } from '~/services/import-payments';
import { openContact } from '~/services/parts/sealed-contact';
import { putBack } from '~/services/put-back';
import { type CutoffInput, planCutoff, runCutoff } from '~/services/run-cutoff';
import { findCutoffReport } from '~/views/cutoff-report';
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
} from '../support/coupons';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { movingDeadline } from '../support/moving-deadline';

/** 31 March 2023, 23:59:59 in Japan, as the exclusive instant. */
const CUTOFF = new Date('2023-04-01T00:00:00+09:00');
/** A later deadline of the programme. */
const LATER = new Date('2023-07-01T00:00:00+09:00');
const GRANT_HEADER = '付与番号,お問合せ番号,氏名,フリガナ,電話番号,メールアドレス,残額,送付方法';
const expected = expectedOfSamples();

let folder: string;
let database: TestDatabase;
let portal: BulkTestPortal;

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'uketori-cutoff-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  database = await createTestDatabase();
  portal = makeBulkPortal(database.ownerUrl);
  portal.clock.set(CUTOFF);
});
afterEach(async () => {
  await portal.close();
  await database.drop();
});

const run = (input: Partial<CutoffInput> = {}, on: BulkTestPortal = portal) =>
  runCutoff(on, { campaignId: KUMAMOTO, actor: 'test', ...input });
const proof = () => getProof(portal.db, { campaignId: KUMAMOTO });

function file(name: string, header: string, lines: readonly string[]): string {
  const at = path.join(folder, name);
  writeFileSync(at, `${[header, ...lines].join('\r\n')}\r\n`);
  return at;
}

let files = 0;
/** A programme with these coupons and payments. */
async function register(coupons: readonly string[], payments: readonly string[] = []): Promise<void> {
  await loadKumamoto(portal);
  const common = { campaignId: KUMAMOTO, actor: 'test', rejectedFile: null };
  files += 1;
  const one = await importCoupons(portal, { ...common, file: file(`c${files}.csv`, COUPON_HEADER, coupons) });
  if (one.kind !== 'imported') throw new Error(`coupons: ${JSON.stringify(one, (_k, v) => (typeof v === 'bigint' ? String(v) : v))}`);
  if (payments.length > 0) await pay(payments);
}

async function pay(lines: readonly string[]) {
  files += 1;
  return importPayments(portal, {
    campaignId: KUMAMOTO,
    actor: 'test',
    rejectedFile: null,
    file: file(`p${files}.csv`, PAYMENT_HEADER, lines),
  });
}

async function grants() {
  const rows = await portal.db
    .selectFrom('grants as g')
    .innerJoin('recipients as r', 'r.id', 'g.recipient_id')
    .orderBy('g.number')
    .select(['g.id as grantId', 'g.number', 'g.granted_yen', 'g.channel', 'g.link_digest', 'r.id', 'r.contact_sealed', 'r.contact_key_id'])
    .execute();
  return rows.map((row) => ({ ...row, contact: openContact(portal.crypto, row) }));
}

describe('the cut-off of the sample programme', () => {
  it('is planned, run and proven exactly to the yen of its files', async () => {
    await loadSamples(portal);
    const plan = await planCutoff(portal, { campaignId: KUMAMOTO });
    expect(plan).toMatchObject({
      kind: 'planned',
      takenAt: CUTOFF,
      differences: 0,
      ways: {
        app: { coupons: expected.app.coupons, persons: expected.app.coupons, yen: BigInt(expected.app.yen) },
        claim: { coupons: expected.claim.coupons, yen: BigInt(expected.claim.yen) },
      },
    });
    expect((await proof()).exact).toBe(true);
    expect(await run()).toEqual({
      kind: 'ran',
      grants: expected.app.coupons,
      grantedCoupons: expected.app.coupons,
      grantedYen: BigInt(expected.app.yen),
      waitingCoupons: expected.claim.coupons,
      waitingYen: BigInt(expected.claim.yen),
      finished: true,
    });
    const taken = expected.app.yen + expected.claim.yen;
    const after = await proof();
    expect(after.differences).toEqual([]);
    expect(after.campaigns[0]).toMatchObject({
      grantedYen: BigInt(expected.app.yen),
      coupons: {
        coupons: 6_000,
        faceYen: BigInt(expected.faceYen),
        spentYen: BigInt(expected.spentYen),
        putBackYen: 0n,
        remainingYen: BigInt(expected.balanceYen - taken),
        takenYen: BigInt(taken),
        grantedYen: BigInt(expected.app.yen),
        waitingYen: BigInt(expected.claim.yen),
      },
    });
    expect(await run()).toMatchObject({ grants: 0, waitingCoupons: 0, finished: true });
    expect(await proof()).toEqual(after);
    expect(await planCutoff(portal, { campaignId: KUMAMOTO })).toEqual({ kind: 'begun' });
    const report = await findCutoffReport(portal.db, { campaignId: KUMAMOTO });
    expect(report).toMatchObject({ finishedAt: CUTOFF, listed: [], late: [] });
    expect(report?.ways.map((way) => [way.way, way.doneCoupons, way.doneYen])).toEqual([
      ['app', expected.app.coupons, BigInt(expected.app.yen)],
      ['claim', expected.claim.coupons, BigInt(expected.claim.yen)],
    ]);
  });

  it('stopped after each batch and dying in the middle of others comes to the same', async () => {
    await loadSamples(portal);
    const stop = new AbortController();
    const first = await run({ batchSize: 700, signal: stop.signal, onProgress: () => stop.abort() });
    expect(first).toMatchObject({ kind: 'ran', finished: false });
    expect((await proof()).differences).toEqual([]);
    // Dies at each of the statements that a batch copies, with what was copied before undone.
    for (const at of [1, 2, 3, 4, 5]) {
      await expect(run({ batchSize: 700 }, { ...portal, bulk: dyingBulk(portal.bulk, at) })).rejects.toThrow('died');
      expect((await proof()).differences).toEqual([]);
    }
    const [a, b] = await Promise.all([run({ batchSize: 300 }), run({ batchSize: 300 })]);
    if (a.kind !== 'ran' || b.kind !== 'ran' || first.kind !== 'ran') throw new Error('refused');
    expect(first.grants + a.grants + b.grants).toBe(expected.app.coupons);
    expect(first.grantedYen + a.grantedYen + b.grantedYen).toBe(BigInt(expected.app.yen));
    expect(first.waitingYen + a.waitingYen + b.waitingYen).toBe(BigInt(expected.claim.yen));
    expect((await proof()).exact).toBe(true);
  });
});

describe('a deadline that moves while the cut-off runs', () => {
  it('is the deadline of every grant, also of those that were put together before', async () => {
    await register([couponLine('430000000101', { phone: '090-0000-0001' }), couponLine('430000000202', { phone: '090-0000-0002' })]);
    const bulk = movingDeadline(portal, { campaignId: KUMAMOTO, to: LATER, before: 2 });
    expect(await run({ batchSize: 1 }, { ...portal, bulk })).toMatchObject({ kind: 'ran', grants: 2, finished: true });
    const rows = await portal.db.selectFrom('grants').select('deadline_at').execute();
    expect(rows.map((row) => row.deadline_at)).toEqual([LATER, LATER]);
  });
});

describe('the terms', () => {
  const set = (terms: object) =>
    sql`update campaigns set settings = jsonb_set(settings, '{coupon}', settings->'coupon' || ${JSON.stringify(terms)}::jsonb)`.execute(
      portal.db,
    );
  /** A portal on which they are changed before the first transaction begins, as while it waits for an import. */
  const changing = (terms: object): BulkTestPortal => ({
    ...portal,
    bulk: {
      transaction: async (work) => {
        if (!(await findCutoffReport(portal.db, { campaignId: KUMAMOTO }))) await set(terms);
        return portal.bulk.transaction(work);
      },
    },
  });

  it('are those of when it is fixed, not of when somebody began to wait for it', async () => {
    await register([couponLine('W1'), couponLine('W2', { face: '50' })]);
    expect(await run({}, changing({ residualTakenAt: '2023-04-30T23:59:59+09:00' }))).toMatchObject({ reason: 'too_early' });
    await set({ residualTakenAt: '2023-03-31T23:59:59+09:00' });
    expect(await run({}, changing({ minimumResidualYen: 100 }))).toMatchObject({ waitingCoupons: 1, waitingYen: 1_000n });
  });
});

describe('the instant', () => {
  it.each([
    ['a second before', -1_000, 'refused'],
    ['a millisecond before', -1, 'refused'],
    ['at it', 0, 'ran'],
    ['a second after', 1_000, 'ran'],
  ])('%s: %s', async (_when, ms, kind) => {
    await register([couponLine('N1')]);
    portal.clock.set(new Date(CUTOFF.getTime() + ms));
    const result = await run();
    expect(result.kind).toBe(kind);
    if (result.kind === 'refused') expect(result).toEqual({ kind: 'refused', reason: 'too_early', takenAt: CUTOFF });
    expect((await planCutoff(portal, { campaignId: KUMAMOTO })).kind).toBe(kind === 'ran' ? 'begun' : 'planned');
  });

  it('of validity decides who is covered, to the second', async () => {
    await register([
      couponLine('V1', { valid: '2023-02-24T16:59:59+09:00' }),
      couponLine('V2', { valid: '2023-02-24T17:00:00+09:00' }),
      couponLine('V3', { valid: '2023-02-24T23:59:59+09:00' }),
      couponLine('V4', { valid: '2023-02-25T00:00:00+09:00' }),
      couponLine('V5', { valid: '2023-02-24' }),
      couponLine('V6', { valid: '2023/02/24 23:59' }),
    ]);
    await run();
    const rows = await portal.db.selectFrom('cutoff_lines').select('person').orderBy('person').execute();
    expect(rows.map((row) => row.person)).toEqual(['V2', 'V3', 'V5', 'V6']);
  });

  it('of leaving the app: whoever left before it waits for a claim', async () => {
    await register([
      couponLine('L1', { mail: 'a@example.jp', left: '2023-03-31' }),
      couponLine('L2', { mail: 'b@example.jp', left: '2023-04-01' }),
    ]);
    expect(await run()).toMatchObject({ grants: 1, waitingCoupons: 1 });
    expect((await grants()).map((grant) => grant.number)).toEqual(['C-L2']);
  });
});

describe('one person', () => {
  it('is who has the same telephone number or mail address, also by way of a third coupon', async () => {
    await register([
      couponLine('P3', { phone: '090-0000-0001', face: '100' }),
      couponLine('P2', { phone: '090-0000-0001', mail: 'a@example.jp', face: '200' }),
      // A fixed line comes first, but takes no SMS.
      couponLine('P1', { phone: '096-333-0000', mail: 'A@EXAMPLE.jp', face: '300' }),
      couponLine('P4', { mail: 'b@example.jp', face: '400' }),
      couponLine('P5', { phone: '０９０ー００００ー０００１', left: '2023-03-01', face: '500' }),
      couponLine('P6', { face: '600' }),
    ]);
    expect(await planCutoff(portal, { campaignId: KUMAMOTO })).toMatchObject({
      ways: { app: { coupons: 4, persons: 2, yen: 1_000n }, claim: { coupons: 2, persons: 2, yen: 1_100n } },
    });
    expect(await run()).toMatchObject({ grants: 2, grantedCoupons: 4, grantedYen: 1_000n, waitingCoupons: 2, waitingYen: 1_100n });
    const [one, other] = await grants();
    expect(one).toMatchObject({
      number: 'C-P1',
      granted_yen: 600n,
      channel: 'mail',
      contact: { name: null, phone: '+819000000001', mail: 'A@example.jp' },
    });
    expect(one?.link_digest).toEqual(portal.crypto.linkDigest(portal.crypto.linkToken(one?.grantId ?? '', 1)));
    expect(other).toMatchObject({ number: 'C-P4', granted_yen: 400n });
    const lines = await portal.db
      .selectFrom('grant_coupons as l')
      .innerJoin('coupons as c', 'c.id', 'l.coupon_id')
      .where('l.grant_id', '=', one?.grantId ?? '')
      .orderBy('c.inquiry_number')
      .select(['c.inquiry_number', 'l.yen'])
      .execute();
    expect(lines).toEqual([
      { inquiry_number: 'P1', yen: 300n },
      { inquiry_number: 'P2', yen: 200n },
      { inquiry_number: 'P3', yen: 100n },
    ]);
    expect((await proof()).exact).toBe(true);
  });

  it('above the ceiling of a grant gets several, and nobody’s yen stays behind', async () => {
    await register(Array.from({ length: 11 }, (_, i) => couponLine(`H${10 + i}`, { mail: 'a@example.jp', face: '100000' })));
    expect(await planCutoff(portal, { campaignId: KUMAMOTO })).toMatchObject({
      ways: { app: { coupons: 11, persons: 2, yen: 1_100_000n } },
      held: { above_ceiling: { coupons: 0 } },
    });
    expect(await run()).toMatchObject({ grants: 2, grantedYen: 1_100_000n });
    const grants = await portal.db.selectFrom('grants').select(['number', 'granted_yen']).orderBy('number').execute();
    expect(grants).toEqual([
      { number: 'C-H10', granted_yen: 1_000_000n },
      { number: 'C-H20', granted_yen: 100_000n },
    ]);
    expect((await proof()).exact).toBe(true);
  });

  it('with a coupon that is above the ceiling by itself keeps the cut-off from beginning until the ceiling is raised', async () => {
    await register([couponLine('J1', { mail: 'a@example.jp', face: '100000' }), couponLine('J2')]);
    const ceiling = (yen: bigint) =>
      portal.db.updateTable('campaigns').set({ grant_ceiling_yen: yen }).where('id', '=', KUMAMOTO).execute();
    await ceiling(99_999n);
    expect(await run()).toEqual({ kind: 'refused', reason: 'above_ceiling', coupons: 1 });
    expect(await portal.db.selectFrom('cutoffs').selectAll().execute()).toEqual([]);
    await ceiling(100_000n);
    expect(await run()).toMatchObject({ grants: 1, grantedYen: 100_000n, waitingYen: 1_000n });
  });

  it('is granted nothing by a list that comes after it, and such a grant would be a difference', async () => {
    await register([couponLine('LI-1', { mail: 'a@example.jp' }), couponLine('L2', { mail: 'b@example.jp' })]);
    await run();
    const list = file('list.csv', GRANT_HEADER, [
      'LIST-1,li1,山田,,,a@example.jp,1000,メール',
      'LIST-2,X9,山田,,,a@example.jp,1000,メール',
    ]);
    const given = { campaignId: KUMAMOTO, actor: 'test', rejectedFile: null, file: list };
    for (const dryRun of [true, false])
      expect(await importGrants(portal, { ...given, dryRun })).toMatchObject({ rejected: 1, problems: { coupon_taken: 1 } });
    expect(await importGrants(portal, { ...given, skipBad: true })).toMatchObject({ kind: 'imported', accepted: 1 });
    expect((await proof()).exact).toBe(true);
    await sql`update grants set inquiry_number = 'LI1' where number = 'LIST-2'`.execute(portal.db);
    expect((await proof()).differences).toEqual([
      { check: 'coupon_granted_once', campaignId: KUMAMOTO, id: 'LI-1', expectedYen: 1_000n, foundYen: 2_000n },
    ]);
  });

  it('who was granted the same coupon by a list is not granted it again, however the list spells its number', async () => {
    await register([couponLine('SP-00-1', { phone: '090-1111-2222' }), couponLine('SP002'), couponLine('SP003')]);
    const list = file('spelled.csv', GRANT_HEADER, [
      'LIST-1,sp001,山田,,,a@example.jp,1000,メール',
      'LIST-2,SP-00-2,山田,,,b@example.jp,1000,メール',
    ]);
    await importGrants(portal, { campaignId: KUMAMOTO, actor: 'test', rejectedFile: null, file: list });
    expect(await planCutoff(portal, { campaignId: KUMAMOTO })).toMatchObject({ held: { granted_elsewhere: { coupons: 2, yen: 2_000n } } });
    expect(await run()).toMatchObject({ grants: 0, waitingCoupons: 1, waitingYen: 1_000n });
    expect((await proof()).differences).toEqual([]);
  });

  it('who was granted the same coupon by a list that somebody else wrote is not granted it again', async () => {
    await register([couponLine('D1', { mail: 'a@example.jp' }), couponLine('D2', { mail: 'b@example.jp' })]);
    await listGrant('LIST-1', 'D1', 1_000);
    expect(await run()).toMatchObject({ grants: 1, grantedYen: 1_000n });
    expect((await grantNumbers()).sort()).toEqual(['C-D2', 'LIST-1']);
  });

  it('of which a list grants less than is left are counted and named, before it and after it, and nothing is paid by itself', async () => {
    await register([
      couponLine('S1', { mail: 'a@example.jp' }),
      couponLine('S-2', { mail: 'b@example.jp' }),
      couponLine('S3', { mail: 'c@example.jp' }),
      couponLine('S4', { mail: 'd@example.jp' }),
      couponLine('S5', { valid: '2023-12-31T23:59:59+09:00' }),
      couponLine('S6', { mail: 'f@example.jp' }),
    ]);
    await listGrant('LIST-1', 'S1', 400);
    await listGrant('LIST-2', 's2', 999);
    // Whole, more than whole in two grants, not covered, and of no coupon.
    await listGrant('LIST-3', 'S3', 1_000);
    await listGrant('LIST-4', 'S4', 600);
    await listGrant('LIST-5', 'S4', 500);
    await listGrant('LIST-6', 'S5', 1);
    await listGrant('LIST-7', 'NONE', 1);
    const short = {
      coupons: 2,
      yen: 601n,
      rows: [
        { number: 'S-2', leftYen: 1_000n, grantedYen: 999n },
        { number: 'S1', leftYen: 1_000n, grantedYen: 400n },
      ],
    };
    expect(await planCutoff(portal, { campaignId: KUMAMOTO })).toMatchObject({
      held: { granted_elsewhere: { coupons: 4, yen: 4_000n } },
      ways: { app: { coupons: 1 } },
      short,
    });
    expect(await planCutoff(portal, { campaignId: KUMAMOTO, shortMost: 1 })).toMatchObject({
      short: { coupons: 2, yen: 601n, rows: [{ number: 'S-2' }] },
    });
    const before = (await grantNumbers()).length;
    expect(await run()).toMatchObject({ grants: 1, grantedYen: 1_000n });
    expect((await grantNumbers()).length).toBe(before + 1);
    expect(await findCutoffReport(portal.db, { campaignId: KUMAMOTO })).toMatchObject({ short });
    // Who is owed the rest is granted it by another list; then nothing is short.
    await listGrant('LIST-8', 'S1', 600);
    await listGrant('LIST-9', 'S2', 1);
    expect(await findCutoffReport(portal.db, { campaignId: KUMAMOTO })).toMatchObject({ short: { coupons: 0, yen: 0n, rows: [] } });
  });
});

/** A grant that came from a list of who is owed. */
async function listGrant(number: string, inquiry: string, yen: number): Promise<void> {
  const at = portal.clock.now();
  await portal.db.transaction().execute(async (trx) => {
    const [recipient, grant] = [portal.crypto.newId(at), portal.crypto.newId(at)];
    await sql`insert into recipients values (${recipient}, ${KUMAMOTO}, 'x', 'k', 'k')`.execute(trx);
    await sql`insert into grants (id, campaign_id, recipient_id, number, inquiry_number, granted_yen, deadline_at, channel, link_key_id, link_digest, created_at)
      values (${grant}, ${KUMAMOTO}, ${recipient}, ${number}, ${inquiry}, ${yen}, '2023-06-01T00:00:00+09:00', 'mail', 'k', sha256(${number}::bytea), ${at})`.execute(
      trx,
    );
  });
}

async function grantNumbers(): Promise<string[]> {
  return (await portal.db.selectFrom('grants').select('number').execute()).map((row) => row.number);
}

describe('what is put back', () => {
  it('is taken with the rest, also from a coupon that rule A does not cover', async () => {
    await register(
      [couponLine('B1', { valid: '2023-03-26T23:59:59+09:00', mail: 'a@example.jp', balance: '400' })],
      [paymentLine('P1', 'B1', 300, { result: '応答なし' }), paymentLine('P2', 'B1', 300)],
    );
    portal.clock.set(new Date('2023-03-10T10:00:00+09:00'));
    const act = { campaignId: KUMAMOTO, inquiryNumber: 'B1', reason: 'unanswered', evidence: '案件 1', actor: 'test' };
    expect(await putBack(portal, { ...act, payments: ['P1'] })).toMatchObject({ kind: 'put_back', yen: 300n, remainingYen: 700n });
    expect(await putBack(portal, { ...act, payments: ['P1'] })).toMatchObject({ reason: 'payment_unknown', payments: ['P1'] });
    portal.clock.set(CUTOFF);
    expect(await run()).toMatchObject({ grants: 1, grantedYen: 700n });
    expect(await putBack(portal, { ...act, payments: ['P2'] })).toMatchObject({ kind: 'refused', reason: 'cut_off' });
    expect((await proof()).campaigns[0]?.coupons).toMatchObject({ faceYen: 1_000n, spentYen: 300n, putBackYen: 300n, takenYen: 700n });
  });
});

describe('differences', () => {
  it('between register and file keep the cut-off from running, until someone goes on all the same', async () => {
    await register([couponLine('X1', { balance: '400', mail: 'a@example.jp' }), couponLine('X2')]);
    expect(await run()).toEqual({ kind: 'refused', reason: 'differences', differences: 1 });
    expect((await proof()).differences).toEqual([
      { check: 'coupon_listed', campaignId: KUMAMOTO, id: 'X1', expectedYen: 400n, foundYen: 1_000n },
    ]);
    expect(await run({ withDifferences: true })).toMatchObject({ grants: 1, grantedYen: 1_000n });
  });

  it('of payments that come after it are shown, and nothing is taken twice', async () => {
    await register([couponLine('T1', { mail: 'a@example.jp' }), couponLine('T2', { valid: '2023-03-26T23:59:59+09:00' })]);
    await run();
    const late = await pay([
      paymentLine('L1', 'T1', 250, { at: '2023-03-31T23:59:59+09:00' }),
      paymentLine('L2', 'T2', 100, { at: '2023-03-20T10:00:00+09:00' }),
      paymentLine('L3', 'T1', 50, { result: 'タイムアウト' }),
    ]);
    expect(late).toMatchObject({ kind: 'imported', accepted: 3, totalYen: 350n });
    const { differences, campaigns } = await proof();
    expect(differences).toEqual([{ check: 'coupon_late', campaignId: KUMAMOTO, id: 'L1', expectedYen: 0n, foundYen: 250n }]);
    expect(campaigns[0]?.coupons).toMatchObject({ faceYen: 2_000n, spentYen: 100n, remainingYen: 900n, takenYen: 1_000n });
    expect(await run()).toMatchObject({ grants: 0, grantedYen: 0n });
    expect((await findCutoffReport(portal.db, { campaignId: KUMAMOTO }))?.late).toEqual([{ number: 'L1', yen: 250n }]);
    const coupons = { campaignId: KUMAMOTO, actor: 'test', rejectedFile: null, file: file('after.csv', COUPON_HEADER, [couponLine('T3')]) };
    expect(await importCoupons(portal, coupons)).toEqual({ kind: 'refused', reason: 'cut_off' });
  });

  it('a rest below the minimum stays where it is', async () => {
    await register([couponLine('M1', { balance: '0', mail: 'a@example.jp' })], [paymentLine('P1', 'M1', 1000)]);
    expect(await run()).toMatchObject({ grants: 0, waitingCoupons: 0, finished: true });
    expect((await proof()).exact).toBe(true);
  });
});

/** A database whose client dies at its nth COPY. */
function dyingBulk(bulk: Bulk, nth: number): Bulk {
  let copies = 0;
  return {
    transaction: (work) =>
      bulk.transaction((inner) =>
        work({
          trx: inner.trx,
          copy: async (...args) => {
            copies += 1;
            if (copies === nth) throw new Error('died');
            return inner.copy(...args);
          },
        }),
      ),
  };
}

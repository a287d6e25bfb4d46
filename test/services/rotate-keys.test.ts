import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OutgoingMessage } from '#adapters/channels/port';
import { INDEXED_COLUMNS, SEALED_COLUMNS } from '#db/sealed';
import type { CryptoKeys, Keyring } from '~/crypto.server';
import { importCoupons } from '~/services/import-coupons';
import { importGrants } from '~/services/import-grants';
import { keepMessage } from '~/services/keep-message';
import { loadStock } from '~/services/load-stock';
import { openCase } from '~/services/open-case';
import { openAddressee } from '~/services/parts/message-row';
import { queueMessage } from '~/services/parts/queue-message';
import { CONTACT_PLACE, openContact } from '~/services/parts/sealed-contact';
import { rotateKeys } from '~/services/rotate-keys';
import { saveClaimDraft } from '~/services/save-claim-draft';
import { findCasePage } from '~/views/case-page';
import { findClaimStatus } from '~/views/claim-status';
import { type BulkTestPortal, makeBulkPortal } from '../support/bulk-portal';
import { callAbout, storyOf } from '../support/cases';
import { claimFor, registerAndCut } from '../support/claims';
import { giveContact } from '../support/contacts';
import { KUMAMOTO, readSample, SAMPLES, type SampleCoupon } from '../support/coupons';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { testKeys } from '../support/portal';
import { insertGrants, insertProgramme } from '../support/programme';
import { insertStaff } from '../support/staff';
import { stockReader } from '../support/stock-reader';

const fresh = (id: string) => ({ id, secret: randomBytes(32) });
const ring = (...keys: Keyring['keys'][number][]): Keyring => ({ keys });

/** Coupons of the sample register whose contact the app knows. */
const APP_COUPONS = readSample<SampleCoupon>('coupons.csv').filter((row) => row.アプリ登録 === '有').length;

const before = testKeys();
const seal2 = fresh('k2');
const index2 = fresh('k2');
const after: CryptoKeys = { ...before, seal: ring(seal2, ...before.seal.keys), index: ring(index2, ...before.index.keys) };

let database: TestDatabase;
let old: BulkTestPortal;
let portal: BulkTestPortal;

beforeAll(async () => {
  database = await createTestDatabase();
  old = makeBulkPortal(database.ownerUrl, { keys: before });
  portal = makeBulkPortal(database.ownerUrl, { keys: after });
  const campaignId = await insertProgramme(old, [{ provider: 'ponta', source: 'stock' }]);
  await importGrants(old, { campaignId, file: path.resolve('test/fixtures/grants-app.cp932.csv'), actor: 'test', rejectedFile: null });
  await importCoupons(old, { campaignId, file: path.join(SAMPLES, 'coupons.csv'), actor: 'test', rejectedFile: null });
  const file = path.resolve('db/programmes/kumamoto-2023/stock-ponta.csv');
  await loadStock(old, { campaignId, provider: 'ponta', file, reader: stockReader('ponta'), actor: 'test' });
});

afterAll(async () => {
  await old.close();
  await portal.close();
  await database.drop();
});

const contacts = () => portal.db.selectFrom('recipients').selectAll().orderBy('id').execute();

describe('rotating the keys', () => {
  it('can be interrupted in the middle, and what was done is readable together with what was not', async () => {
    const stop = new AbortController();
    const result = await rotateKeys(portal, {
      batchSize: 100,
      signal: stop.signal,
      onProgress: ({ resealed }) => resealed >= 300 && stop.abort(),
    });
    expect(result).toMatchObject({ finished: false, resealed: { 'recipients.contact': 300 } });
    const rows = await contacts();
    expect(rows.filter((row) => row.contact_key_id === 'k2')).toHaveLength(300);
    expect(rows.map((row) => openContact(portal.crypto, row).name)).not.toContain(undefined);
  });

  it('passes over rows that someone holds, and says that it is not finished', async () => {
    const [held] = (await contacts()).filter((row) => row.contact_key_id === 'k1');
    await portal.db.transaction().execute(async (trx) => {
      await trx
        .selectFrom('recipients')
        .select('id')
        .where('id', '=', held?.id ?? '')
        .forUpdate()
        .execute();
      const result = await rotateKeys(portal, { batchSize: 500 });
      expect(result).toMatchObject({
        finished: false,
        resealed: { 'recipients.contact': 899, 'stock_codes.code': 600 },
        unreadableCount: 0,
      });
      expect(result.use).toContainEqual({ ring: 'seal', keyId: 'k1', rows: 1 });
    });
  });

  it('goes on where it stopped, beside readers, and ends with nothing under the old keys', async () => {
    const [result] = await Promise.all([rotateKeys(portal), ...Array.from({ length: 5 }, () => contacts())]);
    expect(result).toMatchObject({ finished: true, resealed: { 'recipients.contact': 1, 'stock_codes.code': 0 } });
    expect(result.use).toEqual([
      { ring: 'index', keyId: 'k2', rows: 1200 + APP_COUPONS },
      { ring: 'link', keyId: 'k1', rows: 1200 },
      { ring: 'seal', keyId: 'k2', rows: 1800 + APP_COUPONS },
    ]);
  });

  it('leaves contacts and codes as they were, found by the new index, and open without the old sealing key', async () => {
    const without = makeBulkPortal(database.ownerUrl, { keys: { ...after, seal: ring(seal2) } });
    const row = await without.db
      .selectFrom('recipients')
      .selectAll()
      .where('phone_index', '=', without.crypto.index('phone', '+817000000005'))
      .executeTakeFirstOrThrow();
    expect(openContact(without.crypto, row)).toMatchObject({ name: '髙橋 幸子', kana: 'タカハシ サチコ' });
    const code = await without.db.selectFrom('stock_codes').selectAll().limit(1).executeTakeFirstOrThrow();
    expect(without.crypto.open('stock_codes.code', code.id, code.code_sealed ?? Buffer.alloc(0), code.code_key_id ?? '')).toMatch(
      /"code":"TEST/,
    );
    await without.close();
  });

  it('two ciphertexts that were swapped both fail to open, and are named without being touched', async () => {
    const [a, b] = await contacts();
    if (!a || !b) throw new Error('two contacts');
    await portal.db.updateTable('recipients').set({ contact_sealed: b.contact_sealed }).where('id', '=', a.id).execute();
    await portal.db.updateTable('recipients').set({ contact_sealed: a.contact_sealed }).where('id', '=', b.id).execute();
    const swapped = (await contacts()).slice(0, 2);
    for (const row of swapped) expect(() => openContact(portal.crypto, row)).toThrow();

    const third = makeBulkPortal(database.ownerUrl, { keys: { ...after, seal: ring(fresh('k3'), seal2) } });
    const result = await rotateKeys(third);
    expect(result.unreadable).toEqual([a.id, b.id].map((id) => ({ place: CONTACT_PLACE, id, keyId: 'k2', why: 'damaged' })));
    expect((await contacts()).slice(0, 2)).toEqual(swapped);
    await third.close();
  });

  it('names the rows whose key is missing', async () => {
    const lost = makeBulkPortal(database.ownerUrl, { keys: { ...after, seal: ring(fresh('k4')) } });
    const result = await rotateKeys(lost, { batchSize: 1000 });
    expect(result).toMatchObject({ unreadableCount: 1800 + APP_COUPONS, finished: true });
    expect(result.unreadable[0]).toMatchObject({ why: 'key_missing' });
    await lost.close();
  });
});

describe('rotating the keys of messages, of what staff sign in with and of what they propose', () => {
  it('seals them anew, indexes addresses anew, and leaves what they say as it was', async () => {
    const own = await createTestDatabase();
    const then = makeBulkPortal(own.ownerUrl, { keys: before });
    const now = makeBulkPortal(own.ownerUrl, { keys: { ...after, seal: ring(seal2, ...before.seal.keys) } });
    const campaignId = await insertProgramme(then, [{ provider: 'ponta' }]);
    const [grantId = ''] = await insertGrants(then, campaignId, [100]);
    await giveContact(then, grantId, { name: '林 さくら', mail: 'Sakura@example.jp' });
    const message = await then.db.transaction().execute((trx) => queueMessage(then, trx, { grantId, purpose: 'resend', actor: 'test' }));
    if (message.kind !== 'queued') throw new Error('queued');
    const id = message.messageId;
    await keepMessage(then, { id, text: 'https://uketori.example/r/x' } as OutgoingMessage, then.clock.now());
    const staff = await insertStaff(then, 'operator');
    const approvalId = then.crypto.newId(then.clock.now());
    const secret = then.crypto.seal('approvals.secret', approvalId, 'new@example.jp');
    await then.db
      .insertInto('approvals')
      .values({
        id: approvalId,
        campaign_id: campaignId,
        act: 'change_address',
        subject_kind: 'grant',
        subject_id: grantId,
        grant_id: grantId,
        yen: 0n,
        plan: '{}',
        secret_sealed: secret.sealed,
        secret_key_id: secret.keyId,
        reason: 'asked',
        note: '',
        state: 'proposed',
        proposed_by: staff.id,
        proposed_at: then.clock.now(),
        expires_at: new Date(then.clock.now().getTime() + 86_400_000),
      })
      .execute();

    const result = await rotateKeys(now);
    expect(result.resealed).toMatchObject({ 'messages.address': 1, 'approvals.secret': 1, 'staff.totp': 1, 'outbox.content': 1 });
    // The grant whose contact is a stand-in of the tests is the only one left under a key that nobody has.
    expect(result.use.filter(({ ring: name, keyId }) => name !== 'link' && keyId === 'k1')).toEqual([]);

    const only = makeBulkPortal(own.ownerUrl, { keys: { ...after, seal: ring(seal2), index: ring(index2) } });
    const row = await only.db.selectFrom('messages').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    expect(openAddressee(only.crypto, row)).toEqual({ address: 'Sakura@example.jp', name: '林 さくら' });
    expect(row.address_digest).toEqual(only.crypto.index('mail', 'sakura@example.jp'));
    const open = (place: string, rowId: string, sealed: Buffer | null, keyId: string | null) =>
      only.crypto.open(place, rowId, sealed ?? Buffer.alloc(0), keyId ?? '');
    const approval = await only.db.selectFrom('approvals').selectAll().where('id', '=', approvalId).executeTakeFirstOrThrow();
    expect(open('approvals.secret', approvalId, approval.secret_sealed, approval.secret_key_id)).toBe('new@example.jp');
    const person = await only.db.selectFrom('staff').selectAll().where('id', '=', staff.id).executeTakeFirstOrThrow();
    expect(open('staff.totp', staff.id, person.totp_sealed, person.totp_key_id)).toMatch(/^[A-Z2-7]{16,}$/);
    const kept = await only.db.selectFrom('outbox').selectAll().executeTakeFirstOrThrow();
    expect(open('outbox.content', id, kept.content_sealed, kept.content_key_id)).toContain('/r/x');
    for (const portal of [then, now, only]) await portal.close();
    await own.drop();
  });
});

describe('rotating the keys of claims and cases', () => {
  it('seals them anew and indexes them anew, and leaves what they say as it was', async () => {
    const own = await createTestDatabase();
    const then = makeBulkPortal(own.ownerUrl, { keys: before });
    const now = makeBulkPortal(own.ownerUrl, { keys: after });
    await registerAndCut(then, { '437000000001': {} });
    then.clock.set(new Date('2023-04-10T10:00:00+09:00'));
    const claim = await claimFor(then, ['437000000001'], { name: '申請 花子', mail: 'Hanako@example.jp', proven: false });
    await saveClaimDraft(then, {
      campaignId: KUMAMOTO,
      secret: 'another secret',
      typed: { name: '途中 太郎', kana: '', postal: '', address: '', phone: '', mail: '', numbers: [] },
    });
    const agent = await insertStaff(then, 'call_centre');
    const opened = await openCase(then, {
      staff: { id: agent.id, scope: 'all' },
      campaignId: KUMAMOTO,
      typed: callAbout('437000000001'),
      told: storyOf([], { story: '画面が固まった' }),
      requestKey: then.crypto.newKey(),
    });
    if (opened.kind !== 'opened') throw new Error(opened.kind);

    const result = await rotateKeys(now);
    expect(result).toMatchObject({
      finished: true,
      unreadableCount: 0,
      resealed: { 'claims.details': 1, 'claim_drafts.typed': 1, 'claim_mails.address': 1, 'cases.contact': 1, 'case_notes.body': 1 },
    });
    expect(result.use.filter(({ ring: name, keyId }) => name !== 'link' && keyId === 'k1')).toEqual([]);
    const only = makeBulkPortal(own.ownerUrl, { keys: { ...after, seal: ring(seal2), index: ring(index2) } });
    expect(await findClaimStatus(only, { number: claim.number, fact: 'hanako@example.jp' })).toMatchObject({ state: 'received' });
    const page = await findCasePage(only, { caseId: opened.caseId, now: then.clock.now() });
    expect([page?.caller?.name, page?.lines[0]?.body]).toEqual(['相談 ＊＊', '画面が固まった']);
    expect(page?.caller?.mail).not.toBeNull();
    for (const portal of [then, now, only]) await portal.close();
    await own.drop();
  });

  it('knows every sealed column and every index that the tables have', async () => {
    const { rows } = await sql<{ name: string }>`
      select table_name || '.' || column_name as name from information_schema.columns
        where table_schema = 'public' and (column_name like '%\\_sealed' or column_name like '%\\_index') and data_type = 'bytea'
        order by 1
    `.execute(portal.db);
    const known = [
      'messages.address_sealed',
      ...SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}_sealed`),
      ...INDEXED_COLUMNS.flatMap(({ table, column, indexes }) => [
        `${table}.${column}_sealed`,
        ...indexes.map((index) => `${table}.${index}_index`),
      ]),
    ];
    expect(rows.map(({ name }) => name)).toEqual(known.sort());
  });
});

import { parse } from 'csv-parse/sync';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExportKind } from '~/domain/exports';
import { csvCell, csvRecord } from '~/domain/spreadsheet';
import { decideApproval } from '~/services/decide-approval';
import { makeExport } from '~/services/make-export';
import { sweepExports } from '~/services/sweep-exports';
import { takeExport } from '~/services/take-export';
import { getProof } from '~/views/proof';
import { insertGrants, insertProgramme } from '../support/programme';
import { type RecipientSite, startRecipientSite, type Visitor } from '../support/recipient-site';
import { formOfAct, signInAs, type TestStaff } from '../support/staff';

let site: RecipientSite;
let operator: { staff: TestStaff; visitor: Visitor };

beforeAll(async () => {
  site = await startRecipientSite();
  await insertGrants(site.owner, site.campaignId, [1_000, 2_500, 300]);
  operator = await signInAs(site, 'operator');
});
afterAll(() => site.stop());

const make = (exportId: string) => makeExport(site.console, { exportId }, { heading: (column) => column });
const acts = async (id: string) => {
  const rows = await site.owner.db
    .selectFrom('audit_entries as a')
    .innerJoin('audit_links as l', 'l.entry_id', 'a.id')
    .select('a.act')
    .where('a.subject_id', '=', id)
    .orderBy('l.seq')
    .execute();
  return rows.map((row) => row.act);
};

/** Asks for a file on the page. @returns its id */
async function ask(kind: ExportKind, who = operator, campaign = site.campaignId): Promise<string> {
  const page = await who.visitor.get('/admin/exports');
  const asked = await who.visitor.post('/admin/exports', [
    ...formOfAct(page.text, 'export'),
    ['campaign', campaign],
    ['kind', kind],
    ['note', '月次の報告'],
  ]);
  expect(asked.status).toBe(303);
  return (asked.location ?? '').replace('/admin/exports/', '');
}

async function approve(id: string): Promise<void> {
  const approver = await signInAs(site, 'approver');
  const decided = await decideApproval(site.console, {
    staff: { id: approver.staff.id, scope: 'all' },
    approvalId: id,
    decision: 'approve',
    note: '',
  });
  expect(decided).toEqual({ kind: 'running' });
}

async function press(id: string, who = operator) {
  const page = await who.visitor.get(`/admin/exports/${id}`);
  return who.visitor.post(`/admin/exports/${id}`, formOfAct(page.text, 'download'));
}

describe('a cell of a spreadsheet', () => {
  it.each(['=1+1', '+81', '-1', '@SUM', '\t=1', '\r=1', ' =1', '＝1'])('neutralises %j', (text) => {
    const [[cell]] = parse(csvRecord([text])) as [[string]];
    expect(cell).toBe(`'${text}`);
  });

  it('leaves our own numbers as numbers, also below zero', () => {
    expect(csvCell(-300n)).toBe('-300');
    expect(csvRecord(['a"b', null, 'c,d'])).toBe('"a""b",,"c,d"\r\n');
  });
});

describe('an export', () => {
  it('is made by a worker, and opens as the data it is about', async () => {
    const id = await ask('grants');
    expect((await operator.visitor.get(`/admin/exports/${id}`)).text).toContain('まもなく作り始めます');
    expect(await make(id)).toBe('ready');
    const file = await press(id);
    expect(file.status).toBe(200);
    expect(file.headers.get('content-disposition')).toContain(`attachment; filename="${site.campaignId}-grants-2023-05-20.csv"`);
    const bytes = await site.owner.db.selectFrom('export_chunks').select('body').where('export_id', '=', id).executeTakeFirstOrThrow();
    expect(bytes.body.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    const rows = parse(bytes.body, { bom: true, columns: true, record_delimiter: '\r\n' }) as Record<string, string>[];
    const stored = await site.owner.db.selectFrom('grants').select(['number', 'granted_yen']).orderBy('id').execute();
    expect(rows.map((row) => [row.number, row.granted])).toEqual(stored.map((row) => [row.number, String(row.granted_yen)]));
    const proof = await getProof(site.owner.db, { campaignId: site.campaignId });
    expect(rows.reduce((sum, row) => sum + BigInt(row.residual ?? 0), 0n)).toBe(proof.campaigns[0]?.residualYen);
    expect(await acts(id)).toEqual(['export.requested', 'export.made', 'export.taken']);
  });

  it('is given out once, also to two who press at the same time', async () => {
    const id = await ask('ledger');
    await make(id);
    const page = await operator.visitor.get(`/admin/exports/${id}`);
    const fields = formOfAct(page.text, 'download');
    const both = await Promise.all([0, 1].map(() => operator.visitor.post(`/admin/exports/${id}`, fields)));
    expect(both.map((answer) => answer.status).sort()).toEqual([200, 409]);
    const again = await operator.visitor.post(`/admin/exports/${id}`, fields);
    expect(again.status).toBe(409);
    expect(again.text).toContain('受け取り済み');
  });

  it('is gone a quarter of an hour after it was made, with its content', async () => {
    const id = await ask('redemptions');
    await make(id);
    const { expires_at } = await site.owner.db.selectFrom('exports').select('expires_at').where('id', '=', id).executeTakeFirstOrThrow();
    const before = site.owner.clock.now();
    site.owner.clock.set(expires_at as Date);
    try {
      const late = await takeExport(site.console, { staff: { id: operator.staff.id, scope: 'all' }, exportId: id });
      expect(late).toEqual({ kind: 'refused', reason: 'expired' });
      await sweepExports(site.console);
      const left = await site.owner.db.selectFrom('export_chunks').select('position').where('export_id', '=', id).execute();
      expect(left).toEqual([]);
      expect(await acts(id)).toEqual(['export.requested', 'export.made', 'export.expired']);
    } finally {
      site.owner.clock.set(before);
    }
  });

  it('of somebody else looks as if it did not exist', async () => {
    const id = await ask('grants');
    await make(id);
    const other = await signInAs(site, 'operator');
    expect((await other.visitor.get(`/admin/exports/${id}`)).status).toBe(404);
    const form = formOfAct((await other.visitor.get('/admin/exports')).text, 'export').map(([name, value]): [string, string] =>
      name === 'act' ? ['act', 'download'] : [name, value],
    );
    expect((await other.visitor.post(`/admin/exports/${id}`, form)).status).toBe(404);
    expect((await operator.visitor.get('/admin/exports/not-an-id')).status).toBe(404);
  });

  it('of a campaign out of scope is not made', async () => {
    const other = await insertProgramme(site.owner, [{ provider: 'amazon' }], 'elsewhere-2023');
    const bound = await signInAs(site, 'operator', { campaigns: [site.campaignId] });
    const page = await bound.visitor.get('/admin/exports');
    expect(page.text).not.toContain(other);
    const asked = await bound.visitor.post('/admin/exports', [
      ...formOfAct(page.text, 'export'),
      ['campaign', other],
      ['kind', 'grants'],
      ['note', '"><script>=1'],
    ]);
    expect(asked.status).toBe(422);
    expect(asked.text).toContain('事業を選んでください');
    expect(asked.text).not.toContain('<script>=1');
  });
});

describe('a second person', () => {
  it('is needed for names and addresses, however few', async () => {
    const id = await ask('contacts');
    expect(await make(id)).toBe('nothing');
    expect((await operator.visitor.get(`/admin/exports/${id}`)).text).toContain('承認を待っています');
    await approve(id);
    expect(await make(id)).toBe('ready');
    const approval = await site.owner.db.selectFrom('approvals').select('state').where('id', '=', id).executeTakeFirstOrThrow();
    expect(approval.state).toBe('done');
    expect((await press(id)).status).toBe(200);
  });

  it('is needed for more rows than the policy allows', async () => {
    await insertGrants(
      site.owner,
      site.campaignId,
      Array.from({ length: 120 }, () => 5),
    );
    const id = await ask('grants');
    expect(await make(id)).toBe('nothing');
    const approver = await signInAs(site, 'approver');
    expect((await approver.visitor.get(`/admin/approvals/${id}`)).text).toContain('付与と残高');
    await approve(id);
    expect(await make(id)).toBe('ready');
  });

  it('cannot be left out, whatever the code above the database does', async () => {
    const now = site.owner.clock.now();
    const own = { id: site.owner.crypto.newId(now), campaign_id: site.campaignId, requested_by: operator.staff.id, requested_at: now };
    const insert = (kind: ExportKind, rows: bigint) =>
      site.console.db
        .insertInto('exports')
        .values({ ...own, kind, rows_counted: rows, state: 'waiting' })
        .execute();
    await expect(insert('contacts', 1n)).rejects.toMatchObject({ code: 'UK008' });
    await expect(insert('grants', 101n)).rejects.toMatchObject({ code: 'UK008' });
    const id = await ask('contacts');
    await expect(site.console.db.updateTable('exports').set({ state: 'making' }).where('id', '=', id).execute()).rejects.toMatchObject({
      code: 'UK008',
    });
    await expect(sql`delete from exports where id = ${id}`.execute(site.console.db)).rejects.toMatchObject({ code: '42501' });
  });
});

describe('every kind of file', () => {
  it.each(['issuances', 'audit', 'redemptions', 'ledger'] as const)('%s can be read', async (kind) => {
    const grantId = await site.grant(700);
    expect(grantId).toBeTruthy();
    const id = await ask(kind);
    if ((await make(id)) === 'nothing') {
      await approve(id);
      expect(await make(id)).toBe('ready');
    }
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSigner } from '~/crypto.server';
import { recordDayProof } from '~/services/record-day-proof';
import { checkDayProofs, findDueProofs, getDayFigures, listDayProofLines } from '~/views/day-proofs';
import { findProofDays } from '~/views/proof-days';
import { cliEnv, runCli } from '../support/cli';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makeTestPortal, type TestPortal } from '../support/portal';
import { insertGrants, insertProgramme } from '../support/programme';

const DAY_MS = 86_400_000;
const SINCE = '2023-05-20';

let database: TestDatabase;
let owner: TestPortal;
let worker: TestPortal;
let campaignId: string;
let lines: string[];
let folder: string;
const signer = makeSigner({ keys: [{ id: 'p1', secret: Buffer.alloc(32, 7) }] });
const keys = { since: SINCE, publicKeys: [signer.publicKey] };

/** What the worker does after midnight. */
async function night(): Promise<number> {
  owner.clock.set(new Date(owner.clock.now().getTime() + DAY_MS));
  const due = await findDueProofs(worker.db, owner.clock.now());
  for (const own of due) {
    await recordDayProof({ ...worker, signer }, { figures: await getDayFigures(worker.db, own.campaignId), day: own.day, actor: 'worker' });
  }
  return due.length;
}

beforeAll(async () => {
  database = await createTestDatabase();
  owner = makeTestPortal(database.ownerUrl);
  worker = makeTestPortal(database.consoleUrl, { clock: owner.clock });
  campaignId = await insertProgramme(owner, [{ provider: 'model' }]);
  await insertGrants(owner, campaignId, [1_000, 357]);
  for (let n = 0; n < 4; n += 1) expect(await night()).toBe(1);
  lines = (await listDayProofLines(owner.db, null)).map((line) => JSON.stringify(line));
  folder = mkdtempSync(path.join(os.tmpdir(), 'uketori-proofs-'));
});
afterAll(async () => {
  await worker.close();
  await owner.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the proof of the day', () => {
  it('is made once for each day, also by several at the same time', async () => {
    expect(await findDueProofs(worker.db, owner.clock.now())).toEqual([]);
    const figures = await getDayFigures(worker.db, campaignId);
    expect(figures).toMatchObject({ totals: { granted: '1357', residual: '1357', unexplained: '0' }, grants: 2, differences: 0 });
    expect(await recordDayProof(worker, { figures, day: '2023-05-23', actor: 'worker' })).toBe(false);
    expect(lines).toHaveLength(4);
  });

  it('is whole and signed', () => {
    expect(checkDayProofs(lines, keys)).toEqual({ records: 4, signatures: 4, fault: null });
  });

  it('can be changed by nobody who runs it', async () => {
    await expect(worker.db.updateTable('day_proofs').set({ record: '{}' }).execute()).rejects.toMatchObject({ code: '42501' });
    await expect(owner.db.deleteFrom('day_proofs').execute()).rejects.toMatchObject({ code: 'UK003' });
  });

  const edited = (at: number, change: (line: Record<string, string>) => void) =>
    lines.map((text, index) => {
      if (index !== at) return text;
      const line = JSON.parse(text) as Record<string, string>;
      change(line);
      return JSON.stringify(line);
    });
  it.each<[string, () => string[], string, number]>([
    ['an edited amount', () => edited(1, (line) => (line.record = (line.record ?? '').replace('1357', '1358'))), 'hash', 2],
    ['a record left out', () => lines.filter((_, index) => index !== 1), 'previous', 2],
    ['another order', () => [lines[1], lines[0], lines[2], lines[3]] as string[], 'previous', 1],
    ['a first record cut off', () => lines.slice(1), 'previous', 1],
    ['a signature of somebody else', () => edited(2, (line) => (line.signature = Buffer.alloc(64).toString('base64'))), 'signature', 3],
    ['a record without a signature', () => edited(3, (line) => delete line.signature), 'signature', 4],
    ['a line that is none', () => [...lines, '{'], 'unreadable', 5],
    ['no record at all', () => [], 'empty', 0],
  ])('finds %s', (_what, changed, kind, line) => {
    expect(checkDayProofs(changed(), keys).fault).toMatchObject({ kind, line });
  });

  it('makes up for nights that were missed, in their order, and says when', async () => {
    owner.clock.set(new Date(owner.clock.now().getTime() + 2 * DAY_MS));
    expect(await night()).toBe(3);
    const more = (await listDayProofLines(owner.db, null)).map((own) => JSON.stringify(own));
    expect(checkDayProofs(more, keys)).toEqual({ records: 7, signatures: 7, fault: null });
    const { rows, missing } = await findProofDays(worker, { campaignId, before: null, now: owner.clock.now() });
    expect(missing).toEqual([]);
    expect(rows.map(({ day, late }) => [day, late]).slice(0, 4)).toEqual([
      ['2023-05-26', false],
      ['2023-05-25', true],
      ['2023-05-24', true],
      ['2023-05-23', false],
    ]);
  });

  it('names a missing day', async () => {
    owner.clock.set(new Date(owner.clock.now().getTime() + 2 * DAY_MS));
    const figures = await getDayFigures(worker.db, campaignId);
    await recordDayProof({ ...worker, signer }, { figures, day: '2023-05-28', actor: 'worker' });
    const more = (await listDayProofLines(owner.db, null)).map((own) => JSON.stringify(own));
    expect(checkDayProofs(more, keys).fault).toMatchObject({ kind: 'missing_day', day: '2023-05-27' });
    expect(checkDayProofs(more, { ...keys, since: '2023-05-29' }).fault).toMatchObject({ kind: 'empty' });
    const days = await findProofDays(worker, { campaignId, before: null, now: owner.clock.now() });
    expect(days).toMatchObject({ missing: [], gaps: ['2023-05-27'] });
  });
});

describe('uketori proof', () => {
  it('exports the chain, and checks the export without a database', async () => {
    const file = path.join(folder, 'proofs.jsonl');
    const env = cliEnv(database.ownerUrl);
    expect(await runCli(['proof', 'export', '--out', file], env)).toMatchObject({ code: 0, err: '' });
    const whole = readFileSync(file, 'utf8').split('\n').slice(0, 4).join('\n');
    const own = path.join(folder, 'whole.jsonl');
    writeFileSync(own, `${whole}\n`);
    const check = ['proof', '--since', SINCE, '--public-key', signer.publicKey, '--file'];
    expect(await runCli([...check, own], {})).toMatchObject({ code: 0, out: expect.stringContaining('4') });
    const bad = path.join(folder, 'bad.jsonl');
    writeFileSync(bad, whole.replace('1357', '1358'));
    const found = await runCli([...check, bad], {});
    expect(found).toMatchObject({ code: 1, out: '' });
    expect(found.err).toContain(`1: ${campaignId} 2023-05-20`);
    expect(await runCli([...check, path.join(folder, 'none')], {})).toMatchObject({ code: 3 });
    expect(await runCli(['proof', '--since', 'x', '--file', own], {})).toMatchObject({ code: 2 });
  });
});

import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { startEmbedded } from '../../db/embedded';
import { migrate } from '../../db/migrate';

/**
 * Imports generated grants through the service, then copies the very same rows, as bare COPY, into a second
 * database of the same form. The ratio of the two times means something on any machine.
 */
export interface ImportBench {
  readonly rows: number;
  readonly importMs: number;
  readonly copyMs: number;
  /** importMs / copyMs; at most 4. */
  readonly ratio: number;
  /** Peak resident memory of the importing process, in MB; below 300. */
  readonly peakMb: number;
}

const CAMPAIGN = 'bench-import';
const CAMPAIGN_ROW = `insert into campaigns values ('${CAMPAIGN}', '{}', '2023-06-01T00:00:00+09:00', 1000000, '2023-04-01T00:00:00Z')`;

/** Tables in the order of their references. */
const TABLES = ['imports', 'recipients', 'grants', 'journal_entries', 'postings'];

/** Measures on two fresh databases of a server. `urlOf` names them as owner. */
export async function benchImport(server: { adminUrl: string; urlOf(database: string): string }, rows: number): Promise<ImportBench> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'uketori-bench-import-'));
  const names = ['bench_import', 'bench_copy'];
  try {
    for (const name of names) await recreate(server, name);
    const file = path.join(folder, 'grants.csv');
    await writeGrantsFile(file, rows);
    const imported = JSON.parse(
      execFileSync(process.execPath, ['--import', 'tsx', fileURLToPath(import.meta.url), 'import', server.urlOf('bench_import'), file], {
        encoding: 'utf8',
      }),
    ) as { ms: number; peakMb: number };
    const copyMs = await copyAcross(server, folder);
    return { rows, importMs: imported.ms, copyMs, ratio: imported.ms / copyMs, peakMb: imported.peakMb };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    for (const name of names) await admin(server.adminUrl, `drop database if exists ${name} with (force)`);
  }
}

async function recreate(server: { adminUrl: string; urlOf(database: string): string }, name: string): Promise<void> {
  await admin(server.adminUrl, `drop database if exists ${name} with (force)`);
  await admin(server.adminUrl, `create database ${name}`);
  await migrate(server.urlOf(name));
  await admin(server.urlOf(name), CAMPAIGN_ROW);
}

/** Generated people with distinct names, numbers and amounts, in the columns of a grants file. */
async function writeGrantsFile(file: string, rows: number): Promise<void> {
  const out = createWriteStream(file);
  out.write('\ufeff付与番号,お問合せ番号,氏名,フリガナ,電話番号,メールアドレス,残額,送付方法\r\n');
  for (let i = 1; i <= rows; i += 1) {
    const digits = String(i).padStart(8, '0');
    const phone = `090-${digits.slice(0, 4)}-${digits.slice(4)}`;
    const line = `BN-${digits},43${digits}00,髙橋 幸子${i % 1000},タカハシ サチコ${i % 1000},${phone},user${i}@example.jp,${(i % 11_991) + 1},SMS\r\n`;
    if (!out.write(line)) await once(out, 'drain');
  }
  await new Promise<void>((resolve) => out.end(resolve));
}

/** Takes the rows out as files, then times COPY of each into the second database, in one transaction. */
async function copyAcross(server: { urlOf(database: string): string }, folder: string): Promise<number> {
  const source = new pg.Client(server.urlOf('bench_import'));
  const target = new pg.Client(server.urlOf('bench_copy'));
  await source.connect();
  await target.connect();
  for (const table of TABLES) {
    await pipeline(source.query(copyTo(`copy ${table} to stdout`)), createWriteStream(path.join(folder, table)));
  }
  await source.query('checkpoint').catch(() => {});
  const start = performance.now();
  await target.query('begin');
  for (const table of TABLES)
    await pipeline(createReadStream(path.join(folder, table)), target.query(copyFrom(`copy ${table} from stdin`)));
  await target.query('commit');
  const ms = performance.now() - start;
  await source.end();
  await target.end();
  return ms;
}

async function admin(url: string, statement: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** The importing process of its own, so that its memory is measured alone. */
async function importAlone(ownerUrl: string, file: string): Promise<void> {
  const { makeBulk } = await import('../../db/bulk');
  const { makeDb, makePool } = await import('../../db/database');
  const { systemClock } = await import('../../app/clock');
  const { makeCrypto } = await import('../../app/crypto.server');
  const { importGrants } = await import('../../app/services/import-grants');
  const ring = () => ({ keys: [{ id: 'k1', secret: randomBytes(32) }] });
  const pool = makePool(ownerUrl, { max: 2, name: 'bench-import', statementTimeoutMs: 0 });
  const portal = {
    db: makeDb(pool),
    bulk: makeBulk(pool),
    clock: systemClock,
    crypto: makeCrypto({ seal: ring(), index: ring(), link: ring() }),
  };
  const start = performance.now();
  const result = await importGrants(portal, { campaignId: CAMPAIGN, file, actor: 'bench', rejectedFile: null });
  const ms = performance.now() - start;
  await pool.end();
  if (result.kind !== 'imported') throw new Error(`nothing imported: ${result.kind}`);
  process.stdout.write(JSON.stringify({ ms, peakMb: process.resourceUsage().maxRSS / 1024, cpuMs: process.cpuUsage().user / 1000 }));
}

/** `node --import tsx test/bench/import.ts [rows]`: this line of the bench alone, on a server of its own. */
async function alone(rows: number): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'uketori-bench-server-'));
  const server = await startEmbedded({ folder });
  try {
    const result = await benchImport({ adminUrl: server.url('postgres'), urlOf: (name) => server.url(name) }, rows);
    process.stdout.write(`${JSON.stringify(result)}\n`);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
    rmSync(server.folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , first = '1000000', url, file] = process.argv;
  if (first === 'import' && url && file) await importAlone(url, file);
  else await alone(Number(first));
}

import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { writeGrantsFile } from '../grants-file';
import { startImporter } from '../importer';
import type { Bench, Line } from '../line';

const CAMPAIGN = 'bench-import';
const MB_MOST = 300;

/** What an import writes, in the order of the references. */
const TABLES = ['imports', 'recipients', 'grants', 'journal_entries', 'postings'];

/**
 * Importing a file of generated grants against a bare COPY of the very rows that came of it, in one transaction.
 * The import reads the file twice, judges and seals every row, derives its link, and writes into the real tables:
 * with every index, check and trigger. The COPY reads finished rows from files into plain tables.
 */
export async function importing(bench: Bench): Promise<Line[]> {
  const { importRows } = bench.sizes;
  const database = await bench.database('import');
  const folder = mkdtempSync(path.join(os.tmpdir(), 'uketori-bench-import-'));
  const owner = new pg.Client(database.ownerUrl);
  await owner.connect();
  try {
    await owner.query(`insert into campaigns values ($1, '{}', '2023-06-01T00:00:00+09:00', 1000000, '2023-04-01T00:00:00+09:00')`, [
      CAMPAIGN,
    ]);
    const file = path.join(folder, 'grants.csv');
    await writeGrantsFile(file, importRows);
    bench.say(`importing ${importRows} grants`);
    const importer = await startImporter({ ownerUrl: database.ownerUrl });
    const imported = await importer.ask({ campaignId: CAMPAIGN, file });
    await importer.stop();

    bench.say('copying the same rows');
    for (const table of TABLES) {
      // Computed columns as well, which a COPY of the table itself leaves out.
      await pipeline(
        owner.query(copyTo(`copy (select * from ${table}) to stdout (format binary)`)),
        createWriteStream(path.join(folder, table)),
      );
    }
    const withKeysMs = await copyInto(database.superuserUrl, folder, 'keyed', keysOf());
    const withoutMs = await copyInto(database.superuserUrl, folder, 'bare', []);
    const details = {
      rows: importRows,
      importMs: imported.ms,
      rowsPerSecond: (importRows * 1_000) / imported.ms,
      copyMs: withKeysMs,
      copyWithoutKeysMs: withoutMs,
    };
    return [
      {
        name: 'importing',
        compares: `time to import ${importRows} grants ÷ bare COPY of the same rows into plain tables with primary, unique and foreign keys`,
        figure: imported.ms / withKeysMs,
        unit: '×',
        goal: { atMost: 4 },
        details,
      },
      {
        name: 'importing, no keys',
        compares: 'the same ÷ COPY into tables without any index, key or check',
        figure: imported.ms / withoutMs,
        unit: '×',
        details,
      },
      {
        name: 'importing, memory',
        compares: 'most resident memory of the importing process',
        figure: imported.peakMb,
        unit: 'MB',
        goal: { atMost: MB_MOST },
        details: { rows: importRows },
      },
    ];
  } finally {
    await owner.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Primary, unique and foreign keys as the migrations have them, between these tables and to the campaign. */
function keysOf(): string[] {
  return [
    'alter table imports add primary key (id), add unique (campaign_id, kind, file_digest), add foreign key (campaign_id) references public.campaigns',
    'alter table recipients add primary key (id), add unique (id, campaign_id), add foreign key (campaign_id) references public.campaigns',
    `alter table grants add primary key (id), add unique (campaign_id, number), add unique (link_digest), add unique (id, campaign_id),
       add foreign key (campaign_id) references public.campaigns, add foreign key (import_id) references imports,
       add foreign key (recipient_id, campaign_id) references recipients (id, campaign_id)`,
    `alter table journal_entries add primary key (id), add unique (id, campaign_id), add foreign key (campaign_id) references public.campaigns,
       add foreign key (grant_id, campaign_id) references grants (id, campaign_id)`,
    `alter table postings add primary key (entry_id, position), add foreign key (entry_id, campaign_id) references journal_entries (id, campaign_id),
       add foreign key (grant_id, campaign_id) references grants (id, campaign_id)`,
  ];
}

/** Makes plain tables of the same columns in a schema of their own, then times COPY of every file into them. */
async function copyInto(url: string, folder: string, schema: string, keys: readonly string[]): Promise<number> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(`create schema ${schema}`);
    await client.query(`set search_path = ${schema}, public`);
    for (const table of TABLES) await client.query(`create table ${schema}.${table} (like public.${table})`);
    for (const key of keys) await client.query(key);
    await client.query('checkpoint');
    const start = performance.now();
    await client.query('begin');
    for (const table of TABLES) {
      await pipeline(
        createReadStream(path.join(folder, table)),
        client.query(copyFrom(`copy ${schema}.${table} from stdin (format binary)`)),
      );
    }
    await client.query('commit');
    return performance.now() - start;
  } finally {
    await client.end();
  }
}

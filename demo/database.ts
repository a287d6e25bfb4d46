import pg from 'pg';
import type { EmbeddedServer } from '#db/embedded';
import { migrate } from '#db/migrate';
import type { DemoSecrets } from './secrets';

export interface DemoUrls {
  readonly owner: string;
  readonly web: string;
  readonly worker: string;
  readonly console: string;
  /** Where rehearsals of a calendar make databases of their own. */
  readonly rehearsals: string;
}

const DATABASE = 'uketori';

/** Makes the database with its owner if they are missing, brings it up to date, and names the ways in. */
export async function prepareDatabase(server: EmbeddedServer, secrets: DemoSecrets): Promise<DemoUrls> {
  const admin = new pg.Client(server.url('postgres'));
  await admin.connect();
  try {
    const { rows } = await admin.query(`select exists (select from pg_roles where rolname = 'uketori_owner') as owner,
      exists (select from pg_database where datname = '${DATABASE}') as database`);
    if (!rows[0].owner) await admin.query('create role uketori_owner login createrole createdb');
    await admin.query(`alter role uketori_owner createdb password ${admin.escapeLiteral(secrets.ownerPassword)}`);
    if (!rows[0].database) await admin.query(`create database ${DATABASE} owner uketori_owner`);
  } finally {
    await admin.end();
  }
  const urlOf = (role: string, password: string) => `postgres://${role}:${password}@127.0.0.1:${server.port}/${DATABASE}`;
  const owner = urlOf('uketori_owner', secrets.ownerPassword);
  await migrate(owner, {
    rolePasswords: { web: secrets.webPassword, worker: secrets.workerPassword, console: secrets.consolePassword },
  });
  return {
    owner,
    web: urlOf('uketori_web', secrets.webPassword),
    worker: urlOf('uketori_worker', secrets.workerPassword),
    console: urlOf('uketori_console', secrets.consolePassword),
    rehearsals: urlOf('uketori_owner', secrets.ownerPassword).replace(/[^/]*$/, 'postgres'),
  };
}

/** The latest instant that anything in the database bears: a kept demo goes on from there, never back in time. */
export async function findLatestInstant(ownerUrl: string): Promise<Date | null> {
  const client = new pg.Client(ownerUrl);
  await client.connect();
  try {
    const { rows } = await client.query(`select greatest(
      (select max(at) from journal_entries), (select max(state_at) from redemptions), (select max(at) from reveals),
      (select max(at) from audit_entries), (select max(created_at) from issuances)) as latest`);
    return rows[0].latest;
  } finally {
    await client.end();
  }
}

import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { grantDatabase } from '#db/privileges';
import type { TestServer } from '../setup/global';
import { askBroker } from './ask-broker';

export interface TestDatabase {
  readonly name: string;
  readonly ownerUrl: string;
  readonly webUrl: string;
  readonly workerUrl: string;
  readonly consoleUrl: string;
  /** For what only the server's administrator may do (never needed by the portal). */
  readonly superuserUrl: string;
  /** Removes the database; connections still open are ended. */
  drop(): Promise<void>;
}

let server: Promise<TestServer> | undefined;

/** A fresh, migrated, empty database of this test's own. Call `drop` in `afterAll`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  server ??= askBroker<TestServer>('databaseBroker');
  const { superuserUrl, host, template, passwords } = await server;
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(superuserUrl, `create database ${name} template ${template} owner uketori_owner`);
  const urlOf = (role: string, password: string) => `postgres://${role}:${password}@${host}/${name}`;
  const ownerUrl = urlOf('uketori_owner', passwords.owner);
  const owner = new pg.Client(ownerUrl);
  await owner.connect();
  await grantDatabase(owner);
  await owner.end();
  return {
    name,
    ownerUrl,
    webUrl: urlOf('uketori_web', passwords.web),
    workerUrl: urlOf('uketori_worker', passwords.worker),
    consoleUrl: urlOf('uketori_console', passwords.console),
    superuserUrl: superuserUrl.replace(/\/[^/]*$/, `/${name}`),
    drop: () => asAdmin(superuserUrl, `drop database if exists ${name} with (force)`),
  };
}

async function asAdmin(url: string, statement: string): Promise<void> {
  const admin = new pg.Client(url);
  await admin.connect();
  try {
    await admin.query(statement);
  } finally {
    await admin.end();
  }
}

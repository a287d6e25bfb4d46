import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { startEmbedded } from '#db/embedded';
import { migrate } from '#db/migrate';

export interface MigratedDatabase {
  readonly superuserUrl: string;
  readonly ownerUrl: string;
  readonly webUrl: string;
  readonly workerUrl: string;
  readonly consoleUrl: string;
  stop(): Promise<void>;
}

/** A throw-away server with one migrated database, for long runs outside the tests (simulation, bench). */
export async function startMigratedDatabase(name: string): Promise<MigratedDatabase> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `uketori-${name}-`));
  const server = await startEmbedded({ folder, throwaway: true });
  const passwords = { web: 'web-test', worker: 'worker-test', console: 'console-test' };
  const admin = new pg.Client(server.url('postgres'));
  await admin.connect();
  await admin.query(`create role uketori_owner login createrole password 'owner-test'`);
  await admin.query(`create database ${name} owner uketori_owner`);
  await admin.end();
  const url = (role: string, password: string) => `postgres://${role}:${password}@127.0.0.1:${server.port}/${name}`;
  const ownerUrl = url('uketori_owner', 'owner-test');
  await migrate(ownerUrl, { rolePasswords: passwords });
  return {
    superuserUrl: server.url(name),
    ownerUrl,
    webUrl: url('uketori_web', passwords.web),
    workerUrl: url('uketori_worker', passwords.worker),
    consoleUrl: url('uketori_console', passwords.console),
    async stop() {
      await server.stop();
      fs.rmSync(server.folder, { recursive: true, force: true });
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

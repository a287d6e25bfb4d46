import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { type EmbeddedServer, startEmbedded } from '../../db/embedded';
import { migrate } from '../../db/migrate';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where a test asks for the database server; the first to ask has it started. */
    databaseBroker: number;
  }
}

/** What the broker answers. */
export interface TestServer {
  readonly superuserUrl: string;
  readonly host: string;
  readonly template: string;
  readonly passwords: { readonly owner: string; readonly web: string; readonly worker: string; readonly console: string };
}

const TEMPLATE = 'uketori_template';
const PASSWORDS = { owner: 'owner-test', web: 'web-test', worker: 'worker-test', console: 'console-test' };

/** One real PostgreSQL for the whole run, started only when a test asks for it, with one migrated database to copy. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let starting: Promise<{ server: EmbeddedServer; answer: TestServer }> | undefined;
  const broker = net.createServer((socket) => {
    socket.on('error', () => {});
    starting ??= startServer();
    starting.then(
      ({ answer }) => socket.end(JSON.stringify(answer)),
      (error: unknown) => socket.end(JSON.stringify({ error: String(error) })),
    );
  });
  await new Promise<void>((resolve) => {
    broker.listen(0, '127.0.0.1', resolve);
  });
  project.provide('databaseBroker', (broker.address() as net.AddressInfo).port);
  return async () => {
    broker.close();
    const { server } = (await starting?.catch(() => undefined)) ?? {};
    if (!server) return;
    await server.stop();
    fs.rmSync(server.folder, { recursive: true, force: true });
  };
}

async function startServer(): Promise<{ server: EmbeddedServer; answer: TestServer }> {
  removeLeftovers();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `uketori-test-${process.pid}-`));
  const server = await startEmbedded({ folder, throwaway: true });
  const admin = new pg.Client(server.url('postgres'));
  await admin.connect();
  // The owner is no superuser, as in production: what it may not do, no code of ours may need.
  await admin.query(`create role uketori_owner login createrole password '${PASSWORDS.owner}'`);
  await admin.query(`create database ${TEMPLATE} owner uketori_owner`);
  await migrate(`postgres://uketori_owner:${PASSWORDS.owner}@127.0.0.1:${server.port}/${TEMPLATE}`, { rolePasswords: PASSWORDS });
  await admin.query(`alter database ${TEMPLATE} with is_template true allow_connections false`);
  await admin.end();
  return {
    server,
    answer: { superuserUrl: server.url('postgres'), host: `127.0.0.1:${server.port}`, template: TEMPLATE, passwords: PASSWORDS },
  };
}

/** Folders of runs that were killed; their servers have ended with them. */
function removeLeftovers(): void {
  for (const name of fs.readdirSync(os.tmpdir())) {
    const pid = /^uketori-test-(\d+)-/.exec(name)?.[1];
    if (!pid || isRunning(Number(pid))) continue;
    fs.rmSync(path.join(os.tmpdir(), name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

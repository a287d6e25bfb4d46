import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { type EmbeddedServer, startEmbedded } from '../../db/embedded';
import { migrate } from '../../db/migrate';
import { buildPagesInto } from '../support/build-pages';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where a test asks for the database server; the first to ask has it started. */
    databaseBroker: number;
    /** Where a test asks for the built pages; the first to ask has them built. */
    pagesBroker: number;
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

/**
 * What a whole run shares, made only when a test asks for it: one real PostgreSQL with one migrated database to copy, and
 * the pages as production builds them.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let starting: Promise<{ server: EmbeddedServer; answer: TestServer }> | undefined;
  let building: Promise<string> | undefined;
  const databases = await serve(async () => {
    starting ??= startServer();
    return (await starting).answer;
  });
  const pages = await serve(async () => {
    building ??= buildPagesInto(`uketori-pages-${process.pid}`);
    return { folder: await building };
  });
  // Watching: what is run again is built again.
  project.onTestsRerun(() => {
    building = undefined;
  });
  project.provide('databaseBroker', databases.port);
  project.provide('pagesBroker', pages.port);
  return async () => {
    databases.close();
    pages.close();
    const folder = await building?.catch(() => undefined);
    if (folder) fs.rmSync(folder, { recursive: true, force: true });
    const { server } = (await starting?.catch(() => undefined)) ?? {};
    if (!server) return;
    await server.stop();
    fs.rmSync(server.folder, { recursive: true, force: true });
  };
}

/** Answers everybody who connects with the same thing, or with why it could not be had. */
async function serve(answer: () => Promise<object>): Promise<{ readonly port: number; close(): void }> {
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    answer().then(
      (thing) => socket.end(JSON.stringify(thing)),
      (error: unknown) => socket.end(JSON.stringify({ error: String(error) })),
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { port: (server.address() as net.AddressInfo).port, close: () => void server.close() };
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

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedServer, startEmbedded } from '#db/embedded';
import { isAlive } from '#db/postgres/lock';

const ROOT = path.resolve(import.meta.dirname, '../..');
let parent: string;
let folder: string;
const servers: EmbeddedServer[] = [];
const holders: ChildProcess[] = [];

beforeEach(() => {
  parent = fs.mkdtempSync(path.join(os.tmpdir(), `uketori-test-${process.pid}-`));
  fs.chmodSync(parent, 0o755);
  folder = path.join(parent, 'postgres');
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
  for (const holder of holders.splice(0)) await end(holder, 'SIGTERM');
  fs.rmSync(fs.existsSync(folder) ? fs.realpathSync(folder) : folder, { recursive: true, force: true });
  fs.rmSync(parent, { recursive: true, force: true });
});

async function start(options: { port?: number; fresh?: boolean } = {}): Promise<EmbeddedServer> {
  const server = await startEmbedded({ folder, throwaway: true, ...options });
  servers.push(server);
  return server;
}

async function query(server: EmbeddedServer, statement: string): Promise<pg.QueryResult> {
  const client = new pg.Client(server.url('postgres'));
  await client.connect();
  try {
    return await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Another process that holds the folder, and what it said. */
async function hold(): Promise<{ holder: ChildProcess; said: { pid: number; trouble?: string } }> {
  const holder = spawn(process.execPath, ['--import', 'tsx', path.join(ROOT, 'test/support/embedded-holder.ts'), folder], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  holders.push(holder);
  if (!holder.stdout) throw new Error('no output');
  const [line] = await once(createInterface(holder.stdout), 'line');
  return { holder, said: JSON.parse(String(line)) };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

describe('the embedded PostgreSQL', () => {
  it('keeps its data between starts, and begins again when asked to', async () => {
    const first = await start();
    await query(first, 'create table kept (id int)');
    await first.stop();
    const second = await start();
    expect((await query(second, `select to_regclass('kept') is not null as kept`)).rows[0].kept).toBe(true);
    await second.stop();
    const third = await start({ fresh: true });
    expect((await query(third, `select to_regclass('kept') is not null as kept`)).rows[0].kept).toBe(false);
  });

  it('ends with stop, and leaves no process', async () => {
    const server = await start();
    expect(isAlive(server.pid)).toBe(true);
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
  });

  it('says that the port is taken', async () => {
    const listener = net.createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address() as net.AddressInfo;
    await expect(start({ port })).rejects.toMatchObject({ trouble: 'port_taken', message: expect.stringContaining(String(port)) });
    listener.close();
  });

  it('says that the folder cannot be written', async () => {
    fs.writeFileSync(folder, 'a file');
    await expect(startEmbedded({ folder: path.join(folder, 'below') })).rejects.toMatchObject({ trouble: 'not_writable' });
    // Here a recursive mkdir of Node would never end.
    await expect(startEmbedded({ folder: '/proc/uketori/below' })).rejects.toMatchObject({ trouble: 'not_writable' });
  });

  it('refuses a second start on the same folder, from this process and from another', async () => {
    await start();
    await expect(start()).rejects.toMatchObject({ trouble: 'already_running' });
    expect((await hold()).said.trouble).toBe('already_running');
  });

  it('runs from a folder that only we can enter', async () => {
    fs.chmodSync(parent, 0o700);
    const server = await start();
    expect((await query(server, 'select 1 as one')).rows[0].one).toBe(1);
    expect(fs.realpathSync(folder)).toBe(fs.realpathSync(server.folder));
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)('does not outlive a holder that is ended by %s', async (signal) => {
    const { holder, said } = await hold();
    expect(isAlive(said.pid)).toBe(true);
    await end(holder, signal);
    await expect.poll(() => isAlive(said.pid), { timeout: 10_000 }).toBe(false);
  });

  it('takes over from a holder that was killed, at once', async () => {
    const { holder, said } = await hold();
    await end(holder, 'SIGKILL');
    const server = await start();
    expect(isAlive(said.pid)).toBe(false);
    expect((await query(server, 'select 1 as one')).rows[0].one).toBe(1);
  });
});

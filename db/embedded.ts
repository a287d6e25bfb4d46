import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { type Account, findAccount } from './postgres/account';
import { EmbeddedError } from './postgres/error';
import { stopStale, takeLock } from './postgres/lock';
import { prepareBinaries, prepareFolder } from './postgres/place';

export { EmbeddedError } from './postgres/error';

/**
 * A real PostgreSQL from npm, for the demo, the tests and the bench. Production never uses it.
 * It is our own child, listens on 127.0.0.1 only, and ends with us, however we end.
 */
export interface EmbeddedOptions {
  /** Holds the cluster, its password and its log. Made if missing. */
  readonly folder: string;
  /** 0 or none: any free port. */
  readonly port?: number;
  /** For tests: quick and forgetful, no fsync. */
  readonly throwaway?: boolean;
  /** Begins again: what the folder held is gone. */
  readonly fresh?: boolean;
  readonly onStep?: (step: string) => void;
}

export interface EmbeddedServer {
  readonly port: number;
  /** The folder that really holds the data (a checkout that PostgreSQL's account cannot enter has it elsewhere). */
  readonly folder: string;
  readonly pid: number;
  /** A connection as superuser. */
  url(database: string): string;
  /** Ends the server and waits for it. */
  stop(): Promise<void>;
  /** Resolves when the server ends without having been asked to. */
  readonly failed: Promise<string>;
}

const SUPERUSER = 'postgres';
const run = promisify(execFile);

/** Starts a server on the folder; throws `EmbeddedError` with one clear line. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const account = findAccount();
  const folder = prepareFolder(options.folder, account);
  const release = takeLock(folder, options.folder);
  try {
    const cluster = path.join(folder, 'cluster');
    await stopStale(cluster);
    if (options.fresh) fs.rmSync(cluster, { recursive: true, force: true });
    if (options.port) await requireFree(options.port);
    const bin = prepareBinaries(account);
    const password = readPassword(folder);
    if (!fs.existsSync(cluster)) {
      options.onStep?.('initdb');
      await initCluster({ bin, folder, cluster, account, password });
    }
    options.onStep?.('postgres');
    return await launch({ bin, cluster, folder, account, password, options, release });
  } catch (error) {
    release();
    throw error;
  }
}

async function initCluster(at: { bin: string; folder: string; cluster: string; account?: Account; password: string }): Promise<void> {
  // Made beside and renamed: a start that is killed here leaves no half cluster that looks whole.
  const draft = `${at.cluster}.new`;
  const passwordFile = path.join(at.folder, 'password.new');
  fs.rmSync(draft, { recursive: true, force: true });
  fs.writeFileSync(passwordFile, at.password, { mode: 0o600 });
  if (at.account) fs.chownSync(passwordFile, at.account.uid, at.account.gid);
  const settings = [
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-sync',
    '--no-instructions',
  ];
  const access = [`--username=${SUPERUSER}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  try {
    await run(path.join(at.bin, 'initdb'), ['-D', draft, ...settings, ...access], { ...identity(at.account), cwd: at.folder });
    fs.renameSync(draft, at.cluster);
  } catch (error) {
    throw new EmbeddedError(
      'failed',
      `PostgreSQL could not be set up: ${lastLine((error as { stderr?: string }).stderr ?? String(error))}`,
    );
  } finally {
    fs.rmSync(passwordFile, { force: true });
  }
}

interface Launch {
  readonly bin: string;
  readonly cluster: string;
  readonly folder: string;
  readonly account?: Account;
  readonly password: string;
  readonly options: EmbeddedOptions;
  readonly release: () => void;
}

async function launch(at: Launch): Promise<EmbeddedServer> {
  const port = at.options.port || (await findFreePort());
  const child = spawn(path.join(at.bin, 'postgres'), ['-D', at.cluster, ...settingsFor(port, at.options)], {
    ...identity(at.account),
    cwd: at.folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own: Ctrl-C reaches us, and we end it after those who use it.
    detached: true,
  });
  const ended = once(child, 'exit').catch(() => undefined);
  try {
    await untilReady(child, path.join(at.folder, 'server.log'));
  } catch (error) {
    child.kill('SIGQUIT');
    await ended;
    const line = (error as Error).message;
    if (/Address already in use/i.test(line)) throw portTaken(port);
    throw new EmbeddedError('failed', `PostgreSQL did not start: ${line}`);
  }

  const endGuard = guard(child);
  let stopping = false;
  const failed = new Promise<string>((resolve) => {
    void ended.then(() => {
      endGuard();
      at.release();
      if (!stopping) resolve(`PostgreSQL ended unexpectedly; see ${path.join(at.folder, 'server.log')}`);
    });
  });
  return {
    port,
    folder: at.folder,
    pid: child.pid ?? 0,
    url: (database) => `postgres://${SUPERUSER}:${at.password}@127.0.0.1:${port}/${database}`,
    failed,
    async stop() {
      stopping = true;
      // Fast shutdown: sessions are ended, data is written. Twice as rough if that hangs.
      child.kill('SIGINT');
      const rough = setTimeout(() => child.kill('SIGQUIT'), 15_000);
      const rougher = setTimeout(() => child.kill('SIGKILL'), 20_000);
      await ended;
      clearTimeout(rough);
      clearTimeout(rougher);
    },
  };
}

function settingsFor(port: number, options: EmbeddedOptions): string[] {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: options.throwaway ? '64MB' : '256MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    jit: 'off',
    // Refused statements are everyday life in tests: there, only the server's own lines.
    log_min_messages: options.throwaway ? 'log' : 'warning',
    ...(options.throwaway
      ? {
          fsync: 'off',
          synchronous_commit: 'off',
          full_page_writes: 'off',
          max_wal_size: '2GB',
          wal_level: 'minimal',
          max_wal_senders: '0',
        }
      : {}),
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function untilReady(child: ChildProcess, logFile: string): Promise<void> {
  const log = fs.createWriteStream(logFile, { flags: 'a', mode: 0o600 });
  log.on('error', () => {});
  let last = 'no output';
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`${last} (${signal ?? code})`)));
    if (!child.stderr) return;
    createInterface(child.stderr).on('line', (line) => {
      log.write(`${line}\n`);
      if (/FATAL|could not|Address already in use/.test(line) && !/Address already in use/.test(last)) last = line;
      if (line.includes('ready to accept connections')) resolve();
    });
  });
  child.removeAllListeners('error');
}

/**
 * Ends the server when this process is gone, however it went: the shell reads our pipe, which the system
 * closes. The next start would find and end a server left behind too, but nobody may come back.
 */
function guard(child: ChildProcess): () => void {
  const onExit = () => void child.kill('SIGINT');
  process.once('exit', onExit);
  if (process.platform === 'win32') return () => void process.removeListener('exit', onExit);
  const watcher = spawn('/bin/sh', ['-c', 'cat >/dev/null; kill -INT "$0"', String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watcher.on('error', () => {});
  watcher.unref();
  return () => {
    process.removeListener('exit', onExit);
    watcher.kill('SIGKILL');
  };
}

function identity(account: Account | undefined): { uid?: number; gid?: number; env: NodeJS.ProcessEnv } {
  // Nothing of our environment is the server's business, least of all PG* variables.
  const env = {
    PATH: process.env.PATH,
    LANG: 'C',
    LC_ALL: 'C',
    TZ: 'UTC',
    ...(process.platform === 'win32' ? process.env : {}),
  } as NodeJS.ProcessEnv;
  return account ? { uid: account.uid, gid: account.gid, env } : { env };
}

function readPassword(folder: string): string {
  const file = path.join(folder, 'password');
  if (!fs.existsSync(file)) fs.writeFileSync(file, randomBytes(18).toString('hex'), { mode: 0o600 });
  return fs.readFileSync(file, 'utf8');
}

/** A port nobody listens on just now. */
async function findFreePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Throws `port_taken` when somebody listens there. */
export async function requireFree(port: number): Promise<void> {
  const server = net.createServer();
  const free = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (!free) throw portTaken(port);
  server.close();
  await once(server, 'close');
}

function portTaken(port: number): EmbeddedError {
  return new EmbeddedError('port_taken', `port ${port} is taken; choose another one`);
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? text;
}

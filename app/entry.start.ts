import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError } from './config.server';

/**
 * `npm start -- web|worker`: one process of the portal. It ends in order on SIGTERM or SIGINT, and with
 * its parent where a parent holds a channel to it. `npm start -- migrate` brings the database up to date
 * and ends.
 */
process.env.NODE_ENV ??= 'production';

const STOP_LIMIT_MS = 28_000;

const starts: Readonly<Record<string, () => Promise<Stoppable>>> = { web: startWebProcess, worker: startWorkerProcess };

interface Stoppable {
  stop(): Promise<void>;
  /** Rejects when the process cannot go on. */
  readonly failed?: Promise<never>;
}

async function startWebProcess(): Promise<Stoppable> {
  const { openWebContext } = await import('./context.server');
  const { startWeb } = await import('./entry.web');
  const { followParentsClock } = await import('./http/parents-clock');
  const context = await openWebContext(process.env);
  const { host, port, drainMs } = context.config;
  const built = path.resolve('build');
  const build = await import(/* @vite-ignore */ pathToFileURL(path.join(built, 'server', 'index.js')).href);
  const parent = context.rehearsalClock && followParentsClock(context.rehearsalClock, process);
  const own = {
    ...context,
    get moveClock() {
      return parent?.moveClock ?? null;
    },
  };
  const web = await startWeb(own, { host, port, drainMs: process.send ? 0 : drainMs, build, clientFolder: path.join(built, 'client') });
  context.log.info({ port: web.port }, 'web listens');
  process.send?.({ port: web.port });
  return {
    async stop() {
      await web.stop();
      await context.close();
    },
  };
}

async function startWorkerProcess(): Promise<Stoppable> {
  const { openWorkerContext } = await import('./context.server');
  const { startWorker } = await import('./entry.worker');
  const { followParentsClock } = await import('./http/parents-clock');
  const context = await openWorkerContext(process.env);
  if (context.rehearsalClock) followParentsClock(context.rehearsalClock, process);
  const worker = await startWorker(context, { queuePool: context.queuePool });
  context.log.info({}, 'worker works');
  process.send?.({});
  return {
    failed: worker.failed,
    async stop() {
      await worker.stop();
      await context.close();
    },
  };
}

async function migrateOnce(): Promise<void> {
  const { migrate } = await import('#db/migrate');
  const { DATABASE_URL, WEB_DATABASE_PASSWORD, WORKER_DATABASE_PASSWORD, CONSOLE_DATABASE_PASSWORD } = process.env;
  if (!DATABASE_URL) return fail('DATABASE_URL is missing: PostgreSQL as the owner of the tables', 1);
  await migrate(DATABASE_URL, {
    rolePasswords: { web: WEB_DATABASE_PASSWORD, worker: WORKER_DATABASE_PASSWORD, console: CONSOLE_DATABASE_PASSWORD },
    onStep: (step) => void process.stdout.write(`${step}\n`),
  });
}

async function main(): Promise<void> {
  if (process.argv[2] === 'migrate') return migrateOnce();
  const start = starts[process.argv[2] ?? ''];
  if (!start) return fail(`usage: npm start -- ${[...Object.keys(starts), 'migrate'].join('|')}`, 2);
  const running = await start();
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    // A database that is gone first must not keep us.
    setTimeout(() => fail('could not end in order', 1), STOP_LIMIT_MS).unref();
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => fail(String(error), 1),
    );
  };
  process.once('SIGTERM', stop).once('SIGINT', stop).once('disconnect', stop);
  // A parent that was gone before we listened sends no event.
  if (process.send && !process.connected) stop();
  await running.failed;
}

function fail(line: string, code: number): void {
  process.stderr.write(`${line}\n`);
  process.exit(code);
}

main().catch((error: unknown) => {
  const taken = (error as { code?: unknown; port?: unknown }).code === 'EADDRINUSE';
  if (taken) fail(`port ${(error as { port?: number }).port} is taken; set PORT to another one`, 1);
  else fail(error instanceof ConfigError ? error.message : `cannot go on: ${error instanceof Error ? error.stack : String(error)}`, 1);
});

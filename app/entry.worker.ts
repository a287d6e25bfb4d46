import { type LogFunctionFactory, Logger, type Runner, run, type TaskList } from 'graphile-worker';
import type pg from 'pg';
import type { ProcessContext } from './http/process';
import { type JobGroup, jobGroups, recurringJobs } from './jobs.server';
import type { Log } from './portal';

export interface WorkerOptions {
  /** The queue's own connections: one for each group that listens, and some for taking and settling jobs. */
  readonly queuePool: pg.Pool;
  /** How often to look for due jobs beside being told of new ones. */
  readonly pollMs?: number;
}

export interface RunningWorker {
  /** Lets jobs under way finish or be aborted, gives back what is not done, then resolves. */
  stop(): Promise<void>;
  /** Rejects when the queue can no longer be worked on; the process should end. */
  readonly failed: Promise<never>;
}

/** How many connections the queue's pool should have for this portal. */
export function queueConnections(context: Pick<ProcessContext, 'portal' | 'consolePortal' | 'sending' | 'play'>): number {
  return jobGroups(context.portal, context.consolePortal, context.sending, context.play).length + 4;
}

/** Starts the worker: every group of jobs with its own hands, and the recurring sweeps. */
export async function startWorker(context: ProcessContext, options: WorkerOptions): Promise<RunningWorker> {
  const runners: Runner[] = [];
  for (const group of jobGroups(context.portal, context.consolePortal, context.sending, context.play))
    runners.push(await startGroup(group, context.log, options));
  const sweeps = recurringJobs(context.portal, context.consolePortal, context.sending).map((job) => repeat(job, context.log));
  const failed = new Promise<never>((_resolve, reject) => {
    for (const runner of runners) runner.promise.catch(reject);
  });
  // Whoever starts a worker for a moment may not look at this.
  failed.catch(() => {});
  return {
    failed,
    async stop() {
      await Promise.all([...sweeps.map((sweep) => sweep.stop()), ...runners.map((runner) => runner.stop())]);
    },
  };
}

function startGroup(group: JobGroup, log: Log, options: WorkerOptions): Promise<Runner> {
  const taskList: TaskList = {};
  for (const [name, handler] of Object.entries(group.jobs)) {
    taskList[name] = (payload, helpers) => handler(payload, helpers.abortSignal);
  }
  return run({
    pgPool: options.queuePool,
    taskList,
    concurrency: group.concurrency,
    pollInterval: options.pollMs ?? 2_000,
    crontab: '',
    // The process's own handler ends all groups together.
    noHandleSignals: true,
    logger: new Logger(logInto(log, group.name)),
  });
}

/** The queue's own words go to our log; what it says about every single job is for debugging and stays out. */
function logInto(log: Log, group: string): LogFunctionFactory {
  return () => (level, message, meta) => {
    if (level === 'error') log.error({ group, err: meta?.error }, message);
    else if (level === 'warning') log.warn({ group }, message);
  };
}

/** Runs a job now and then again after each pause. One that throws is logged and runs again. */
function repeat(job: { name: string; everyMs: number; run(): Promise<void> }, log: Log): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  const turn = () => {
    running = job
      .run()
      .catch((error: unknown) => log.error({ sweep: job.name, err: error }, 'sweep failed'))
      .then(() => {
        if (!stopped) timer = setTimeout(turn, job.everyMs);
      });
  };
  turn();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

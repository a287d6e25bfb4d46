import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/**
 * Processes of the bench: whatever is measured has one of its own, and so has whoever asks it. A child is told
 * its settings, says when it is ready, then answers one question after another. It ends with us, however we end.
 */
export interface Child<Ready, Question, Answer> {
  readonly ready: Ready;
  ask(question: Question): Promise<Answer>;
  /** Ends it at once, in the middle of whatever it does. */
  kill(): void;
  stop(): Promise<void>;
}

type Message<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

const ROOT = path.resolve(import.meta.dirname, '../..');
const STOP_LIMIT_MS = 5_000;
const running = new Set<() => Promise<void>>();

/** Starts a file of this folder as a process of its own, as production runs: compiled libraries, log to nowhere. */
export async function startChild<Ready = void, Question = never, Answer = never>(
  file: string,
  settings: unknown,
): Promise<Child<Ready, Question, Answer>> {
  const child = fork(path.join(import.meta.dirname, file), {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: 'production' },
    execArgv: ['--import', 'tsx', ...(process.env.BENCH_NODE_FLAGS?.split(' ') ?? [])],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  const stop = async () => {
    running.delete(stop);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    if (child.connected) child.disconnect();
    const impatience = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await ended;
    clearTimeout(impatience);
  };
  running.add(stop);
  const ask = async <T>(message: unknown): Promise<T> => {
    child.send(message as object);
    return answerOf<T>(child, file);
  };
  return { ready: await ask<Ready>({ settings }), ask, kill: () => void child.kill('SIGKILL'), stop };
}

/** Ends every process that still runs. */
export async function stopChildren(): Promise<void> {
  await Promise.all([...running].map((stop) => stop()));
}

async function answerOf<T>(child: ChildProcess, file: string): Promise<T> {
  const aborted = new AbortController();
  try {
    const [message] = await Promise.race([
      once(child, 'message', { signal: aborted.signal }) as Promise<[Message<T>]>,
      once(child, 'exit', { signal: aborted.signal }).then(([code, signal]) => {
        throw new Error(`${file} ended unasked (${signal ?? code})`);
      }),
    ]);
    if (!message.ok) throw new Error(`${file}: ${message.error}`);
    return message.value;
  } finally {
    aborted.abort();
  }
}

/** The child's side: makes it ready from its settings, then lets it answer. */
export function serveParent<Settings, Ready, Question, Answer>(
  start: (settings: Settings) => Promise<{ ready: Ready; answer?: (question: Question) => Promise<Answer>; stop?: () => Promise<void> }>,
): void {
  let started: Awaited<ReturnType<typeof start>> | undefined;
  const reply = (message: Message<unknown>) => void (process.connected && process.send?.(message));
  process.on('message', (message) => {
    const work = async () => {
      if (started) return started.answer?.(message as Question);
      started = await start((message as { settings: Settings }).settings);
      return started.ready;
    };
    work().then(
      (value) => reply({ ok: true, value }),
      (error: unknown) => reply({ ok: false, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  process.once('disconnect', () => {
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
    Promise.resolve(started?.stop?.()).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
}

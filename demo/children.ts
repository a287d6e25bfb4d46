import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import type { ClockSetting } from '~/clock';
import { moveMessage } from '~/http/parents-clock';
import { lastLines } from './build';

export interface DemoChild {
  /** Resolves with one line when it ends without having been asked to. */
  readonly failed: Promise<string>;
  /** Sets the rehearsal's clock in it. */
  setClock(setting: ClockSetting): void;
  stop(): Promise<void>;
}

export interface ChildOptions {
  readonly kind: 'web' | 'worker';
  readonly root: string;
  readonly logFile: string;
  /** All the child gets to see, beside where its programs are. */
  readonly environment: Readonly<Record<string, string>>;
  /** Called when it asks for the clock to be moved on. */
  readonly onMoveClock: (to: Date) => void;
}

/** Starts a process of the portal as production would, and waits until it works. */
export async function startChild({ kind, root, logFile, environment, onMoveClock }: ChildOptions): Promise<DemoChild> {
  const log = fs.openSync(logFile, 'w', 0o600);
  const child = spawn(process.execPath, [path.join(root, 'build', 'entry.start.js'), kind], {
    cwd: root,
    env: { PATH: process.env.PATH, ...environment } as Record<string, string> as NodeJS.ProcessEnv,
    // The channel is what ties it to us: it ends when we are gone, even by SIGKILL.
    stdio: ['ignore', log, log, 'ipc'],
    // A group of its own: Ctrl-C reaches us, and we end it in order.
    detached: true,
  });
  fs.closeSync(log);
  const ended = once(child, 'exit');
  const ready = await Promise.race([once(child, 'message').then(() => true), ended.then(() => false)]);
  if (!ready) throw new Error(`${kind} did not start: ${lastLines(logFile)}`);
  child.on('message', (message) => {
    const read = moveMessage.safeParse(message);
    if (read.success) onMoveClock(new Date(read.data.moveClockTo));
  });
  let stopping = false;
  return {
    setClock: (setting) => void child.send({ clock: { start: setting.start.toISOString(), since: setting.since.toISOString() } }),
    failed: ended.then(() => (stopping ? new Promise<string>(() => {}) : `${kind} ended unexpectedly: ${lastLines(logFile)}`)),
    async stop() {
      stopping = true;
      await stopChild(child, ended);
    },
  };
}

async function stopChild(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill('SIGTERM');
  const rough = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await ended;
  clearTimeout(rough);
}

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { EmbeddedError } from './error';

/** Takes the folder for this process; the returned function gives it back. */
export function takeLock(folder: string, shown: string): () => void {
  const file = path.join(folder, 'owner.pid');
  const mine = `${process.pid} ${startOf(process.pid)}`;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      fs.writeFileSync(file, mine, { flag: 'wx' });
      return () => {
        if (readText(file) === mine) fs.rmSync(file, { force: true });
      };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST') throw new EmbeddedError('not_writable', `cannot write to the data folder ${shown} (${code})`);
    }
    const found = readText(file);
    const [pid, started] = found.split(' ');
    if (isAlive(Number(pid)) && startOf(Number(pid)) === started) {
      throw new EmbeddedError('already_running', `the data folder ${shown} is in use by another start (process ${pid})`);
    }
    // Whoever held it is gone. Renaming picks one winner among those who see that at the same time.
    const aside = `${file}.${process.pid}`;
    try {
      fs.renameSync(file, aside);
      if (readText(aside) !== found) fs.linkSync(aside, file);
    } catch {
      // Another start was quicker; look again.
    }
    fs.rmSync(aside, { force: true });
  }
  throw new EmbeddedError('already_running', `the data folder ${shown} is being taken by another start`);
}

/** Ends a server that a killed start left behind on this cluster. */
export async function stopStale(cluster: string): Promise<void> {
  const [first] = readText(path.join(cluster, 'postmaster.pid')).split('\n');
  const pid = Number(first);
  if (!isAlive(pid) || !commandOf(pid).includes(cluster)) return;
  for (const [signal, seconds] of [
    ['SIGINT', 10],
    ['SIGQUIT', 5],
    ['SIGKILL', 5],
  ] as const) {
    process.kill(pid, signal);
    for (let i = 0; i < seconds * 20; i += 1) {
      if (!isAlive(pid)) return;
      await wait(50);
    }
  }
  throw new EmbeddedError('failed', `a PostgreSQL left behind (process ${pid}) does not end`);
}

/** Whether a process of this machine runs; also one that belongs to somebody else. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  // A zombie has ended, whatever kill says; its parent has not looked yet.
  return !/^\d+ \(.*\) Z/.test(readText(`/proc/${pid}/stat`));
}

/** When a process started, so that a number used again is not taken for the same process. Linux only; else empty. */
function startOf(pid: number): string {
  const stat = readText(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function commandOf(pid: number): string {
  const line = readText(`/proc/${pid}/cmdline`);
  if (line || process.platform === 'win32') return line;
  try {
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

function readText(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

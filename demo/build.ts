import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';

const SOURCES = ['app', 'adapters', 'db', 'scripts', 'remix.config.js', 'package-lock.json'];
const BUILT = ['build/server/index.js', 'build/entry.start.js'];

/** Whether the build is missing or older than what it is made of. */
export function isBuildStale(root: string): boolean {
  const built = BUILT.map((file) => fs.statSync(path.join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return Math.max(...SOURCES.map((source) => newestIn(path.join(root, source)))) > Math.min(...built);
}

function newestIn(file: string): number {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...fs.readdirSync(file).map((name) => newestIn(path.join(file, name))));
}

/** Builds as `npm run build` does; its words go to a log. @throws with the end of that log */
export async function buildPortal(root: string, logFile: string): Promise<void> {
  const steps = [
    ['node_modules/@remix-run/dev/dist/cli.js', 'vite:build', '--config', 'remix.config.js'],
    ['node_modules/tsx/dist/cli.mjs', 'scripts/bundle.ts'],
  ];
  const log = fs.openSync(logFile, 'w', 0o600);
  try {
    for (const [script = '', ...args] of steps) {
      const env = { ...process.env, NODE_ENV: 'production' } as NodeJS.ProcessEnv;
      const child = spawn(process.execPath, [path.join(root, script), ...args], { cwd: root, stdio: ['ignore', log, log], env });
      const [code] = await once(child, 'exit');
      if (code !== 0) throw new Error(`the build failed: ${lastLines(logFile)}`);
    }
  } finally {
    fs.closeSync(log);
  }
}

/** The end of a log, on one line. */
export function lastLines(file: string): string {
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim() : '';
  return text.split('\n').slice(-3).join(' / ') || 'it said nothing';
}

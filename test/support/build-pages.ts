import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Builds the pages as production does, real routes, style and script, into a folder of this name. @returns where it is */
export async function buildPagesInto(name: string): Promise<string> {
  // Inside the repository, so that the server's bundle finds its packages.
  const folder = path.join('node_modules', '.cache', name);
  const cli = path.join(ROOT, 'node_modules/@remix-run/dev/dist/cli.js');
  const { VITEST: _, ...environment } = process.env;
  await promisify(execFile)(
    process.execPath,
    [cli, 'vite:build', '--config', 'test/support/built-pages.config.js', '--logLevel', 'error'],
    {
      cwd: ROOT,
      env: { ...environment, NODE_ENV: 'production', PAGES_FOLDER: folder },
    },
  );
  return path.join(ROOT, folder);
}

import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { ServerBuild } from '@remix-run/node';

const ROOT = path.resolve(import.meta.dirname, '../..');

export interface BuiltPages {
  readonly build: ServerBuild;
  readonly clientFolder: string;
  remove(): void;
}

/** Builds the pages as production does, into a folder of this test's own: real routes, real style, real script. */
export async function buildPages(): Promise<BuiltPages> {
  // Inside the repository, so that the server's bundle finds its packages.
  const folder = path.join('node_modules', '.cache', `uketori-pages-${process.pid}`);
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
  const built = path.join(ROOT, folder);
  return {
    build: (await import(/* @vite-ignore */ pathToFileURL(path.join(built, 'server', 'index.js')).href)) as ServerBuild,
    clientFolder: path.join(built, 'client'),
    remove: () => fs.rmSync(built, { recursive: true, force: true }),
  };
}

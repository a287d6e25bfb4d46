import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Folders of built pages, as production builds them. */
export interface BuiltPages {
  readonly portal: string;
  readonly bare: string;
}

/** Builds the portal's pages and the bare template's into a folder of this run's own. */
export async function buildPages(): Promise<BuiltPages> {
  const folder = pagesFolder();
  const pages = { portal: path.join(folder, 'portal'), bare: path.join(folder, 'bare') };
  await build(ROOT, 'test/support/built-pages.config.js', { PAGES_FOLDER: path.relative(ROOT, pages.portal) });
  const bareRoot = path.join(import.meta.dirname, 'bare-app');
  await build(bareRoot, 'vite.config.js', { BARE_FOLDER: path.relative(bareRoot, pages.bare) });
  return pages;
}

/** Removes what was built. */
export function removePages(): void {
  fs.rmSync(pagesFolder(), { recursive: true, force: true });
}

/** Inside the repository, so that the server's bundle finds its packages. */
function pagesFolder(): string {
  return path.join(ROOT, 'node_modules', '.cache', `uketori-bench-${process.pid}`);
}

async function build(cwd: string, config: string, folder: Readonly<Record<string, string>>): Promise<void> {
  const cli = path.join(ROOT, 'node_modules/@remix-run/dev/dist/cli.js');
  const env = { ...process.env, ...folder, NODE_ENV: 'production' } as NodeJS.ProcessEnv;
  await promisify(execFile)(process.execPath, [cli, 'vite:build', cwd, '--config', config, '--logLevel', 'error'], { cwd, env });
}

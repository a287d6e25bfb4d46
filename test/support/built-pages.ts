import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ServerBuild } from '@remix-run/node';
import { buildPagesInto } from './build-pages';

export interface BuiltPages {
  readonly build: ServerBuild;
  readonly clientFolder: string;
  /** Those that a run of tests shares stay until its end. */
  remove(): void;
}

/** The pages as production builds them: once for a run of tests, elsewhere for this process. */
export async function buildPages(): Promise<BuiltPages> {
  const shared = process.env.VITEST !== undefined;
  const folder = shared ? await askForPages() : await buildPagesInto(`uketori-pages-${process.pid}`);
  return {
    build: (await import(/* @vite-ignore */ pathToFileURL(path.join(folder, 'server', 'index.js')).href)) as ServerBuild,
    clientFolder: path.join(folder, 'client'),
    remove: () => {
      if (!shared) fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function askForPages(): Promise<string> {
  // Only a run of tests can be asked.
  const { askBroker } = await import('./ask-broker');
  return (await askBroker<{ folder: string }>('pagesBroker')).folder;
}

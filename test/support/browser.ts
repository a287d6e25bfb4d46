import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/**
 * A real Chromium for the journeys: an installed one, or the one that the npm package
 * `@sparticuz/chromium` carries, unpacked once below the system's temp folder. Japanese text gets its
 * font from an npm package as well, so that pages look alike on every machine.
 */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--font-render-hinting=none',
];
const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'];

/** Starts a headless browser. `CHROME_PATH` names another one; `bundled` asks for the one from npm. */
export async function launchBrowser(): Promise<Browser> {
  const wanted = process.env.CHROME_PATH;
  const installed = wanted && wanted !== 'bundled' ? wanted : wanted ? undefined : INSTALLED.find((file) => fs.existsSync(file));
  const found = installed ? { file: installed, libraries: undefined } : await unpackBundled();
  return chromium.launch({
    executablePath: found.file,
    args: FLAGS,
    env: {
      ...(process.env as Record<string, string>),
      FONTCONFIG_FILE: writeFontConfig(),
      ...(found.libraries ? { LD_LIBRARY_PATH: [found.libraries, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':') } : {}),
    },
  });
}

const require = createRequire(import.meta.url);

function cacheFolder(): string {
  const manifest = require.resolve('@sparticuz/chromium').replace(/(@sparticuz\/chromium)\/.*/, '$1/package.json');
  const { version } = JSON.parse(fs.readFileSync(manifest, 'utf8')) as { version: string };
  // One for each account: a browser is not run from a folder that somebody else can write.
  return path.join(os.tmpdir(), `uketori-browser-${version}-${process.getuid?.() ?? 'user'}`);
}

async function unpackBundled(): Promise<{ file: string; libraries: string | undefined }> {
  const folder = cacheFolder();
  if (!fs.existsSync(folder)) await unpackInto(folder);
  const file = path.join(folder, 'chromium');
  const libraries = path.join(folder, 'al2023', 'lib');
  return { file, libraries: lacksLibraries(file) ? libraries : undefined };
}

async function unpackInto(folder: string): Promise<void> {
  const draft = fs.mkdtempSync(`${folder}-`);
  // The package unpacks into the temp folder, and its libraries only where it takes itself to be on Lambda.
  const before = { TMPDIR: process.env.TMPDIR, AWS_EXECUTION_ENV: process.env.AWS_EXECUTION_ENV };
  const libraryPath = process.env.LD_LIBRARY_PATH;
  process.env.TMPDIR = draft;
  process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs20.x';
  try {
    const { default: bundled } = await import('@sparticuz/chromium');
    await bundled.executablePath();
  } finally {
    for (const [name, value] of Object.entries({ ...before, LD_LIBRARY_PATH: libraryPath })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    delete process.env.FONTCONFIG_PATH;
  }
  try {
    fs.renameSync(draft, folder);
  } catch {
    // Another test was quicker.
    fs.rmSync(draft, { recursive: true, force: true });
  }
}

function lacksLibraries(file: string): boolean {
  try {
    return execFileSync('ldd', [file], { encoding: 'utf8' }).includes('not found');
  } catch {
    return true;
  }
}

/** Makes the font package's folder known, beside whatever fonts the machine has. */
function writeFontConfig(): string {
  const fonts = path.join(path.dirname(require.resolve('@embedpdf/fonts-jp')), '..', 'fonts');
  const file = path.join(os.tmpdir(), `uketori-fonts-${process.getuid?.() ?? 'user'}.conf`);
  const families = ['sans-serif', 'serif', 'monospace', 'system-ui'].map(
    (family) => `<alias binding="weak"><family>${family}</family><prefer><family>Noto Sans JP</family></prefer></alias>`,
  );
  fs.writeFileSync(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${fonts}</dir>
<cachedir>${path.join(os.tmpdir(), `uketori-fontcache-${process.getuid?.() ?? 'user'}`)}</cachedir>${families.join('')}</fontconfig>\n`,
  );
  return file;
}

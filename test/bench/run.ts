import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { type MigratedDatabase, startMigratedDatabase } from '../support/server';
import { stopChildren } from './child';
import type { Bench, FilledDatabase, Line, Sizes } from './line';
import { consolePages } from './lines/console-pages';
import { coupons } from './lines/coupons';
import { growth } from './lines/growth';
import { importing } from './lines/importing';
import { issuing } from './lines/issuing';
import { pageBytes } from './lines/page-bytes';
import { redemption } from './lines/redemption';
import { residualPage } from './lines/residual-page';
import { sending } from './lines/sending';
import { buildPages, removePages } from './pages';
import { fillProgramme } from './programme';
import { isMet, printTable, toJson } from './report';

/**
 * `npm run bench [-- --small] [--only NAME] [--json FILE|-]`: how quick the portal is, each figure as a ratio of two
 * things measured in turn in the same run, so that it means something on any machine. Speed is never asserted:
 * it ends with 0 whatever the figures, and with 1 only when something broke.
 */
const PARTS: Readonly<Record<string, (bench: Bench) => Promise<Line[]>>> = {
  page: residualPage,
  redemption,
  issuing,
  importing,
  coupons,
  sending,
  growth,
  console: consolePages,
  bytes: pageBytes,
};

const FULL: Sizes = {
  rounds: 7,
  roundMs: 3_000,
  warmMs: 5_000,
  visitors: 500,
  redemptions: 400,
  codes: 600,
  grants: 10_000,
  manyGrants: 2_000_000,
  importRows: 1_000_000,
  coupons: 2_000_000,
  messages: 300_000,
};
const SMALL: Sizes = {
  rounds: 3,
  roundMs: 800,
  warmMs: 3_000,
  visitors: 100,
  redemptions: 100,
  codes: 150,
  grants: 2_000,
  manyGrants: 50_000,
  importRows: 50_000,
  coupons: 20_000,
  messages: 5_000,
};

const { values } = parseArgs({
  options: { small: { type: 'boolean', default: false }, only: { type: 'string', multiple: true }, json: { type: 'string' } },
});
const names = values.only ?? Object.keys(PARTS);
const unknown = names.filter((name) => !PARTS[name]);
if (unknown.length > 0) {
  process.stderr.write(`there is no ${unknown.join(', ')}; choose from ${Object.keys(PARTS).join(', ')}\n`);
  process.exit(2);
}

const sizes = values.small ? SMALL : FULL;
const databases: Promise<MigratedDatabase>[] = [];
const programmes = new Map<number, Promise<FilledDatabase>>();
const say = (step: string) => void process.stderr.write(`  ${step}\n`);

function database(name: string): Promise<MigratedDatabase> {
  say(`database ${name}`);
  const started = startMigratedDatabase(`bench_${name}`);
  databases.push(started);
  return started;
}

/** Whose pages in the console have a story. */
const CONSOLE_REDEEMERS = 30;

/** People enough for every line that redeems: over HTTP and by SQL, to be issued, and to see growth. */
function redeemers(): number {
  return (sizes.rounds + 1) * (sizes.redemptions * 3 + sizes.codes * 2) + 10 + CONSOLE_REDEEMERS;
}

function programme(grants: number): Promise<FilledDatabase> {
  const known = programmes.get(grants);
  if (known) return known;
  const filling = database(String(grants)).then(async (own) => ({
    database: own,
    programme: await fillProgramme(own, { grants, visitors: sizes.visitors, redeemers: redeemers() }),
  }));
  programmes.set(grants, filling);
  return filling;
}

async function main(): Promise<void> {
  const started = performance.now();
  say('building the pages and a bare Remix project');
  const bench: Bench = { sizes, pages: await buildPages(), programme, database, say };
  const lines: Line[] = [];
  for (const name of names) {
    say(`${name}:`);
    lines.push(...((await PARTS[name]?.(bench)) ?? []));
  }
  const report = { small: values.small, seconds: (performance.now() - started) / 1_000, lines };
  if (values.json) {
    const text = `${JSON.stringify(toJson(report), null, 2)}\n`;
    if (values.json === '-') process.stdout.write(text);
    else fs.writeFileSync(values.json, text);
  }
  if (values.json !== '-') printTable(report);
  say(`${lines.filter((line) => isMet(line) === false).length} goals missed`);
}

let ending: Promise<void> | undefined;

/** Ends what was started, whatever broke before. */
function cleanUp(): Promise<void> {
  ending ??= (async () => {
    await stopChildren();
    for (const started of await Promise.allSettled(databases)) {
      if (started.status === 'fulfilled') await started.value.stop().catch(() => {});
    }
    removePages();
  })();
  return ending;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    say('ending the bench');
    void cleanUp().finally(() => process.exit(130));
  });
}
try {
  await main();
} catch (error) {
  // Ctrl-C ends the children too; that they are gone is then no news.
  if (!ending) process.stderr.write(`the bench broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await cleanUp();
}

import path from 'node:path';
import { parseArgs } from 'node:util';
import { startStandInServer } from '#adapters/providers/stand-in-server';
import { EmbeddedError, requireFree, startEmbedded } from '#db/embedded';
import { type ClockSetting, clockFrom, standingClock, systemClock } from '~/clock';
import { totpAt } from '~/domain/totp';
import { buildPortal, isBuildStale } from './build';
import { type DemoChild, startChild } from './children';
import { findLatestInstant, prepareDatabase } from './database';
import type { DemoExamples } from './examples';
import { writeOperatorFile } from './operator-file';
import { makeProgress } from './progress';
import { readSecrets } from './secrets';
import { seed } from './seeding';
import { seedingMark } from './seeding-mark';
import { type DemoStaff, describeStaff } from './staff';

/**
 * `npm run demo`: the whole portal on this machine. A real PostgreSQL, stand-ins of the providers, the web
 * process and the worker as production runs them, and a clock that starts on 20 May 2023.
 */
const ROOT = path.resolve(import.meta.dirname, '..');
/** The Monday after the failure: the register is there, and nothing was done yet. */
const PROGRAMME_START = new Date('2023-02-27T10:00:00+09:00');
const DEMO_NOW = new Date('2023-05-20T10:00:00+09:00');

interface Stoppable {
  stop(): Promise<unknown>;
}

const progress = makeProgress();
/** What runs, in the order of its start; it ends in reverse. */
const running: Stoppable[] = [];
let stopping: Promise<void> | undefined;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      fresh: { type: 'boolean' },
      json: { type: 'boolean' },
      'from-start': { type: 'boolean', default: false },
      port: { type: 'string', default: '3000' },
      data: { type: 'string' },
    },
  });
  const fromStart = values['from-start'];
  const begin = fromStart ? PROGRAMME_START : DEMO_NOW;
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new EmbeddedError('failed', `--port must be a number from 1 to 65535`);
  const folder = path.resolve(values.data ?? path.join(ROOT, '.data', fromStart ? 'from-start' : ''));

  progress.step('PostgreSQL');
  const unfinished = seedingMark(folder);
  const postgres = await startEmbedded({ folder: path.join(folder, 'postgres'), fresh: values.fresh || unfinished.isSet() });
  running.push(postgres);
  await requireFree(port);
  const secrets = readSecrets(folder);

  progress.step('tables');
  const urls = await prepareDatabase(postgres, secrets);

  progress.step('stand-ins of the providers');
  const latest = await findLatestInstant(urls.owner);
  const start = latest && latest > begin ? latest : begin;
  const since = systemClock.now();
  const clock = clockFrom(start, since);
  // While the data come about, time stands where each of them belongs.
  const past = standingClock(begin);
  let seeding = true;
  const standIns = await startStandInServer({ now: () => (seeding ? past : clock).now() });
  running.push({ stop: () => standIns.close() });

  if (isBuildStale(ROOT)) {
    progress.step('build');
    await buildPortal(ROOT, path.join(folder, 'build.log'));
  }

  const publicUrl = `http://localhost:${port}`;
  const environment = {
    ...standIns.environment,
    NODE_ENV: 'production',
    REHEARSAL: '1',
    OUTBOX: '1',
    PUBLIC_URL: publicUrl,
    HOST: '127.0.0.1',
    PORT: String(port),
    ...clockVariables({ start, since }),
    SEAL_KEYS: secrets.sealKeys,
    INDEX_KEYS: secrets.indexKeys,
    LINK_KEYS: secrets.linkKeys,
    PROOF_KEY: secrets.proofKey,
    REHEARSAL_DATABASE_URL: urls.rehearsals,
  };
  const noteClock = (setting: ClockSetting) =>
    writeOperatorFile(folder, { ...environment, ...clockVariables(setting), NODE_ENV: 'development', DATABASE_URL: urls.owner });
  const operatorFile = noteClock({ start, since });
  progress.step('campaigns, grants and stock');
  if (!latest) unfinished.set();
  const found = await seed({
    fromStart,
    staff: secrets.staff,
    ownerUrl: urls.owner,
    environment,
    clock: past,
    standIns,
    onStep: progress.advance,
  });
  seeding = false;
  unfinished.clear();
  const links = found.links.map(({ key, residualYen, explanation, token }) => ({
    key,
    url: `${publicUrl}/r/${token}`,
    residualYen: Number(residualYen),
    explanation,
  }));

  progress.step('web and worker');
  const children: DemoChild[] = [];
  // Time only goes on: what is in the database must not lie in the future.
  const moveClock = (to: Date) => {
    const setting = { start: to > clock.now() ? to : clock.now(), since: systemClock.now() };
    clock.setAnew(setting);
    noteClock(setting);
    for (const child of children) child.setClock(setting);
  };
  for (const kind of ['web', 'worker'] as const) {
    const own = { ...environment, DATABASE_URL: urls[kind], CONSOLE_DATABASE_URL: urls.console };
    const child = await startChild({
      kind,
      root: ROOT,
      logFile: path.join(folder, `${kind}.log`),
      environment: own,
      onMoveClock: moveClock,
    });
    running.push(child);
    children.push(child);
  }
  for (const child of children) child.setClock({ start, since });
  progress.end();

  if (values.json)
    process.stdout.write(
      `${JSON.stringify({ url: publicUrl, outbox: `${publicUrl}/outbox`, clock: `${publicUrl}/clock`, portalNow: clock.now(), links, examples: found.examples, staff: found.staff.map((each) => ({ ...each, totpNow: totpAt(each.totpSecret, clock.now()) })), operatorFile, standIns: `http://127.0.0.1:${standIns.port}`, folder })}\n`,
    );
  else print(publicUrl, links, found, path.relative(process.cwd(), operatorFile));
  const reason = await Promise.race([postgres.failed, ...children.map(({ failed }) => failed)]);
  await end(reason, 1);
}

/** How processes that start later are told where the clock stands. */
function clockVariables({ start, since }: ClockSetting): Record<string, string> {
  return { PORTAL_NOW: start.toISOString(), PORTAL_NOW_SINCE: since.toISOString() };
}

function print(
  publicUrl: string,
  links: readonly { url: string; residualYen: number; explanation: { ja: string; en: string } }[],
  { staff, examples }: { staff: readonly DemoStaff[]; examples: DemoExamples },
  operatorFile: string,
): void {
  const lines = links.map(
    ({ url, residualYen, explanation: { ja, en } }) => `  ${url}\n      ¥${residualYen.toLocaleString('ja-JP')}  ${ja} (${en})`,
  );
  process.stdout.write(
    `\nuketori is ready at ${publicUrl}. Press Ctrl-C to end it.\n\n${lines.join('\n')}\n\nWhat recipients are sent by mail and SMS: ${publicUrl}/outbox\nThe clock, to be moved on: ${publicUrl}/clock\n${describeExamples(publicUrl, examples)}\n${describeStaff(staff, { signIn: `${publicUrl}/admin`, operatorFile })}\n\nThe command line, beside it: npm run uketori -- --env-file ${operatorFile} proof\n`,
  );
}

/** What else is there to be seen. */
function describeExamples(publicUrl: string, { person, claims }: DemoExamples): string {
  if (!person) return '';
  const lines = claims.map(({ state, number, fact }) => `  ${number}  ${fact}  (${state})`);
  return [
    '',
    `For the staff below: claims ${publicUrl}/admin/claims, calls ${publicUrl}/admin/cases, coupons ${publicUrl}/admin/coupons`,
    `Somebody of whom there is everything: ${person.name}, ${person.phone}  ${publicUrl}${person.path}`,
    `For applicants, number and mail address: ${publicUrl}/claim/status`,
    ...lines,
    '',
  ].join('\n');
}

/** Ends everything in reverse order, then this process. */
function end(line: string, code: number): Promise<void> {
  stopping ??= (async () => {
    progress.fail();
    process.stderr.write(`${line}\n`);
    for (const part of running.reverse()) await part.stop().catch(() => {});
    process.exit(code);
  })();
  return stopping;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end('ending the demo', 0));

main().catch((error: unknown) => {
  const line = error instanceof Error ? error.message : String(error);
  return end(`the demo cannot start: ${line}`, 1);
});

import { parseArgs } from 'node:util';
import { startMigratedDatabase } from '../support/server';
import { simulate } from './simulate';

/** `npm run sim -- --redemptions 10000 --seed N [--json]`: ends with 1 when a yen is lost, doubled or stuck. */
const { values } = parseArgs({
  options: {
    redemptions: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(process.hrtime.bigint() % 4_294_967_296n) },
    json: { type: 'boolean', default: false },
  },
});
const redemptions = Number(values.redemptions);
const seed = Number(values.seed);
if (!Number.isSafeInteger(redemptions) || redemptions < 1 || !Number.isSafeInteger(seed) || seed < 0) {
  process.stderr.write('usage: npm run sim -- --redemptions <1 or more> --seed <0 or more> [--json]\n');
  process.exit(2);
}

const started = process.hrtime.bigint();
const database = await startMigratedDatabase('simulation');
let reported = 0;
try {
  const result = await simulate({
    redemptions,
    seed,
    ...database,
    onProgress(done, of) {
      const tenth = Math.floor((done * 10) / of);
      if (tenth > reported && !values.json) process.stdout.write(`${done} of ${of}\n`);
      reported = tenth;
    },
  });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const { findings, ...figures } = result;
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ ...figures, lostYen: String(figures.lostYen), seconds, findings })}\n`);
  } else {
    for (const finding of findings.slice(0, 50)) process.stdout.write(`${finding}\n`);
    process.stdout.write(
      [
        `redemptions ${redemptions}, provider calls ${result.calls}, mishaps ${result.mishaps}, crashes ${result.crashes}, ${seconds.toFixed(0)} s`,
        `issued ${result.issued}, failed ${result.failed}, waiting for a person ${result.forAPerson}`,
        `acts of staff ${result.staffActs}, codes made void ${result.voided}`,
        `double issues ${result.doubleIssues}`,
        `lost yen ${result.lostYen}`,
        `stuck ${result.stuck}`,
        `seed ${seed}`,
        '',
      ].join('\n'),
    );
  }
  process.exitCode = result.doubleIssues === 0 && result.lostYen === 0n && result.stuck === 0 ? 0 : 1;
} finally {
  await database.stop();
}

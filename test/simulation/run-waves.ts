import { parseArgs } from 'node:util';
import { startMigratedDatabase } from '../support/server';
import { proveWave } from './waves';

/**
 * `npm run waves-proof -- --people 10000 --kills 150 --seed N`: ends with 1 when somebody got two invitations, or none
 * and no reason.
 */
const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '10000' },
    kills: { type: 'string', default: '150' },
    seed: { type: 'string', default: '1' },
  },
});
const [people, kills, seed] = [Number(values.people), Number(values.kills), Number(values.seed)];
if (![people - 1, kills, seed].every((number) => Number.isSafeInteger(number) && number >= 0)) {
  process.stderr.write('usage: npm run waves-proof -- --people <1 or more> --kills <0 or more> --seed <0 or more>\n');
  process.exit(2);
}
const started = performance.now();
const database = await startMigratedDatabase('waves');
try {
  const proof = await proveWave({ people, kills, seed, database });
  const seconds = Math.round((performance.now() - started) / 1_000);
  process.stdout.write(`${JSON.stringify({ ...proof, seconds }, null, 2)}\n`);
  process.exitCode = proof.gotMore + proof.lost + proof.open + proof.sentWhileHeld === 0 ? 0 : 1;
} finally {
  await database.stop();
}

import { parseArgs } from 'node:util';
import { startMigratedDatabase } from '../support/server';
import { proveWave } from './waves';

/** `npm run waves-proof -- --people 10000 --seed N`: ends with 1 when somebody got two invitations, or none and no reason. */
const { values } = parseArgs({ options: { people: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } } });
const [people, seed] = [Number(values.people), Number(values.seed)];
if (!Number.isSafeInteger(people) || people < 1 || !Number.isSafeInteger(seed) || seed < 0) {
  process.stderr.write('usage: npm run waves-proof -- --people <1 or more> --seed <0 or more>\n');
  process.exit(2);
}
const database = await startMigratedDatabase('waves');
try {
  const proof = await proveWave({ people, seed, ...database });
  process.stdout.write(`${JSON.stringify(proof)}\n`);
  process.exitCode = proof.gotMore === 0 && proof.lost === 0 && proof.open === 0 ? 0 : 1;
} finally {
  await database.stop();
}

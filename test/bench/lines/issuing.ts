import pg from 'pg';
import { issueCode } from '~/services/issue-code';
import type { Bench, Line } from '../line';
import { type Recording, record } from '../record';
import { startReplay } from '../replay';
import { inTurn, median } from '../stats';
import { INSTANT, instantProvider, startWorkerProcess } from '../worker';
import { recordRedemption } from './redemption';

/** As many hands as the worker has for one provider. */
const CONNECTIONS = 6;

/**
 * Codes a second from a provider that answers at once, through the real queue and worker, against the
 * statements of `issueCode` alone. What the queue itself costs (taking and ending jobs) counts against us.
 */
export async function issuing(bench: Bench): Promise<Line[]> {
  const { sizes } = bench;
  const { database, programme } = await bench.programme(sizes.grants);
  const owner = new pg.Client(database.ownerUrl);
  await owner.connect();
  const grants = programme.take((sizes.rounds + 1) * sizes.codes * 2 + 1);
  const first = grants.shift() ?? '';
  const choice = await recordRedemption(database.webUrl, first, INSTANT);
  const chooser = await startReplay({ url: database.webUrl, recording: choice, connections: CONNECTIONS });
  const choose = async (count: number): Promise<string[][]> => {
    const given = grants.splice(0, count);
    await chooser.ask({ given: given.map((id) => [id]), connections: CONNECTIONS });
    return idsOf(owner, given);
  };
  // The recorded redemption's own code is the one that is recorded being issued.
  const [ids = []] = await idsOf(owner, [first]);
  const recording = await recordIssuing(database.workerUrl, ids);
  // Jobs that nobody does: the statements alone take none, and those of other lines would stand in the worker's way.
  const clearQueue = () => owner.query('delete from graphile_worker._private_jobs');
  await clearQueue();
  const replay = await startReplay({ url: database.workerUrl, recording, connections: CONNECTIONS });
  const worker = await startWorkerProcess({ workerUrl: database.workerUrl, ownerUrl: database.ownerUrl });

  bench.say('codes');
  const measured = await inTurn(
    sizes.rounds,
    async () => {
      await choose(sizes.codes);
      const ms = await worker.ask(sizes.codes);
      return (sizes.codes * 1_000) / ms;
    },
    async () => {
      const { perSecond } = await replay.ask({ given: await choose(sizes.codes), connections: CONNECTIONS });
      await clearQueue();
      return perSecond;
    },
  );
  await Promise.all([chooser.stop(), replay.stop(), worker.stop(), owner.end()]);
  const through = median(measured.a);
  const sql = median(measured.b);
  const details = { workerPerSecond: through, sqlPerSecond: sql, statements: recording.statements.length, hands: CONNECTIONS };
  return [
    {
      name: 'issuing',
      compares: 'codes/s through queue and worker ÷ the same SQL straight through pg',
      figure: through / sql,
      unit: '×',
      details,
    },
    {
      name: 'issuing, codes',
      compares: 'codes issued in a second by one worker, provider answering at once',
      figure: through,
      unit: '/s',
      details,
    },
  ];
}

/** Code, redemption and grant of each grant's redemption. */
async function idsOf(owner: pg.Client, grantIds: readonly string[]): Promise<string[][]> {
  const { rows } = await owner.query<{ ids: string[] }>(
    `select array[c.id::text, r.id::text, r.grant_id::text] as ids
       from redemptions r join codes c on c.redemption_id = r.id where r.grant_id = any($1)`,
    [grantIds],
  );
  return rows.map((row) => row.ids);
}

function recordIssuing(url: string, ids: readonly string[]): Promise<Recording> {
  const [codeId = ''] = ids;
  return record(url, { providers: instantProvider() }, async (portal, recorder) => {
    recorder.given(...ids);
    const outcome = await issueCode(portal, { codeId }, { wait: async () => {} });
    if (outcome !== 'asked') throw new Error(`a code was not issued: ${outcome}`);
  });
}

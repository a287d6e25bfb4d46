import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { startFeeder } from '../feeder';
import { writeGrantsFile } from '../grants-file';
import { startImporter } from '../importer';
import type { Bench, Line } from '../line';
import { loadProgramme } from '../programme';
import { startSender } from '../sender';

const SECONDS_MOST = 120;
/** More than this and something is kept for every message. */
const GROWTH_MOST = 1.2;
const LIMIT = 50;
/** As many people as the feeder takes in one transaction. */
const BATCH = 1_000;

/**
 * A wave to everybody: how long it takes to queue, against bare inserts of the very rows that came of it; whether it
 * goes out as fast as its channel lets it; and whether the memory of whoever queues and of whoever sends stays flat.
 */
export async function sending(bench: Bench): Promise<Line[]> {
  const { messages, roundMs, rounds } = bench.sizes;
  const database = await bench.database('sending');
  const folder = mkdtempSync(path.join(os.tmpdir(), 'uketori-bench-sending-'));
  try {
    const campaignId = await loadProgramme(database);
    const file = path.join(folder, 'grants.csv');
    await writeGrantsFile(file, messages);
    bench.say(`importing ${messages} people`);
    const importer = await startImporter({ ownerUrl: database.ownerUrl });
    await importer.ask({ campaignId, file });
    await importer.stop();

    bench.say(`queueing ${messages} messages`);
    const feeder = await startFeeder({ consoleUrl: database.consoleUrl });
    const fed = await feeder.ask(campaignId);
    await feeder.stop();
    if (fed.queued !== messages) throw new Error(`${fed.queued} of ${messages} were queued`);
    const bareMs = await insertBare(database.superuserUrl);

    bench.say('sending');
    const sender = await startSender({ workerUrl: database.workerUrl });
    const ms = roundMs * rounds;
    const limited = await sender.ask({ ratePerSecond: LIMIT, ms });
    const free = await sender.ask({ ratePerSecond: 100_000, ms });
    await sender.stop();
    const seconds = fed.ms / 1_000;
    const details = { messages, seconds, perSecond: messages / seconds, bareMs };
    return [
      {
        name: 'queueing',
        compares: `time to queue a wave of ${messages}, sealed and with its jobs ÷ bare inserts of the same rows, ${BATCH} at a time, into plain tables with keys`,
        figure: fed.ms / bareMs,
        unit: '×',
        details,
      },
      {
        name: 'queueing, time',
        compares: `time to queue ${messages} messages (300,000 are to take two minutes at most)`,
        figure: seconds * (300_000 / messages),
        unit: 's/300k',
        goal: { atMost: SECONDS_MOST },
        details,
      },
      {
        name: 'queueing, memory',
        compares: 'resident memory of the feeder: most of the second half ÷ most of the first',
        figure: fed.growth,
        unit: '×',
        goal: { atMost: GROWTH_MOST },
        details: { pointsMb: someOf(fed.pointsMb) },
      },
      {
        name: 'sending',
        compares: `messages that one worker sends in a second ÷ what the channel lets through (${LIMIT})`,
        figure: limited.perSecond / LIMIT,
        unit: '×',
        goal: { atLeast: 0.95 },
        details: { perSecond: limited.perSecond, perSecondWithoutLimit: free.perSecond, hands: 4 },
      },
      {
        name: 'sending, memory',
        compares: 'resident memory of the worker without a limit: most of the second half ÷ most of the first',
        figure: free.growth,
        unit: '×',
        goal: { atMost: GROWTH_MOST },
        details: { sent: free.sent, pointsMb: someOf(free.pointsMb) },
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Inserts the messages and jobs that stand there once more, into plain tables with their keys. */
async function insertBare(url: string): Promise<number> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    // As autovacuum does after a while; without it the queue's plans are those of an empty table.
    await client.query('vacuum analyze');
    await client.query(`create schema bare;
      create table bare.messages (like public.messages);
      alter table bare.messages add primary key (id), add unique (id, grant_id), add foreign key (grant_id) references public.grants;
      create table bare.jobs (like graphile_worker._private_jobs);
      alter table bare.jobs add primary key (id), add unique (key);
      checkpoint`);
    const start = performance.now();
    for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
      const { rows } = await client.query<{ last: string | null }>(
        `with batch as (insert into bare.messages select * from messages where id > $1 order by id limit ${BATCH} returning id),
           jobs as (insert into bare.jobs select j.* from batch join graphile_worker._private_jobs j on j.key = 'send-message:' || batch.id)
         select max(id::text) as last from batch`,
        [after],
      );
      const last = rows[0]?.last;
      if (!last) break;
      after = last;
    }
    return performance.now() - start;
  } finally {
    await client.end();
  }
}

function someOf(points: readonly number[]): string {
  const step = Math.max(1, Math.floor(points.length / 10));
  return points
    .filter((_, i) => i % step === 0)
    .map((point) => point.toFixed(0))
    .join(' ');
}

import { requestRedemption } from '~/services/request-redemption';
import type { Bench, Line } from '../line';
import { startLoad } from '../load';
import { GRANT_YEN } from '../programme';
import { type Recording, record } from '../record';
import { startReplay } from '../replay';
import { inTurn, median } from '../stats';
import { linksOf, Visitors } from '../visitors';
import { startWeb } from '../web';

const CONNECTIONS = 8;
const PROVIDER = 'amazon';

/**
 * A whole redemption over HTTP (the POST that confirms, with its cookie and its form token) against its SQL
 * alone: the statements of `requestRedemption`, transaction and all. What the page reads before them and
 * everything but SQL counts against us.
 */
export async function redemption(bench: Bench): Promise<Line[]> {
  const { pages, sizes } = bench;
  const { database, programme } = await bench.programme(sizes.grants);
  const grants = programme.take((sizes.rounds + 1) * sizes.redemptions * 2 + 1);
  const recording = await recordRedemption(database.webUrl, grants.shift() ?? '', PROVIDER);
  const load = await startLoad();
  const web = await startWeb({ pages: pages.portal, url: database.webUrl });
  const replay = await startReplay({ url: database.webUrl, recording, connections: CONNECTIONS });
  const next = () => grants.splice(0, sizes.redemptions);

  bench.say('people on their way to the confirmation');
  const posts = await new Visitors(web.ready.port, linksOf(grants.splice(0, (sizes.rounds + 1) * sizes.redemptions))).goToConfirmations(
    `${PROVIDER}.${GRANT_YEN}`,
  );
  const readers = await new Visitors(web.ready.port, linksOf(programme.visitors)).openPages();
  await load.ask({ port: web.ready.port, requests: readers, connections: CONNECTIONS, ms: sizes.warmMs });
  bench.say('redemptions');
  const measured = await inTurn(
    sizes.rounds,
    () => load.ask({ port: web.ready.port, requests: posts.splice(0, sizes.redemptions), connections: CONNECTIONS, ms: null }),
    () => replay.ask({ given: next().map((id) => [id]), connections: CONNECTIONS }),
  );
  await Promise.all([load.stop(), web.stop(), replay.stop()]);
  const http = median(measured.a.map(({ perSecond }) => perSecond));
  const sql = median(measured.b.map(({ perSecond }) => perSecond));
  return [
    {
      name: 'redemption',
      compares: 'redemptions/s over HTTP ÷ the same SQL straight through pg',
      figure: http / sql,
      unit: '×',
      goal: { atLeast: 0.35 },
      details: { httpPerSecond: http, sqlPerSecond: sql, statements: recording.statements.length, connections: CONNECTIONS },
    },
  ];
}

/** The statements of one redemption of a grant's whole residual; a replay is given another grant. */
export function recordRedemption(url: string, grantId: string, provider: string): Promise<Recording> {
  return record(url, {}, async (portal, recorder) => {
    recorder.given(grantId);
    const requestKey = portal.crypto.newKey();
    const result = await requestRedemption(portal, { grantId, requestKey, choices: [{ provider, yen: BigInt(GRANT_YEN) }] });
    if (result.kind !== 'accepted') throw new Error(`a redemption was refused: ${result.reason}`);
  });
}

import type { Bench, Line } from '../line';
import { type LoadRequest, startLoad } from '../load';
import { inTurn, median } from '../stats';
import { linksOf, Visitors } from '../visitors';
import { startWeb, type Web } from '../web';

const CONNECTIONS = 8;

/**
 * Requests per second of the residual page against those of a fresh Remix project, one web process each. Asked as
 * browsers ask, which read gzip and Brotli; and, for what it is worth, as only machines do, which read neither.
 */
export async function residualPage(bench: Bench): Promise<Line[]> {
  const { pages, sizes } = bench;
  const { database, programme } = await bench.programme(sizes.grants);
  const load = await startLoad();
  const portal = await startWeb({ pages: pages.portal, url: database.webUrl });
  const bare = await startWeb({ pages: pages.bare, url: database.webUrl });
  const people = await new Visitors(portal.ready.port, linksOf(programme.visitors)).openPages();
  const anybody = [Visitors.anonymous()];

  bench.say('warming up');
  for (const [web, requests] of [
    [portal, people],
    [bare, anybody],
  ] as const) {
    await load.ask({ port: web.ready.port, requests, connections: CONNECTIONS, ms: sizes.warmMs });
  }
  const measure = async (web: Web, requests: readonly LoadRequest[]) => {
    const before = await web.ask('cpu');
    const { count, perSecond } = await load.ask({ port: web.ready.port, requests, connections: CONNECTIONS, ms: sizes.roundMs });
    return { perSecond, cpuMs: ((await web.ask('cpu')) - before) / count };
  };
  const compare = async (asked: (requests: readonly LoadRequest[]) => readonly LoadRequest[]) => {
    const measured = await inTurn(
      sizes.rounds,
      () => measure(portal, asked(people)),
      () => measure(bare, asked(anybody)),
    );
    const middle = (side: 'a' | 'b', of: 'perSecond' | 'cpuMs') => median(measured[side].map((result) => result[of]));
    return {
      figure: middle('a', 'perSecond') / middle('b', 'perSecond'),
      details: {
        portalPerSecond: middle('a', 'perSecond'),
        barePerSecond: middle('b', 'perSecond'),
        portalCpuMs: middle('a', 'cpuMs'),
        bareCpuMs: middle('b', 'cpuMs'),
        connections: CONNECTIONS,
      },
    };
  };
  bench.say('pages as browsers ask for them');
  const squeezed = await compare((requests) => requests);
  bench.say('pages without compression');
  const plain = await compare((requests) =>
    requests.map((request) => ({ ...request, headers: { ...request.headers, 'accept-encoding': 'identity' } })),
  );
  await Promise.all([load.stop(), portal.stop(), bare.stop()]);
  const compares = 'requests/s of the residual page ÷ a fresh Remix project in the same server, one process each';
  return [
    { name: 'residual page', compares: `${compares}; asked as browsers ask`, ...squeezed, unit: '×', goal: { atLeast: 1.5 } },
    { name: 'residual page, plain', compares: 'the same without compression: what only machines ask for', ...plain, unit: '×' },
  ];
}

import type { Bench, Line } from '../line';
import { type LoadPlan, startLoad } from '../load';
import { inTurn, median } from '../stats';
import { linksOf, Visitors } from '../visitors';
import { startWeb, type Web } from '../web';

const CONNECTIONS = 8;

/** Requests per second of the residual page against those of a fresh Remix project, one web process each. */
export async function residualPage(bench: Bench): Promise<Line[]> {
  const { pages, sizes } = bench;
  const { database, programme } = await bench.programme(sizes.grants);
  const load = await startLoad();
  const portal = await startWeb({ pages: pages.portal, url: database.webUrl });
  const bare = await startWeb({ pages: pages.bare, url: database.webUrl });
  const people = await new Visitors(portal.ready.port, linksOf(programme.visitors)).openPages();
  const plan = { connections: CONNECTIONS, ms: sizes.roundMs };
  const measure = async (web: Web, requests: LoadPlan) => {
    const before = await web.ask('cpu');
    const { count, perSecond } = await load.ask(requests);
    return { perSecond, cpuMs: ((await web.ask('cpu')) - before) / count };
  };
  const measured = await inTurn(
    sizes.rounds,
    () => measure(portal, { ...plan, port: portal.ready.port, requests: people }),
    () => measure(bare, { ...plan, port: bare.ready.port, requests: [Visitors.anonymous()] }),
  );
  await Promise.all([load.stop(), portal.stop(), bare.stop()]);
  const middle = (side: 'a' | 'b', of: 'perSecond' | 'cpuMs') => median(measured[side].map((result) => result[of]));
  return [
    {
      name: 'residual page',
      compares: 'requests/s of the residual page ÷ a fresh Remix project in the same server, one process each',
      figure: middle('a', 'perSecond') / middle('b', 'perSecond'),
      unit: '×',
      goal: { atLeast: 1.5 },
      details: {
        portalPerSecond: middle('a', 'perSecond'),
        barePerSecond: middle('b', 'perSecond'),
        portalCpuMs: middle('a', 'cpuMs'),
        bareCpuMs: middle('b', 'cpuMs'),
        connections: CONNECTIONS,
      },
    },
  ];
}

import type { Bench, FilledDatabase, Line } from '../line';
import { type LoadResult, startLoad } from '../load';
import { GRANT_YEN } from '../programme';
import { inTurn, median, percentile } from '../stats';
import { linksOf, Visitors } from '../visitors';
import { startWeb } from '../web';

/** Few at a time: the answer's own time is asked for, not that of standing in line. */
const CONNECTIONS = 2;

/** The slowest twentieth of pages and of redemptions, with few grants and with many. */
export async function growth(bench: Bench): Promise<Line[]> {
  const { sizes } = bench;
  const load = await startLoad();
  const many = await openSite(bench, await bench.programme(sizes.manyGrants));
  const few = await openSite(bench, await bench.programme(sizes.grants));
  const p95 = (results: readonly LoadResult[]) => median(results.map(({ latenciesMs }) => percentile(latenciesMs, 95)));
  const lines: Line[] = [];
  for (const what of ['page', 'redemption'] as const) {
    bench.say(`p95 of the ${what}`);
    const ask = (site: Site) =>
      what === 'page'
        ? load.ask({ port: site.port, requests: site.reads, connections: CONNECTIONS, ms: sizes.roundMs })
        : load.ask({ port: site.port, requests: site.posts.splice(0, sizes.redemptions), connections: CONNECTIONS, ms: null });
    const measured = await inTurn(
      sizes.rounds,
      () => ask(many),
      () => ask(few),
    );
    lines.push({
      name: `growth, ${what}`,
      compares: `p95 of the ${what === 'page' ? 'residual page' : 'redemption'} with ${digits(sizes.manyGrants)} grants ÷ with ${digits(sizes.grants)}`,
      figure: p95(measured.a) / p95(measured.b),
      unit: '×',
      goal: { atMost: 1.2 },
      details: { manyMs: p95(measured.a), fewMs: p95(measured.b), connections: CONNECTIONS },
    });
  }
  await Promise.all([load.stop(), many.stop(), few.stop()]);
  return lines;
}

type Site = Awaited<ReturnType<typeof openSite>>;

async function openSite({ pages, sizes }: Bench, { database, programme }: FilledDatabase) {
  const web = await startWeb({ pages: pages.portal, url: database.webUrl });
  const redeemers = programme.take((sizes.rounds + 1) * sizes.redemptions);
  return {
    port: web.ready.port,
    reads: await new Visitors(web.ready.port, linksOf(programme.visitors)).openPages(),
    posts: await new Visitors(web.ready.port, linksOf(redeemers)).goToConfirmations(`amazon.${GRANT_YEN}`),
    stop: () => web.stop(),
  };
}

function digits(grants: number): string {
  return new Intl.NumberFormat('en').format(grants);
}

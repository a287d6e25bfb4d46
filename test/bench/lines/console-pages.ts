import pg from 'pg';
import { makeCrypto } from '~/crypto.server';
import type { Contact } from '~/domain/contact';
import { tokenTexts } from '~/domain/search';
import { requestRedemption } from '~/services/request-redemption';
import { makeTestPortal } from '../../support/portal';
import { insertSession, insertStaff } from '../../support/staff';
import { benchContact } from '../contacts';
import { fileEverybody, sealFound } from '../filing';
import type { Bench, FilledDatabase, Line } from '../line';
import { type Load, type LoadRequest, startLoad } from '../load';
import { BENCH_START, benchKeys, benchPortal } from '../portal';
import { GRANT_YEN } from '../programme';
import { median, percentile } from '../stats';
import { startWeb } from '../web';

/** One after the other: an operator waits for the answer. */
const CONNECTIONS = 2;
const GOAL_MS = 100;
const PEOPLE = 60;
/** With a story on their page. */
const REDEEMED = 30;

/** The slowest twentieth of searches, of persons' pages and of the home page among many grants, as the console's browser sees them. */
export async function consolePages(bench: Bench): Promise<Line[]> {
  const { sizes } = bench;
  const filled = await bench.programme(sizes.manyGrants);
  bench.say('filing everybody');
  const filed = await fileEverybody(filled.database);
  const site = await openConsole(bench, filled, filed);
  const load = await startLoad();
  const lines: Line[] = [];
  for (const { name, compares, requests } of site.asked) {
    bench.say(`p95 of ${name}`);
    lines.push(await measure(load, { port: site.port, requests, name, compares, sizes: bench.sizes, plain: () => plainSelects(filled) }));
  }
  await Promise.all([load.stop(), site.stop()]);
  return lines;
}

async function measure(
  load: Load,
  what: {
    port: number;
    requests: readonly LoadRequest[];
    name: string;
    compares: string;
    sizes: Bench['sizes'];
    plain: () => Promise<number>;
  },
): Promise<Line> {
  const { port, requests, sizes } = what;
  await load.ask({ port, requests, connections: CONNECTIONS, ms: sizes.warmMs });
  const rounds: number[] = [];
  const plain: number[] = [];
  let count = 0;
  for (let round = 0; round < sizes.rounds; round += 1) {
    const result = await load.ask({ port, requests, connections: CONNECTIONS, ms: sizes.roundMs });
    rounds.push(percentile(result.latenciesMs, 95));
    count += result.count;
    plain.push(await what.plain());
  }
  const p95 = median(rounds);
  return {
    name: what.name,
    compares: what.compares,
    figure: p95,
    unit: 'ms',
    goal: { atMost: GOAL_MS },
    details: { timesAPlainSelect: p95 / median(plain), plainSelectMs: median(plain), requests: count, connections: CONNECTIONS },
  };
}

/** p95 of reading one grant by its id, straight through `pg`: what the machine can do at best at the time. */
async function plainSelects({ database, programme }: FilledDatabase): Promise<number> {
  const client = new pg.Client(database.consoleUrl);
  await client.connect();
  const taken: number[] = [];
  for (const id of programme.visitors) {
    const start = performance.now();
    await client.query('select id, number, granted_yen, deadline_at from grants where id = $1', [id]);
    taken.push(performance.now() - start);
  }
  await client.end();
  return percentile(taken, 95);
}

async function openConsole({ pages, sizes }: Bench, { database, programme }: FilledDatabase, filed: number) {
  const owner = makeTestPortal(database.ownerUrl, { keys: benchKeys(), connections: 2 });
  owner.clock.set(BENCH_START);
  const staff = await insertStaff(owner, 'operator');
  const cookie = `__Host-staff=${await insertSession(owner, staff)}`;
  const people = Array.from({ length: PEOPLE }, (_, i) => benchContact(Math.floor((filed / PEOPLE) * i)));
  await sealShown(database.superuserUrl, people, { database, programme });
  const numbers = await owner.db
    .selectFrom('grants')
    .select('number')
    .where('id', 'in', [...programme.visitors.slice(0, PEOPLE)])
    .execute();
  const redeemed = await redeem(database.webUrl, programme.take(REDEEMED));
  await owner.close();

  const web = await startWeb({ pages: pages.portal, url: database.webUrl, consoleUrl: database.consoleUrl });
  const { port } = web.ready;
  const headers = { cookie, accept: 'text/html', 'accept-language': 'ja', 'user-agent': 'bench' };
  const html = await (await fetch(`http://127.0.0.1:${port}/admin/find`, { headers })).text();
  const token = /name="token" value="([^"]+)"/.exec(html)?.[1];
  if (!token) throw new Error('the search page has no form');
  const find = (fact: string, second = ''): LoadRequest => ({
    method: 'POST',
    path: '/admin/find',
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', origin: 'null' },
    body: new URLSearchParams({ token, act: 'find', fact, second }).toString(),
    expect: 200,
  });
  const see = (grantId: string): LoadRequest => ({ method: 'GET', path: `/admin/people/${grantId}`, headers, expect: 200 });
  const searches = [
    ...people.flatMap((person) => questions(person).map(([fact, second]) => find(fact, second))),
    ...numbers.map(({ number }) => find(number)),
  ];
  // Nothing found is quickly answered: whoever is looked for must be there.
  for (const { path, ...init } of searches.slice(0, 9)) {
    const answer = await (await fetch(`http://127.0.0.1:${port}${path}`, init)).text();
    if (!answer.includes('data-row')) throw new Error('a search of the bench finds nobody');
  }
  const digits = new Intl.NumberFormat('en').format(sizes.manyGrants);
  return {
    port,
    asked: [
      {
        name: 'search, p95',
        compares: `p95 of finding by phone, kana, name, mail or number, whole and in part, one fact and two, among ${digits} grants`,
        requests: searches,
      },
      {
        name: 'person page, p95',
        compares: `p95 of a person's page with its story among ${digits} grants`,
        requests: [...redeemed, ...programme.visitors.slice(0, PEOPLE)].map(see),
      },
      {
        name: 'home page, p95',
        compares: `p95 of the page of what needs a hand among ${digits} grants`,
        requests: [{ method: 'GET' as const, path: '/admin', headers, expect: 200 }],
      },
    ],
    stop: () => web.stop(),
  };
}

/** What is asked about somebody: as callers say it. */
function questions({ name, kana, phone, mail }: Contact): (readonly [fact: string, second?: string])[] {
  const digits = `0${phone?.slice(3)}`;
  const [family = '', given = ''] = (kana ?? '').split(' ');
  return [
    [`${digits.slice(0, 3)}-${digits.slice(3, 7)}-${digits.slice(7)}`],
    [digits.slice(0, 7)],
    [digits.slice(-4)],
    [kana ?? ''],
    [family],
    [name ?? ''],
    [mail ?? ''],
    [family, digits.slice(-4)],
    [`${family} ${given}`, digits],
  ];
}

/** Those who are shown first for each question get contacts that open. */
async function sealShown(superuserUrl: string, people: readonly Contact[], { database }: FilledDatabase): Promise<void> {
  const crypto = makeCrypto(benchKeys());
  const admin = new pg.Client(superuserUrl);
  await admin.connect();
  const { rows: all } = await admin.query<{ ids: string[] }>(
    'select array_agg(recipient_id order by recipient_id) as ids from (select recipient_id from search_entries) e',
  );
  const place = new Map((all[0]?.ids ?? []).map((id, i) => [id, i]));
  const shown = new Map<string, Contact>();
  for (const token of new Set(people.flatMap((person) => tokenTexts(person).map(({ field, text }) => crypto.searchToken(field, text))))) {
    const { rows } = await admin.query<{ id: string }>(
      `with hits as materialized (select recipient_id as id from search_entries where tokens && array[$1::bigint]) select id from hits order by id limit 21`,
      [String(token)],
    );
    for (const { id } of rows) shown.set(id, benchContact(place.get(id) ?? 0));
  }
  await admin.end();
  await sealFound(
    database,
    [...shown].map(([recipientId, contact]) => ({ recipientId, contact })),
  );
}

async function redeem(webUrl: string, grantIds: readonly string[]): Promise<readonly string[]> {
  const portal = benchPortal(webUrl, { connections: 2 });
  for (const grantId of grantIds) {
    for (const provider of ['paypay', 'amazon']) {
      const result = await requestRedemption(portal, {
        grantId,
        requestKey: portal.crypto.newKey(),
        choices: [{ provider, yen: BigInt(provider === 'paypay' ? 500 : GRANT_YEN - 500) }],
      });
      if (result.kind !== 'accepted') throw new Error(`a redemption came to ${result.kind}`);
    }
  }
  await portal.db.destroy();
  return grantIds;
}

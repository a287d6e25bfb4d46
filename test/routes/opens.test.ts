import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STOP_GENERATION, stopTokenOf } from '~/domain/stop-link';
import { MOST_OF_ONE } from '~/http/link-opens';
import { type RecipientSite, startRecipientSite } from '../support/recipient-site';

let site: RecipientSite;
beforeAll(async () => {
  site = await startRecipientSite();
});
afterAll(() => site.stop());

const PHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 16_4 like Mac OS X) AppleWebKit/605.1.15 Version/16.4 Mobile/15E148 Safari/604.1';
const COMPUTER = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/113.0.0.0 Safari/537.36';
/** What opens links before people do: some say so, some pretend to be a browser. */
const SCANNERS: readonly { method: string; headers: Record<string, string> }[] = [
  { method: 'GET', headers: { 'user-agent': 'Barracuda Sentinel (EE)' } },
  { method: 'HEAD', headers: { 'user-agent': 'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)' } },
  { method: 'GET', headers: { 'user-agent': COMPUTER } },
  { method: 'HEAD', headers: { 'user-agent': COMPUTER } },
  { method: 'OPTIONS', headers: { 'user-agent': 'Microsoft Office Existence Discovery' } },
  { method: 'GET', headers: { 'user-agent': PHONE, 'sec-purpose': 'prefetch;prerender' } },
  { method: 'GET', headers: { 'user-agent': 'facebookexternalhit/1.1', purpose: 'preview' } },
  { method: 'GET', headers: { 'user-agent': 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)' } },
  { method: 'GET', headers: { 'user-agent': 'python-requests/2.31.0', accept: '*/*' } },
  { method: 'HEAD', headers: { 'user-agent': 'curl/8.0.1', accept: '*/*' } },
  { method: 'GET', headers: { 'user-agent': 'Go-http-client/1.1', range: 'bytes=0-1023' } },
  { method: 'GET', headers: { 'user-agent': 'x'.repeat(2_000) } },
];

/** Everything that stands in every table but the statistics. */
async function everything(): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname in ('public') and tablename <> 'link_opens' order by 1
  `.execute(site.owner.db);
  const lines: string[] = [];
  for (const { name } of rows) {
    const { rows: digest } = await sql<{ digest: string }>`
      select coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as digest from ${sql.table(name)} t
    `.execute(site.owner.db);
    lines.push(`${name} ${digest[0]?.digest}`);
  }
  return lines.join('\n');
}
const opensOf = (grantId: string) => site.owner.db.selectFrom('link_opens').selectAll().where('grant_id', '=', grantId).execute();

describe('opening a link', () => {
  it('by a dozen scanners fifty times changes nothing but the statistics, and the link still works', async () => {
    const grantId = await site.grant(42);
    const before = await everything();
    for (let round = 0; round < 50; round += 1) {
      const answers = await Promise.all(SCANNERS.map((profile) => site.visitor({}).send(site.linkOf(grantId), profile)));
      for (const answer of answers) expect(answer.status).toBeLessThan(500);
    }
    await site.flush();
    expect(await everything()).toBe(before);
    const opens = await opensOf(grantId);
    expect(opens.length).toBeGreaterThan(0);
    expect(opens.length).toBeLessThanOrEqual(50 * SCANNERS.length);
    expect(opens.every(({ acted_at }) => acted_at === null)).toBe(true);
    expect((await site.visitor().open(site.linkOf(grantId))).text).toContain('42');
  });

  it.each([
    '/recover',
    '/recover?lang=en',
    '/recover/sent',
    '/claim',
    '/claim/form',
    '/claim/status',
    '/outbox',
    '/clock',
    '/check',
    '/.well-known/security.txt',
    '/.well-known/official-senders.json',
    '/stop/AAAAAAAAAAAAAAAAAAAAAA',
    '/receive',
    '/r/AAAAAAAAAAAAAAAAAAAAAA',
  ])('%s by a dozen scanners fifty times changes nothing', async (path) => {
    site.outbox = true;
    site.movableClock = true;
    const before = await everything();
    for (let round = 0; round < 50; round += 1) {
      const answers = await Promise.all(SCANNERS.map((profile) => site.visitor({}).send(path, profile)));
      for (const answer of answers) expect(answer.status).toBeLessThan(500);
    }
    await site.flush();
    site.outbox = false;
    site.movableClock = false;
    expect(await everything()).toBe(before);
  });

  it('of stopping reminders by a dozen scanners fifty times stops nothing, and the button still works', async () => {
    const grantId = await site.grant(42);
    const link = `/stop/${stopTokenOf(grantId, site.owner.crypto.linkToken(grantId, STOP_GENERATION))}`;
    const before = await everything();
    for (let round = 0; round < 50; round += 1) {
      const answers = await Promise.all(SCANNERS.map((profile) => site.visitor({}).send(link, profile)));
      for (const answer of answers) expect(answer.status).toBeLessThan(500);
    }
    await site.flush();
    expect(await everything()).toBe(before);
    const page = await site.visitor().get(link);
    expect(page.text).toContain('name="stop"');
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await site.visitor().send(link, { method: 'POST', headers, body: 'stop=1' })).status).toBe(303);
    expect(await everything()).not.toBe(before);
  });

  it('counts each opening with the kind of client, and no more of one link than is of use', async () => {
    const grantId = await site.grant(100);
    for (const agent of [PHONE, COMPUTER, 'Slackbot-LinkExpanding 1.0'])
      await site.visitor({ 'user-agent': agent }).get(site.linkOf(grantId));
    await site.flush();
    expect((await opensOf(grantId)).map(({ client }) => client).sort()).toEqual(['bot', 'computer', 'phone']);
    const other = await site.grant(100);
    for (let i = 0; i < MOST_OF_ONE + 5; i += 1) await site.visitor().get(site.linkOf(other));
    await site.flush();
    expect((await opensOf(other)).length).toBeLessThanOrEqual(MOST_OF_ONE + 5);
  });

  it.each([true, false])('notes that a person was there when a form of the same session is sent (already written: %s)', async (written) => {
    const grantId = await site.grant(1357);
    await site.visitor({ 'user-agent': COMPUTER }).open(site.linkOf(grantId));
    const visitor = site.visitor({ 'user-agent': PHONE });
    const page = await visitor.open(site.linkOf(grantId));
    if (written) await site.flush();
    await visitor.post('/receive', [...page.fields, ['provider', 'amazon']]);
    await site.flush();
    const opens = await opensOf(grantId);
    expect(opens.filter(({ acted_at }) => acted_at !== null).map(({ client }) => client)).toEqual(['phone']);
    expect(opens).toHaveLength(2);
  });

  it('counts nothing for a link that does not exist', async () => {
    const count = async () => (await site.owner.db.selectFrom('link_opens').select('id').execute()).length;
    const before = await count();
    await site.visitor().get('/r/AAAAAAAAAAAAAAAAAAAAAA');
    await site.flush();
    expect(await count()).toBe(before);
  });

  it('keeps neither the session nor the address, and the web role can read and change nothing else of it', async () => {
    const grantId = await site.grant(1);
    const visitor = site.visitor();
    await visitor.open(site.linkOf(grantId));
    await site.flush();
    expect(JSON.stringify(await opensOf(grantId))).not.toContain(visitor.cookies.get('__Host-receive') ?? 'none');
    for (const statement of [
      sql`select grant_id from link_opens`,
      sql`update link_opens set opened_at = now()`,
      sql`delete from link_opens`,
      sql`select address_sealed from messages`,
      sql`insert into outbox select * from outbox`,
    ]) {
      await expect(statement.execute(site.portal.db)).rejects.toMatchObject({ code: '42501' });
    }
  });
});

import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CampaignFile, campaignFile } from '~/domain/campaign';
import { REHEARSAL_SCENES, type RehearsalStep } from '~/domain/rehearsal';
import { playRehearsal, scenesOf } from '~/rehearsal/play';
import { runRehearsal } from '~/services/run-rehearsal';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { type RecipientSite, startRecipientSite } from '../support/recipient-site';
import { signInAs } from '../support/staff';

/** A programme's calendar played on a copy: what comes of the one of 2023, of one without coupons, and of one that is wrong. */
const KUMAMOTO = campaignFile.parse(JSON.parse(fs.readFileSync('db/programmes/kumamoto-2023/campaign.json', 'utf8')));
/** No coupons and no claims: a list says who is owed what. */
const { coupon: _coupon, incident: _incident, claims: _claims, cases: _cases, ...LISTED } = KUMAMOTO;

let site: RecipientSite;
let database: TestDatabase;
let serverUrl: string;
beforeAll(async () => {
  database = await createTestDatabase();
  site = await startRecipientSite({ database });
  serverUrl = database.superuserUrl;
});
afterAll(async () => {
  await site.stop();
  await database.drop();
});

const play = (campaign: CampaignFile) => playRehearsal(campaign, { serverUrl, id: randomUUID() });
const wrong = (steps: readonly RehearsalStep[]) => steps.filter(({ ok }) => !ok).map(({ scene }) => scene);
const japan = (moment: string) => new Date(`${moment.replace(' ', 'T')}+09:00`).toISOString();

async function leftOver(): Promise<number> {
  const client = new pg.Client(serverUrl);
  await client.connect();
  const { rows } = await client.query("select 1 from pg_database where datname like 'uketori\\_rehearsal\\_%'");
  await client.end();
  return rows.length;
}

describe('the calendar of 2023', () => {
  it('is played whole and comes out right, to the second and to the yen, and leaves nothing behind', async () => {
    const steps = await play(KUMAMOTO);
    expect(wrong(steps)).toEqual([]);
    expect(new Set(steps.map(({ scene }) => scene))).toEqual(new Set(REHEARSAL_SCENES.filter((scene) => scene !== 'list')));
    const at = (scene: string) => steps.filter((step) => step.scene === scene).map((step) => step.at);
    expect(at('claims_open')).toEqual([japan('2023-03-24 14:00:00')]);
    expect(at('cutoff')).toEqual([japan('2023-04-01 00:00:00')]);
    expect(at('sending')).toEqual([japan('2023-04-10 09:00:00'), japan('2023-04-28 09:00:00')]);
    expect(at('claims_last')).toEqual([japan('2023-04-30 23:59:59')]);
    expect(at('reminders')).toEqual([japan('2023-05-17 09:00:00')]);
    expect(at('deadline_last')).toEqual([japan('2023-05-31 23:59:59')]);
    const report = steps.at(-1)?.facts;
    expect(Number(report?.grantedYen)).toBe(Number(report?.redeemedYen) + Number(report?.lapsedYen));
    expect(await leftOver()).toBe(0);
  });
});

describe('another programme', () => {
  it('without coupons and claims begins with the list of who is owed', async () => {
    const steps = await play(campaignFile.parse(LISTED));
    expect(wrong(steps)).toEqual([]);
    expect(steps.map(({ scene }) => scene)).toEqual(
      expect.arrayContaining(['list', 'sending', 'reminders', 'redemptions', 'deadline_over', 'lapse', 'report']),
    );
  });

  it('whose days are too few for its pace is told who would get no link', async () => {
    const app = { ...KUMAMOTO.sending?.app, from: '2023-04-10', until: '2023-04-10', perHour: 1 };
    const steps = await play(campaignFile.parse({ ...LISTED, sending: { app } }));
    const sending = steps.find(({ scene }) => scene === 'sending');
    expect(sending).toMatchObject({ ok: false });
    expect(Number(sending?.facts.missed)).toBeGreaterThan(0);
  });

  it('with an offer that nobody can choose is told so', async () => {
    const [first, ...others] = KUMAMOTO.offers;
    const dear = { ...first, amount: { kind: 'range', minYen: 9_000_000, maxYen: 9_000_000, stepYen: 1 } };
    expect(wrong(await play(campaignFile.parse({ ...LISTED, offers: [dear, ...others] })))).toEqual(['redemptions']);
  });
});

describe('in the console', () => {
  it('is asked for once at a time, watched and read, and writes nothing into the real books', async () => {
    const grantId = await site.grant(1_000);
    const campaign = await site.owner.db.selectFrom('grants').select('campaign_id').where('id', '=', grantId).executeTakeFirstOrThrow();
    const address = `/admin/campaigns/rehearsal?campaign=${campaign.campaign_id}`;
    const { visitor } = await signInAs(site, 'operator');
    const page = await visitor.get(address);
    expect(page.text).toContain('まだ予行をしていません');
    const token = / name="token" value="([^"]*)"/.exec(page.text)?.[1] ?? '';
    const press = () =>
      visitor.post('/admin/campaigns/rehearsal', [
        ['token', token],
        ['campaign', campaign.campaign_id],
        ['act', 'play'],
      ]);
    expect((await press()).location).toBe(address);
    await press();
    const [asked, ...more] = await site.owner.db.selectFrom('rehearsals').selectAll().execute();
    expect(more).toEqual([]);
    expect((await visitor.get(address)).text).toMatch(/順番待ち.*http-equiv="refresh"|http-equiv="refresh".*順番待ち/s);
    const before = await site.owner.db.selectFrom('postings').selectAll().execute();
    const rehearsalId = asked?.id ?? '';
    const state = await runRehearsal(
      site.owner,
      { rehearsalId },
      { play: (own, options) => playRehearsal(own, { ...options, serverUrl }) },
    );
    expect(state).toBe('passed');
    expect(await runRehearsal(site.owner, { rehearsalId }, { play: null })).toBe('nothing');
    const read = await visitor.get(address);
    expect(read.text).toContain('帳簿は1円まで一致しました');
    expect(read.text).not.toContain('http-equiv="refresh"');
    expect(await site.owner.db.selectFrom('postings').selectAll().execute()).toEqual(before);
  });

  it.each([
    ['nowhere to play it', null, 'unavailable'],
    ['a trouble in the middle', () => Promise.reject(new Error('no disk')), 'broken'],
  ] as const)('says so with %s', async (_title, player, state) => {
    const { visitor } = await signInAs(site, 'operator');
    const id = (await site.owner.db.selectFrom('campaigns').select('id').executeTakeFirstOrThrow()).id;
    const page = await visitor.get(`/admin/campaigns/rehearsal?campaign=${id}`);
    const token = / name="token" value="([^"]*)"/.exec(page.text)?.[1] ?? '';
    await visitor.post('/admin/campaigns/rehearsal', [
      ['token', token],
      ['campaign', id],
      ['act', 'play'],
    ]);
    const { id: rehearsalId } = await site.owner.db
      .selectFrom('rehearsals')
      .select('id')
      .where('state', '=', 'waiting')
      .executeTakeFirstOrThrow();
    expect(await runRehearsal(site.owner, { rehearsalId }, { play: player })).toBe(state);
    expect((await visitor.get(`/admin/campaigns/rehearsal?campaign=${id}`)).status).toBe(200);
  });
});

it('has no two scenes of one kind at one instant', () => {
  const keys = scenesOf(KUMAMOTO).map(({ scene, at }) => `${scene} ${at.toISOString()}`);
  expect(new Set(keys).size).toBe(keys.length);
});

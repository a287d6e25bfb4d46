import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CampaignFile } from '~/domain/campaign';
import { loadCampaign } from '~/services/load-campaign';
import { findCampaignFile } from '~/views/campaign-file';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makeTestPortal, type TestPortal } from '../support/portal';
import { insertGrants } from '../support/programme';

const kumamoto = path.resolve('db/programmes/kumamoto-2023/campaign.json');
const providers = new Map(['amazon', 'ponta', 'paypay', 'edy', 'nanaco'].map((id) => [id, null]));

let database: TestDatabase;
let portal: TestPortal;
let folder: string;
let id: string;
let count = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  portal = makeTestPortal(database.ownerUrl);
  folder = mkdtempSync(path.join(os.tmpdir(), 'uketori-campaign-'));
});
afterAll(async () => {
  await portal.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  count += 1;
  id = `k-${count}`;
});

function file(change: (campaign: CampaignFile) => void = () => {}): string {
  const campaign = { ...(JSON.parse(readFileSync(kumamoto, 'utf8')) as CampaignFile), id };
  change(campaign);
  const at = path.join(folder, 'campaign.json');
  writeFileSync(at, JSON.stringify(campaign));
  return at;
}

const load = (at: string, force = false) => loadCampaign({ ...portal, providers }, { file: at, force, actor: 'test' });
const offers = () => portal.db.selectFrom('offers').selectAll().where('campaign_id', '=', id).orderBy('position').execute();

describe('loading a campaign', () => {
  it('stores the announced last second as the next instant, and the offers in their order', async () => {
    expect(await load(file())).toMatchObject({ kind: 'loaded', campaignId: id, outcome: 'created', changes: [], paused: [] });
    const stored = await portal.db.selectFrom('campaigns').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    expect(stored.redeem_until).toEqual(new Date('2023-06-01T00:00:00+09:00'));
    expect(stored.grant_ceiling_yen).toBe(1_000_000n);
    expect((await offers()).map((offer) => [offer.provider, offer.source])).toEqual([
      ['amazon', 'api'],
      ['ponta', 'stock'],
      ['paypay', 'api'],
      ['edy', 'stock'],
      ['nanaco', 'api'],
    ]);
  });

  it('twice changes nothing', async () => {
    await load(file());
    expect(await load(file())).toMatchObject({ outcome: 'unchanged', changes: [] });
    const audits = await portal.db.selectFrom('audit_entries').select('id').where('campaign_id', '=', id).execute();
    expect(audits).toHaveLength(1);
  });

  it('again takes over names, order and a new offer at any time', async () => {
    await load(file((campaign) => campaign.offers.pop()));
    await insertGrants(portal, id, [1_000]);
    const at = file((campaign) => {
      campaign.offers.reverse();
      campaign.name.ja = '新しい名前';
    });
    const result = await load(at);
    expect(result).toMatchObject({ kind: 'loaded', outcome: 'updated' });
    expect((await offers()).map((offer) => offer.provider)).toEqual(['nanaco', 'edy', 'paypay', 'ponta', 'amazon']);
  });

  it('with other terms is refused once people have grants, and with force leaves their deadline alone', async () => {
    await load(file());
    const [grantId = ''] = await insertGrants(portal, id, [1_000]);
    const at = file((campaign) => {
      campaign.redeemUntil = '2023-06-30T23:59:59+09:00';
      campaign.offers = campaign.offers.filter((offer) => offer.provider !== 'edy');
    });
    const refused = await load(at);
    expect(refused).toEqual({
      kind: 'refused',
      reason: 'needs_force',
      changes: [
        { what: 'deadline', from: new Date('2023-06-01T00:00:00+09:00'), to: new Date('2023-07-01T00:00:00+09:00') },
        { what: 'offer_dropped', provider: 'edy' },
      ],
    });
    expect(await load(at, true)).toMatchObject({ outcome: 'updated' });
    const grant = await portal.db.selectFrom('grants').select('deadline_at').where('id', '=', grantId).executeTakeFirstOrThrow();
    expect(grant.deadline_at).toEqual(new Date('2023-06-01T00:00:00+09:00'));
    const edy = (await offers()).find((offer) => offer.provider === 'edy');
    expect(edy?.paused_at).toEqual(portal.clock.now());
    expect(await load(at)).toMatchObject({ outcome: 'unchanged' });
    expect(await load(file())).toMatchObject({ reason: 'needs_force' });
    expect(await load(file(), true)).toMatchObject({ paused: ['edy'] });
  });
});

describe('loading a campaign that people know', () => {
  const claims = { opensAt: '2023-03-24T14:00:00+09:00', closesAt: '2023-05-15T23:59:59+09:00' };

  it('moves windows and the cut-off by force only, and goes on telling of them', async () => {
    await load(file());
    await insertGrants(portal, id, [1_000]);
    const moved = file((campaign) => {
      campaign.claims = claims;
      campaign.coupon = { ...campaign.coupon, minimumResidualYen: 999 } as CampaignFile['coupon'];
    });
    const refused = await load(moved);
    expect(refused).toMatchObject({ kind: 'refused', reason: 'needs_force', changes: [{ what: 'claims' }, { what: 'coupon' }] });
    expect(await load(moved, true)).toMatchObject({ outcome: 'updated' });
    const announced = [{ what: 'claims_close', from: '2023-04-30T23:59:59+09:00', to: claims.closesAt }];
    expect((await findCampaignFile(portal.db, id))?.announced).toEqual(announced);
    const renamed = file((campaign) => {
      Object.assign(campaign, { claims, name: { ja: '別', en: 'other' } });
    });
    await load(renamed, true);
    expect((await findCampaignFile(portal.db, id))?.announced).toEqual(announced);
  });

  it('raises what one person may do alone by force only, before the start as well, and says so on the record', async () => {
    await load(file());
    const lax = file((campaign) => {
      campaign.policy = { ...campaign.policy, freeUpToYen: { decide_case: 5_000 } };
      campaign.grantCeilingYen += 1;
    });
    expect(await load(lax)).toMatchObject({ reason: 'needs_force', changes: [{ what: 'limits_raised' }] });
    await load(lax, true);
    const audits = portal.db
      .selectFrom('audit_entries')
      .select('detail')
      .where('campaign_id', '=', id)
      .where('act', '=', 'campaign.update');
    expect((await audits.executeTakeFirstOrThrow()).detail).toMatchObject({
      changes: expect.stringContaining('limits_raised'),
      force: true,
    });
    // Lower again by anybody.
    expect(await load(file())).toMatchObject({ outcome: 'updated' });
  });
});

describe('a campaign file is refused', () => {
  it('with one line for each problem', async () => {
    const at = file((campaign) => {
      Object.assign(campaign, { redeemUntil: '2023-05-31', grantCeilingYen: 1.5 });
      Object.assign(campaign.name, { en: '' });
    });
    const result = await load(at);
    expect(result).toMatchObject({ kind: 'refused', reason: 'invalid' });
    if (result.kind !== 'refused' || result.reason !== 'invalid') throw new Error('invalid');
    expect(result.problems.map((line) => line.split(':')[0])).toEqual(['name.en', 'redeemUntil', 'grantCeilingYen']);
    expect(result.problems.join('')).not.toContain('\n');
  });

  it('when it names a provider that this installation does not know', async () => {
    const at = file((campaign) => {
      Object.assign(campaign.offers[0] ?? {}, { provider: 'quo' });
    });
    expect(await load(at)).toEqual({ kind: 'refused', reason: 'provider_unknown', providers: ['quo'] });
  });

  it('when it is not there or no JSON', async () => {
    expect(await load(path.join(folder, 'nowhere.json'))).toEqual({ kind: 'refused', reason: 'not_found' });
    const at = path.join(folder, 'broken.json');
    writeFileSync(at, '{');
    expect(await load(at)).toEqual({ kind: 'refused', reason: 'not_json' });
  });

  it('is refused when it does not hold together as a whole, and loaded by force', async () => {
    const odd = file((campaign) => {
      campaign.sending = { app: { from: '2023-04-21', until: '2023-04-10' } };
    });
    expect(await load(odd)).toMatchObject({ kind: 'refused', reason: 'faults', findings: [{ name: 'sending_order', group: 'app' }] });
    expect(await portal.db.selectFrom('campaigns').select('id').where('id', '=', id).execute()).toEqual([]);
    expect(await load(odd, true)).toMatchObject({ kind: 'loaded', outcome: 'created' });
  });
});

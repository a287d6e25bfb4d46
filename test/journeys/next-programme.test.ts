import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeBulk } from '#db/bulk';
import { makePool } from '#db/database';
import { importGrants } from '~/services/import-grants';
import { getProof } from '~/views/proof';
import { type RecipientSite, startRecipientSite } from '../support/recipient-site';
import { signInAs } from '../support/staff';

/** A programme that has nothing in common with the first, set up by the console's form alone, and redeemed in. */
const ID = 'hokkaido-2026';
const TYPED: Readonly<Record<string, string>> = {
  id: ID,
  name_ja: '北海道 灯油券の補償',
  name_en: 'Hokkaido heating vouchers',
  office_ja: '灯油券事務局',
  office_en: 'Heating voucher office',
  centre_ja: '灯油券コールセンター',
  centre_en: 'Heating voucher call centre',
  tel: '011-000-0000',
  hours_ja: '毎日 9:00～17:00',
  hours_en: 'every day 9:00-17:00',
  mail: 'office@example.jp',
  sms: '011-000-0001',
  redeemUntil: '2026-02-28 17:00:00',
  grantCeilingYen: '50,000',
  promiseMinutes: '30',
  exportRowsAlone: '10',
  freezeHours: '24',
  extensionDaysMost: '10',
  offer_nanaco_on: '1',
  offer_nanaco_ja: 'nanacoギフト',
  offer_nanaco_en: 'nanaco Gift',
  offer_nanaco_kind: 'range',
  offer_nanaco_min: '1',
  offer_nanaco_max: '50000',
  offer_nanaco_step: '1',
  offer_nanaco_source: 'api',
};

let site: RecipientSite;
let pool: ReturnType<typeof makePool>;
beforeAll(async () => {
  site = await startRecipientSite();
  pool = makePool(site.ownerUrl, { max: 1, name: 'test-next-bulk', statementTimeoutMs: 0 });
});
afterAll(async () => {
  await pool.end();
  await site.stop();
});

it('is made by the form, gets its people from a file, and pays to the last second of its own deadline', async () => {
  site.owner.clock.set(new Date('2025-12-01T10:00:00+09:00'));
  const { visitor, staff } = await signInAs(site, 'operator');
  const page = await visitor.get('/admin/campaigns/edit');
  const token = / name="token" value="([^"]*)"/.exec(page.text)?.[1] ?? '';
  const fields: [string, string][] = [['token', token], ...Object.entries(TYPED)];
  const checked = await visitor.post('/admin/campaigns/edit', [...fields, ['act', 'check']]);
  expect(checked.status).toBe(200);
  const made = await visitor.post('/admin/campaigns/edit', [...fields, ['note', '次の事業'], ['totp', staff.totp()], ['act', 'save']]);
  expect(made.location).toBe(`/admin/campaigns?campaign=${ID}&did=stored`);

  const owner = { ...site.owner, bulk: makeBulk(pool) };
  const file = path.resolve('test/fixtures/grants-app.cp932.csv');
  const imported = await importGrants(owner, { campaignId: ID, file, actor: 'test', rejectedFile: null });
  expect(imported.kind).toBe('imported');
  const [first, late] = await site.owner.db
    .selectFrom('grants')
    .select(['id', 'granted_yen'])
    .where('campaign_id', '=', ID)
    .where('granted_yen', '<=', 50_000n)
    .orderBy('number')
    .limit(2)
    .execute();
  if (!first || !late) throw new Error('nobody was imported');

  const redeem = async (grantId: string) => {
    const recipient = site.visitor();
    const residual = await recipient.open(site.linkOf(grantId));
    if (residual.status !== 200) return residual.status;
    expect(residual.text).toContain('2026年2月28日');
    expect(residual.text).toContain('011-000-0000');
    expect(residual.text).toContain('灯油券事務局');
    expect(residual.text).not.toContain('value="amazon"');
    const chosen = await recipient.post('/receive', [...residual.fields.filter(([name]) => name !== 'provider'), ['provider', 'nanaco']]);
    const confirm = await recipient.get(chosen.location ?? '');
    return (await recipient.post('/receive/confirm', confirm.fields)).location;
  };
  expect(await redeem(first.id)).toBe('/receive/progress');
  await site.issue(first.id);
  site.owner.clock.set(new Date('2026-02-28T17:00:01+09:00'));
  expect(await redeem(late.id)).toBe(410);
  const proof = await getProof(site.owner.db, { campaignId: ID });
  expect(proof).toMatchObject({ exact: true, campaigns: [{ issuedYen: first.granted_yen }] });
});

import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestRedemption } from '~/services/request-redemption';
import { findClosingReport } from '~/views/closing-report';
import { getProof } from '~/views/proof';
import { type RecipientSite, startRecipientSite } from '../support/recipient-site';
import { signInAs } from '../support/staff';

let site: RecipientSite;

beforeAll(async () => {
  site = await startRecipientSite();
  const redeem = async (yen: number, fate: 'well' | 'silent' | 'refused', provider = 'paypay') => {
    const grantId = await site.grant(yen);
    const choices = [{ provider, yen: BigInt(yen) }];
    await requestRedemption(site.portal, { grantId, requestKey: site.portal.crypto.newKey(), choices });
    site.fate = fate;
    await site.issue(grantId);
  };
  await redeem(1_357, 'well');
  await redeem(2_000, 'well', 'amazon');
  await redeem(700, 'silent');
  await redeem(900, 'refused');
  await site.grant(4_321);
  site.fate = 'well';
});
afterAll(() => site.stop());

describe('the closing report', () => {
  it('says where every yen is, for how many people, and agrees with the proof', async () => {
    const report = await findClosingReport(site.console, { campaignId: site.campaignId, now: site.owner.clock.now() });
    expect(report).toMatchObject({
      granted: { yen: 9_278n, people: 5 },
      received: { yen: 3_357n, people: 2 },
      pending: { yen: 1_600n, people: 2 },
      inDoubt: { yen: 700n, people: 1 },
      residual: { yen: 4_321n, people: 1 },
      lapsed: { yen: 0n },
      unexplainedYen: 0n,
    });
    const [proof] = (await getProof(site.owner.db, { campaignId: site.campaignId })).campaigns;
    expect(report?.received.yen).toBe(proof?.issuedYen);
    expect(report?.pending.yen).toBe(proof?.pendingYen);
    expect(report?.residual.yen).toBe(proof?.residualYen);
    expect(report?.granted.yen).toBe(proof?.grantedYen);
  });

  it('is a page and a file that Excel in Japan opens right', async () => {
    const { visitor } = await signInAs(site, 'viewer');
    const page = await visitor.get('/admin/report');
    expect(page.status).toBe(200);
    expect(page.text).toContain('9,278円');
    expect(page.text).toContain('付与の全額が1円単位で説明できています');
    const file = await visitor.get(`/admin/report?campaign=${site.campaignId}&format=csv`);
    expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const bytes = await fetch(`${site.url}/admin/report?campaign=${site.campaignId}&format=csv`, {
      headers: { cookie: [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    }).then((answer) => answer.arrayBuffer());
    expect([...new Uint8Array(bytes).slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const records: string[][] = parse(Buffer.from(bytes), { bom: true, relax_column_count: true });
    expect(records).toContainEqual(['付与', '9278', '100.0%', '5']);
  });

  it('of another programme is not there for whoever is bound to one', async () => {
    const { visitor } = await signInAs(site, 'viewer', { campaigns: [] });
    expect((await visitor.get(`/admin/report?campaign=${site.campaignId}`)).status).toBe(404);
    expect((await visitor.get('/admin/report')).text).toContain('担当する事業がありません');
  });
});

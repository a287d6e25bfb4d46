import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freezeGrant } from '~/services/freeze-grant';
import { releaseGrant } from '~/services/release-grant';
import { requestRedemption } from '~/services/request-redemption';
import { revealCode } from '~/services/reveal-code';
import { checkDayProofs } from '~/views/day-proofs';
import { type RecipientSite, startRecipientSite } from '../support/recipient-site';
import { formOfAct, insertStaff, signInAs } from '../support/staff';

let site: RecipientSite;
beforeAll(async () => {
  site = await startRecipientSite();
}, 120_000);
afterAll(() => site.stop());

/** Whether the newest row of a table and the entry of this act were written by one transaction. */
async function together(table: string, act: string): Promise<boolean> {
  const { rows } = await sql<{ own: boolean }>`
    select exists (select 1 from ${sql.table(table)} t join audit_entries e on e.xmin = t.xmin where e.act = ${act}) as own
  `.execute(site.owner.db);
  return rows[0]?.own ?? false;
}

describe('what changed something and its entry are written together', () => {
  it('by a recipient', async () => {
    const grantId = await site.grant(1_357);
    const requestKey = site.portal.crypto.newKey();
    await requestRedemption(site.portal, { grantId, requestKey, choices: [{ provider: 'paypay', yen: 1_357n }] });
    expect(await together('journal_entries', 'redemption.request')).toBe(true);
    await site.issue(grantId);
    const codeId = (await site.pageOf(grantId)).redemptions[0]?.codes[0]?.id ?? '';
    await revealCode(site.portal, { grantId, codeId });
    expect(await together('reveals', 'code.shown')).toBe(true);
  });

  it('by staff', async () => {
    const { id } = await insertStaff(site.owner, 'operator');
    const by = { staff: { id, scope: 'all' as const }, grantId: await site.grant(500), note: '' };
    await freezeGrant(site.console, { ...by, reason: 'lost_phone', hours: '24' });
    expect(await together('grants', 'freeze.done')).toBe(true);
    await releaseGrant(site.console, { ...by, reason: 'cleared' });
    expect(await together('grants', 'release.done')).toBe(true);
  });

  it('for a proof made by a press, which is downloaded and whole', async () => {
    site.owner.clock.set(new Date(site.owner.clock.now().getTime() + 86_400_000));
    const { visitor } = await signInAs(site, 'auditor');
    const page = await visitor.get('/admin/proofs');
    expect(page.text).toContain('証明のない日が1日あります');
    expect((await visitor.post('/admin/proofs', formOfAct(page.text, 'prove'))).status).toBe(303);
    expect(await together('day_proofs', 'proof.made')).toBe(true);
    const file = await visitor.get(`/admin/proofs?campaign=${site.campaignId}&format=jsonl`);
    expect(checkDayProofs(file.text.trim().split('\n'), { since: '2023-05-20', publicKeys: [] })).toMatchObject({
      records: 1,
      fault: null,
    });
    const bound = await signInAs(site, 'auditor', { campaigns: [] });
    expect((await bound.visitor.get(`/admin/proofs?campaign=${site.campaignId}&format=jsonl`)).status).toBe(404);
  });
});

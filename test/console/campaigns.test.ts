import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changeCampaign, findCampaignVersion, holdCampaign, storeCampaign } from '#db/campaigns';
import { makeDb, makePool } from '#db/database';
import { campaignContent, toStore } from '~/domain/campaign-store';
import { previewGroups } from '~/domain/preview-page';
import { storeCampaignChange } from '~/services/change-campaign';
import { proposeOfficeAct } from '~/services/propose-office-act';
import { findCampaignFile } from '~/views/campaign-file';
import { KUMAMOTO, loadKumamoto } from '../support/coupons';
import { type RecipientSite, startRecipientSite, type Visitor } from '../support/recipient-site';
import { formOfAct, signInAs } from '../support/staff';

/** Programmes made, copied and changed in the console; dates that people know by two people only. */
let site: RecipientSite;
beforeAll(async () => {
  site = await startRecipientSite();
  // Set up as everywhere else: by a version that is kept.
  const content = campaignContent(toStore(await fileOf(site.campaignId)));
  const leave = { actor: 'test', note: '', at: NOW, approvalId: null };
  await site.owner.db.transaction().execute((trx) => storeCampaign(trx, site.campaignId, content, leave));
});
afterAll(() => site.stop());
const NOW = new Date('2023-05-02T10:00:00+09:00');
beforeEach(() => site.owner.clock.set(NOW));

type Pairs = [string, string][];
const EDIT = '/admin/campaigns/edit';

/** Everything that the browser would send of the form, with some of it typed anew. */
function fill(html: string, more: Record<string, string>): Pairs {
  const form =
    [...html.matchAll(/<form [\s\S]*?<\/form>/g)].map(([each]) => each).find((each) => each.includes('name="redeemUntil"')) ?? '';
  const fields = new Map<string, string>();
  for (const [tag] of form.matchAll(/<input [^>]*>/g)) {
    const attribute = (name: string) => new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1];
    const name = attribute('name');
    if (name === undefined || (attribute('type') === 'checkbox' && !/ checked=""/.test(tag))) continue;
    fields.set(name, unescaped(attribute('value') ?? ''));
  }
  for (const [, name = '', options = ''] of form.matchAll(/<select [^>]*name="([^"]+)"[^>]*>([\s\S]*?)<\/select>/g)) {
    fields.set(name, / value="([^"]*)" selected/.exec(options)?.[1] ?? /<option value="([^"]*)"/.exec(options)?.[1] ?? '');
  }
  for (const [name, value] of Object.entries(more)) fields.set(name, value);
  return [...fields].filter(([name, value]) => !(name.startsWith('has_') && value === ''));
}
const unescaped = (text: string) =>
  text.replaceAll('&quot;', '"').replaceAll('&#x27;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

async function check(visitor: Visitor, address: string, more: Record<string, string>) {
  const page = await visitor.get(address);
  return visitor.post(EDIT, [...fill(page.text, more), ['act', 'check']]);
}
const fileOf = async (id: string) => {
  const file = await findCampaignFile(site.owner.db, id);
  if (!file) throw new Error(`there is no ${id}`);
  return file;
};
const versionOf = (id: string) => findCampaignVersion(site.owner.db, id);
const address = () => `${EDIT}?campaign=${site.campaignId}`;

/** A second person looks at a proposal, finds those words, and agrees. @returns where they are led */
async function agree(location: string | null | undefined, words: readonly string[]): Promise<string> {
  const { visitor, staff } = await signInAs(site, 'approver');
  const at = (location ?? '').split('?')[0] ?? '';
  const page = await visitor.get(at);
  for (const word of words) expect(page.text).toContain(word);
  return (await visitor.post(at, [...formOfAct(page.text, 'approve'), ['totp', staff.totp()]])).location ?? '';
}

describe('a programme in the console', () => {
  it('is changed by one person where nobody was told anything else, in a version that stays', async () => {
    const { visitor, staff } = await signInAs(site, 'operator');
    const before = await fileOf(site.campaignId);
    const wrong = await check(visitor, address(), { tel: 'x', redeemUntil: '' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('id="redeemUntil-error"');
    expect(wrong.text).toContain('直すところが2か所あります');
    const checked = await check(visitor, address(), { tel: '0120-000-111' });
    expect(checked.status).toBe(200);
    expect(checked.text).toContain('0120-000-111');
    expect(await fileOf(site.campaignId)).toEqual(before);
    expect((await visitor.post(EDIT, [...fill(checked.text, { note: '番号の変更', totp: '000000' }), ['act', 'save']])).status).toBe(422);
    const saved = await visitor.post(EDIT, [...fill(checked.text, { note: '番号の変更', totp: staff.totp() }), ['act', 'save']]);
    expect(saved.status).toBe(303);
    const after = await fileOf(site.campaignId);
    expect(after).toEqual({ ...before, callCentre: { ...before.callCentre, tel: '0120-000-111' } });
    const page = await visitor.get(saved.location ?? '');
    expect(page.text).toContain('保存しました');
    expect(page.text).toContain('番号の変更');
  });

  it('whose settings make no sense as a whole is not stored', async () => {
    const { visitor, staff } = await signInAs(site, 'operator');
    const before = await fileOf(site.campaignId);
    const page = await visitor.get(address());
    const offers = Object.fromEntries(
      fill(page.text, {})
        .filter(([name]) => name.endsWith('_on'))
        .map(([name]) => [name, '']),
    );
    const fields = fill(page.text, { ...offers, note: '', totp: staff.totp() });
    expect((await visitor.post(EDIT, [...fields, ['act', 'save']])).status).toBe(422);
    expect(await fileOf(site.campaignId)).toEqual(before);
  });

  it('changes the deadline that people know by two people only: their grants follow, and the page says so', async () => {
    const grantId = await site.grant(1357);
    const before = await fileOf(site.campaignId);
    const recipient = site.visitor();
    expect((await recipient.open(site.linkOf(grantId))).text).not.toContain('変わりました');
    const { visitor, staff } = await signInAs(site, 'operator');
    const [day] = before.redeemUntil.split('T');
    const later = `${Number(day?.slice(0, 4)) + 1}${day?.slice(4)} 23:59:59`;
    const checked = await check(visitor, address(), { redeemUntil: later });
    expect(checked.text).toContain('変更を申請する');
    const proposed = await visitor.post(EDIT, [...fill(checked.text, { note: '', totp: staff.totp() }), ['act', 'save']]);
    expect(proposed.location).toMatch(/^\/admin\/approvals\//);
    expect(await fileOf(site.campaignId)).toEqual(before);
    const second = await signInAs(site, 'approver');
    site.owner.clock.advance(31_000);
    const approvalPath = (proposed.location ?? '').split('?')[0] ?? '';
    const approval = await second.visitor.get(approvalPath);
    expect(approval.text).toContain('事業の設定の変更');
    const decided = await second.visitor.post(approvalPath, [...formOfAct(approval.text, 'approve'), ['totp', second.staff.totp()]]);
    expect(decided.status).toBe(303);
    const after = await fileOf(site.campaignId);
    expect(after.redeemUntil).toBe(`${later.replace(' ', 'T')}+09:00`);
    const grant = await site.owner.db.selectFrom('grants').select('deadline_at').where('id', '=', grantId).executeTakeFirstOrThrow();
    expect(grant.deadline_at).toEqual(new Date(Date.parse(after.redeemUntil) + 1_000));
    expect((await site.visitor().open(site.linkOf(grantId))).text).toContain('受取期限が変わりました');
    // Earlier it does not come, whoever agrees.
    const back = await check(visitor, address(), { redeemUntil: before.redeemUntil.replace('T', ' ').slice(0, 19) });
    site.owner.clock.advance(31_000);
    const again = await visitor.post(EDIT, [...fill(back.text, { note: '', totp: staff.totp() }), ['act', 'save']]);
    expect(again.status).toBe(422);
    expect(again.text).toContain('後ろへだけ動かせます');
    expect((await fileOf(site.campaignId)).redeemUntil).toBe(after.redeemUntil);
  });

  it('is copied into a new one with its dates moved, by who sees all programmes only', async () => {
    const { visitor, staff } = await signInAs(site, 'operator');
    const copy = `${EDIT}?from=${site.campaignId}&days=365`;
    const taken = await check(visitor, copy, { id: site.campaignId });
    const refused = await visitor.post(EDIT, [...fill(taken.text, { id: site.campaignId, note: '', totp: staff.totp() }), ['act', 'save']]);
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('このIDの事業はすでにあります');
    site.owner.clock.advance(31_000);
    const checked = await check(visitor, copy, { id: 'next-2024', name_ja: '次の事業' });
    const saved = await visitor.post(EDIT, [...fill(checked.text, { note: '', totp: staff.totp() }), ['act', 'save']]);
    expect(saved.location).toBe('/admin/campaigns?campaign=next-2024&did=stored');
    const [first, next] = [await fileOf(site.campaignId), await fileOf('next-2024')];
    expect(Date.parse(next.redeemUntil) - Date.parse(first.redeemUntil)).toBe(365 * 86_400_000);
    expect(next).toMatchObject({ name: { ja: '次の事業' }, offers: first.offers });
    const { visitor: bound } = await signInAs(site, 'operator', { campaigns: [site.campaignId] });
    expect((await bound.get(copy)).status).toBe(404);
    expect((await bound.get(`${EDIT}?campaign=next-2024`)).status).toBe(404);
    expect((await bound.get(address())).status).toBe(200);
    const { visitor: viewer } = await signInAs(site, 'viewer');
    expect((await viewer.get(address())).status).toBe(403);
  });
});

describe('what one person may do alone', () => {
  it('is raised by two people only, before the start as well, and the second sees every field', async () => {
    const id = 'next-2024';
    const { visitor, staff } = await signInAs(site, 'operator');
    const before = await fileOf(id);
    const raised = { alone_decide_case: '9999999', exportRowsAlone: '1000000', promiseMinutes: '61' };
    const checked = await check(visitor, `${EDIT}?campaign=${id}`, raised);
    const proposed = await visitor.post(EDIT, [...fill(checked.text, { note: '', totp: staff.totp() }), ['act', 'save']]);
    expect(proposed.location).toMatch(/^\/admin\/approvals\//);
    expect(await fileOf(id)).toEqual(before);
    await agree(proposed.location, ['9999999', '1000000', '発行にかかる時間の約束']);
    expect((await fileOf(id)).policy).toMatchObject({ freeUpToYen: { decide_case: 9_999_999 }, exportRowsAlone: 1_000_000 });
    site.owner.clock.advance(31_000);
    const lower = await check(visitor, `${EDIT}?campaign=${id}`, { alone_decide_case: '1000' });
    await visitor.post(EDIT, [...fill(lower.text, { note: '', totp: staff.totp() }), ['act', 'save']]);
    expect((await fileOf(id)).policy.freeUpToYen).toEqual({ decide_case: 1_000 });
    // A copy begins strict, and so does whatever one person makes.
    const copy = await check(visitor, `${EDIT}?from=${id}`, { id: 'lax-2024' });
    expect(copy.status).toBe(200);
    const lax = await visitor.post(EDIT, [...fill(copy.text, { alone_put_back: '1' }), ['act', 'check']]);
    expect([lax.status, lax.text.includes('id="alone_put_back-error"')]).toEqual([422, true]);
  });

  it('and the dates that change are all shown to whoever approves them', async () => {
    await site.grant(7);
    const { visitor, staff } = await signInAs(site, 'operator');
    const incident = {
      has_incident: '1',
      began: '2023-02-24 09:00:00',
      couponExpiredAt: '2023-02-24 23:59:59',
      repeatMinutes: '10',
      name_en: 'Renamed',
    };
    const checked = await check(visitor, address(), incident);
    const proposed = await visitor.post(EDIT, [...fill(checked.text, { note: '', totp: staff.totp() }), ['act', 'save']]);
    await agree(proposed.location, ['使えなくなったクーポンの有効期限', '2023年2月24日', '23:59:59', 'Renamed']);
    expect((await fileOf(site.campaignId)).incident).toMatchObject({ couponExpiredAt: '2023-02-24T23:59:59+09:00' });
  });
});

describe('two people at once', () => {
  it('lose nothing: the later is told who changed what, and keeps what was typed', async () => {
    const [a, b] = [await signInAs(site, 'operator'), await signInAs(site, 'operator')];
    const mine = await check(a.visitor, address(), { tel: '0120-111-111' });
    const other = await check(b.visitor, address(), { promiseMinutes: '77' });
    await a.visitor.post(EDIT, [...fill(mine.text, { note: '', totp: a.staff.totp() }), ['act', 'save']]);
    const stale = await b.visitor.post(EDIT, [...fill(other.text, { note: '', totp: b.staff.totp() }), ['act', 'save']]);
    expect(stale.status).toBe(422);
    for (const words of ['ほかの人がこの事業の設定を変えました', '0120-111-111', 'value="77"']) expect(stale.text).toContain(words);
    expect(stale.text).toMatch(/\d版：職員\d+/);
    expect((await fileOf(site.campaignId)).promiseMinutes).not.toBe(77);
    const again = await b.visitor.post(EDIT, [...fill(stale.text, {}), ['act', 'check']]);
    const saved = await b.visitor.post(EDIT, [...fill(again.text, { note: '', totp: b.staff.totp() }), ['act', 'save']]);
    expect(saved.status).toBe(303);
    expect(await fileOf(site.campaignId)).toMatchObject({ callCentre: { tel: '0120-111-111' }, promiseMinutes: 77 });
  });

  it('do not undo each other by a proposal that waited: it is void', async () => {
    const [a, b] = [await signInAs(site, 'operator'), await signInAs(site, 'operator')];
    const raise = await check(a.visitor, address(), { exportRowsAlone: '5000' });
    const proposed = await a.visitor.post(EDIT, [...fill(raise.text, { note: '', totp: a.staff.totp() }), ['act', 'save']]);
    const tel = await check(b.visitor, address(), { tel: '0120-222-222' });
    await b.visitor.post(EDIT, [...fill(tel.text, { note: '', totp: b.staff.totp() }), ['act', 'save']]);
    expect(await agree(proposed.location, [])).toContain('now=void');
    expect(await fileOf(site.campaignId)).toMatchObject({ callCentre: { tel: '0120-222-222' }, policy: { exportRowsAlone: 100 } });
  });

  it.each([
    ['nothing_changes', 0, {}],
    ['changed_meanwhile', -1, { exportRowsAlone: 7_000 }],
    ['not_found', 0, { hidden: true }],
  ])('propose nothing that is %s', async (reason, older, more) => {
    const stored = toStore(await fileOf(site.campaignId));
    const settings = { ...stored.settings, policy: { ...stored.settings.policy, ...more } };
    const fields = { content: campaignContent({ ...stored, settings }), base: String((await versionOf(site.campaignId)) + older) };
    const { staff } = await signInAs(site, 'operator');
    const request = { act: 'change_campaign' as const, campaignId: site.campaignId, fields, reason: 'mistake', note: '' };
    const refused = await proposeOfficeAct(site.console, { staff: { id: staff.id, scope: 'all' }, ...request });
    expect(refused).toMatchObject({ kind: 'refused', reason });
  });

  it('make one programme of one ID', async () => {
    const base = await fileOf(site.campaignId);
    const { staff } = await signInAs(site, 'operator');
    const make = (name: string) =>
      storeCampaignChange(site.console, {
        staff: { id: staff.id, scope: 'all' },
        file: { ...base, id: 'race-2024', name: { ja: name, en: name } },
        base: null,
        note: '',
        publicUrl: 'https://portal.example.lg.jp',
      });
    const made = await Promise.all([make('1'), make('2')]);
    expect(made.map(({ kind }) => kind).sort()).toEqual(['refused', 'stored']);
    expect(await versionOf('race-2024')).toBe(1);
  });

  it('are told to try again while an import holds the programme', async () => {
    const { staff } = await signInAs(site, 'operator');
    const file = await fileOf(site.campaignId);
    const base = await versionOf(site.campaignId);
    const changed = { ...file, name: { ...file.name, en: `${file.name.en} again` } };
    const pool = makePool(site.ownerUrl, { max: 1, name: 'impatient' });
    pool.on('connect', (client) => void client.query(`set lock_timeout = '100ms'`));
    const impatient = makeDb(pool);
    try {
      const answer = await site.owner.db.transaction().execute(async (trx) => {
        await holdCampaign(trx, site.campaignId);
        const portal = { ...site.console, db: impatient };
        const own = {
          staff: { id: staff.id, scope: 'all' as const },
          file: changed,
          base,
          note: '',
          publicUrl: 'https://portal.example.lg.jp',
        };
        return storeCampaignChange(portal, own);
      });
      expect(answer).toEqual({ kind: 'refused', reason: 'busy' });
      expect(await versionOf(site.campaignId)).toBe(base);
    } finally {
      await impatient.destroy();
    }
  });
});

describe('the preview', () => {
  it.each([
    ['recipient', '2023-05-31T14:59:59Z', 200, '1,357'],
    ['recipient', '2031-01-01T00:00:00Z', 410, '受取期限が過ぎました'],
    ['claim', '2023-05-31T14:59:59Z', 404, ''],
  ])('of the %s page at %s is the public page itself, and nobody’s', async (page, at, status, words) => {
    const { visitor } = await signInAs(site, 'viewer');
    const before = await site.owner.db.selectFrom('audit_entries').select('id').execute();
    const shown = await visitor.get(`/admin/campaigns/preview?${new URLSearchParams({ campaign: site.campaignId, page, at })}`);
    expect(shown.status).toBe(status);
    expect(shown.text).toContain(words);
    if (status !== 404) expect(shown.text).toContain('練習用の画面です');
    expect(await site.owner.db.selectFrom('audit_entries').select('id').execute()).toEqual(before);
  });

  it('is of every page and message that people see of the programme, with dead forms, and writes nothing', async () => {
    // In the other tests there is one programme.
    await loadKumamoto(site.owner);
    const { visitor } = await signInAs(site, 'viewer');
    const shown = await visitor.get(`/admin/campaigns?campaign=${KUMAMOTO}`);
    const pages = previewGroups(true).flatMap((group) => group.pages);
    const written = () => site.owner.db.selectFrom('claim_drafts').select('campaign_id').execute();
    for (const page of pages) {
      expect(shown.text).toContain(`<option value="${page}">`);
      for (const lang of ['ja', 'en']) {
        const at = '2023-04-10T12:00:00+09:00';
        const looked = await visitor.get(`/admin/campaigns/preview?${new URLSearchParams({ campaign: KUMAMOTO, page, at, lang })}`);
        expect(looked.status, page).toBe(200);
        expect(looked.text).not.toMatch(/name="token" value="[^"]/);
        if (page === 'code') expect(looked.text).toContain('SAMPLE');
        if (page === 'invitation' || page === 'claim_mail_approved') expect(looked.text).toContain('1,357');
      }
    }
    expect(pages).toHaveLength(24);
    expect(await written()).toEqual([]);
    const closed = { campaign: KUMAMOTO, page: 'claim_form', at: '2023-05-01T00:00:00+09:00', lang: 'ja' };
    expect((await visitor.get(`/admin/campaigns/preview?${new URLSearchParams(closed)}`)).text).toContain('終了しました');
    expect((await visitor.get(`/admin/campaigns/preview?campaign=${KUMAMOTO}&page=else`)).status).toBe(404);
  });

  it('of a programme that somebody may not see is not found', async () => {
    const { visitor } = await signInAs(site, 'operator', { campaigns: [] });
    expect((await visitor.get(`/admin/campaigns/preview?campaign=${site.campaignId}`)).status).toBe(404);
  });
});

describe('the database', () => {
  it('lets the console change no programme past its function, and no known date without two people', async () => {
    const { db } = site.console;
    await expect(db.updateTable('campaigns').set({ grant_ceiling_yen: 1n }).execute()).rejects.toMatchObject({ code: '42501' });
    await expect(db.deleteFrom('campaign_versions').execute()).rejects.toMatchObject({ code: '42501' });
    await expect(site.owner.db.deleteFrom('campaign_versions').execute()).rejects.toMatchObject({ code: 'UK003' });
    await site.grant(5);
    const stored = toStore(await fileOf(site.campaignId));
    const base = await versionOf(site.campaignId);
    const leave = { actor: 'test', note: '', at: NOW, approvalId: null, base };
    const later = { ...stored, redeemUntil: new Date(stored.redeemUntil.getTime() + 86_400_000) };
    const call = (content: string) => db.transaction().execute((trx) => changeCampaign(trx, site.campaignId, content, leave));
    await expect(call(campaignContent(later))).rejects.toMatchObject({ code: 'UK008' });
    await expect(
      db.transaction().execute((trx) => storeCampaign(trx, site.campaignId, campaignContent(later), leave)),
    ).rejects.toMatchObject({
      code: '42501',
    });
    const lax = (policy: object) =>
      campaignContent({ ...stored, settings: { ...stored.settings, policy: { ...stored.settings.policy, ...policy } } });
    for (const policy of [{ freeUpToYen: { decide_case: 0 } }, { exportRowsAlone: 101 }, { extensionDaysMost: 91 }]) {
      await expect(call(lax(policy))).rejects.toMatchObject({ code: 'UK008' });
    }
    await expect(call(campaignContent({ ...stored, grantCeilingYen: stored.grantCeilingYen + 1n }))).rejects.toMatchObject({
      code: 'UK008',
    });
    const make = (id: string, content: string) =>
      db.transaction().execute((trx) => changeCampaign(trx, id, content, { ...leave, base: null }));
    await expect(make('brand-new', lax({ freeUpToYen: { put_back: 1 } }))).rejects.toMatchObject({ code: 'UK008' });
    await expect(make(site.campaignId, campaignContent(stored))).rejects.toMatchObject({ code: 'UK009' });
    await expect(call(lax({ exportRowsAlone: 99 }))).resolves.toBeUndefined();
    await expect(call(campaignContent(stored))).rejects.toMatchObject({ code: 'UK009' });
  });
});

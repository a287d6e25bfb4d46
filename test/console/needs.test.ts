import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addJob } from '#db/jobs';
import { decideApproval } from '~/services/decide-approval';
import { queueMessage } from '~/services/parts/queue-message';
import { pauseBulk } from '~/services/pause-bulk';
import { runBulk } from '~/services/run-bulk';
import { sweepBulk } from '~/services/sweep-bulk';
import { insertFailure } from '../support/failures';
import { insertPerson } from '../support/people';
import { type RecipientSite, startRecipientSite, type Visitor } from '../support/recipient-site';
import { formOfAct, insertStaff, signInAs, type TestStaff } from '../support/staff';

let site: RecipientSite;

beforeAll(async () => {
  site = await startRecipientSite();
});
beforeEach(() => {
  site.owner.clock.advance(60_000);
});
afterAll(() => site.stop());

const textOf = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const peopleOf = (html: string) => [...html.matchAll(/href="\/admin\/people\/([0-9a-f-]{36})"/g)].map(([, id]) => id);
const nextOf = (html: string) => /href="(\/admin\/redemptions\?[^"]*before=[^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&');

describe('the home', () => {
  it('is calm while nothing needs a hand', async () => {
    const { visitor } = await signInAs(site, 'operator');
    const page = await visitor.get('/admin');
    expect(page.text).toContain('いま対応が必要なものはありません');
    expect(page.text).not.toContain('class="need fail"');
  });

  it('counts what failed, is in doubt, is paused and which jobs are in trouble, and each number opens its list', async () => {
    const failed = await insertFailure(site);
    const doubt = await insertFailure(site, { provider: 'paypay', fate: 'silent' });
    await sql`update offers set paused_at = now() where provider = 'edy'`.execute(site.owner.db);
    await site.owner.db.transaction().execute((trx) => addJob(trx, { task: 'nobody', payload: {}, delayMs: 0, key: 'k1', maxAttempts: 1 }));
    await sql`update graphile_worker._private_jobs set attempts = max_attempts where key = 'k1'`.execute(site.owner.db);
    await site.owner.db
      .transaction()
      .execute((trx) => addJob(trx, { task: 'nobody', payload: {}, delayMs: -120_000, key: 'k2', maxAttempts: 5 }));
    const { visitor } = await signInAs(site, 'operator');
    const page = await visitor.get('/admin');
    const words = textOf(page.text);
    for (const line of ['発行に失敗した交換 1', '照会中の交換 1', '停止中の交換先 1', 'あきらめられた処理 1'])
      expect(words).toContain(line);
    expect(words).toMatch(/1分以上待っている処理 [1-9]/);
    expect(peopleOf((await visitor.get('/admin/redemptions?state=failed')).text)).toEqual([failed.grantId]);
    expect(peopleOf((await visitor.get('/admin/redemptions?state=in_doubt')).text)).toEqual([doubt.grantId]);
  });

  it('tells of low shelves and low funds with the way to the provider, and of people whom nothing reaches', async () => {
    const { owner, campaignId } = site;
    await owner.db.insertInto('stock_marks').values({ campaign_id: campaignId, provider: 'ponta', yen: 500n, low_codes: 3 }).execute();
    await owner.db.insertInto('provider_funds').values({ provider: 'amazon', yen: 999n, low_yen: 1000n }).execute();
    const people = [];
    for (const failures of [1, 1, 0]) {
      const grantId = await insertPerson(owner, campaignId, { name: '高橋 花子', phone: '+819000000417' });
      people.push(grantId);
      for (let i = 0; i <= 1 - failures; i += 1) {
        const queue = site.console.db.transaction();
        await queue.execute((trx) => queueMessage(site.console, trx, { grantId, purpose: 'resend', actor: 'system' }));
        owner.clock.advance(1_000);
        if (i > 0) continue;
        const failed = { state: 'hard_failed' as const, reason: 'unknown_address' as const, state_at: owner.clock.now() };
        await owner.db.updateTable('messages').set(failed).where('grant_id', '=', grantId).execute();
      }
      owner.clock.advance(1_000);
    }
    const { visitor } = await signInAs(site, 'operator');
    const home = await visitor.get('/admin');
    const words = textOf(home.text);
    for (const line of ['在庫が目安を下回った額面 1', '残高が目安を下回った交換先 1', '連絡が届かなかった人（14日以内） 2'])
      expect(words).toContain(line);
    for (const href of [`/admin/providers/${campaignId}.ponta`, `/admin/providers/${campaignId}.amazon`, '/admin/bounced']) {
      expect(home.text).toContain(`href="${href}"`);
      expect((await visitor.get(href)).status).toBe(200);
    }
    const list = await visitor.get('/admin/bounced');
    // Newest first; whom a later message may still reach is left out.
    expect(peopleOf(list.text)).toEqual([people[1], people[0]]);
    expect(list.text).toContain('090-****-0417');
    expect(list.text).toContain('宛先が存在しない');
    expect(list.text).not.toContain('90000000417');
    for (const role of ['viewer', 'call_centre'] as const) {
      const other = await signInAs(site, role);
      expect((await other.visitor.get('/admin/bounced')).status, role).toBe(403);
      expect((await other.visitor.get('/admin')).text).not.toContain('/admin/bounced');
    }
    const outside = await signInAs(site, 'operator', { campaigns: [] });
    expect(peopleOf((await outside.visitor.get('/admin/bounced')).text)).toEqual([]);
    expect(textOf((await outside.visitor.get('/admin')).text)).toContain('残高が目安を下回った交換先 0');
    await owner.db.updateTable('provider_funds').set({ yen: 1000n }).execute();
    await owner.db.updateTable('stock_marks').set({ low_codes: 0 }).execute();
    expect(textOf((await visitor.get('/admin')).text)).toContain('在庫が目安を下回った額面 0');
  });

  it('counts only what is theirs to see', async () => {
    const { visitor } = await signInAs(site, 'operator', { campaigns: [] });
    const words = textOf((await visitor.get('/admin')).text);
    for (const line of ['発行に失敗した交換 0', '照会中の交換 0', '停止中の交換先 0']) expect(words).toContain(line);
    expect((await visitor.get('/admin/redemptions')).text).toContain('この条件に合うものはありません');
    const agent = await signInAs(site, 'call_centre');
    const home = textOf((await agent.visitor.get('/admin')).text);
    expect(home).not.toContain('発行に失敗した交換');
  });
});

describe('the list of redemptions', () => {
  it('keeps its filter in the address and in the fields, and has reasons in words', async () => {
    const { visitor } = await signInAs(site, 'auditor');
    const page = await visitor.get(`/admin/redemptions?campaign=${site.campaignId}&provider=nanaco&state=failed&reason=rejected&age=1h`);
    for (const value of ['nanaco', 'failed', 'rejected', '1h']) expect(page.text).toContain(`<option value="${value}" selected="">`);
    expect(page.text).toContain('この条件に合うものはありません');
    const fresh = await visitor.get('/admin/redemptions?state=failed&reason=rejected');
    expect(fresh.text).toContain('交換先が受け付けなかった');
    expect(peopleOf((await visitor.get('/admin/redemptions?state=failed&reason=timeout')).text)).toEqual([]);
  });

  it('takes nonsense in the address for nothing', async () => {
    const { visitor } = await signInAs(site, 'operator');
    for (const query of [
      'state=x&age=y&campaign=z',
      'before=%00',
      'before=999999999999999.0190a5a0-0000-7000-8000-000000000000',
      'state=&reason=',
    ])
      expect((await visitor.get(`/admin/redemptions?${query}`)).status).toBe(200);
    expect((await visitor.get('/admin/redemptions?propose=all')).status).toBe(404);
  });

  it('shows a viewer no way to a person, and no whole name to anybody', async () => {
    const { visitor } = await signInAs(site, 'viewer');
    const page = await visitor.get('/admin/redemptions');
    expect(page.status).toBe(200);
    expect(page.text).toContain('nanacoギフト');
    expect(page.text).not.toContain('/admin/people/');
    expect(page.text).not.toContain('花子');
  });

  it('goes on by keys without a gap or a repetition while rows arrive', async () => {
    for (let i = 0; i < 55; i += 1) await insertFailure(site, { yen: 100, provider: 'amazon' });
    const { visitor } = await signInAs(site, 'operator');
    const path = '/admin/redemptions?provider=amazon&state=failed';
    const first = await visitor.get(path);
    // Later than those that are shown: at one instant their order is that of random numbers.
    site.owner.clock.advance(1_000);
    await insertFailure(site, { yen: 100, provider: 'amazon' });
    const second = await visitor.get(nextOf(first.text) ?? '');
    const seen = [...peopleOf(first.text), ...peopleOf(second.text)];
    expect(seen.length).toBe(55);
    expect(new Set(seen).size).toBe(55);
    expect(nextOf(second.text)).toBeUndefined();
  });
});

describe('one act for many', () => {
  const path = () => `/admin/redemptions?campaign=${site.campaignId}&provider=amazon&state=failed`;

  async function propose(
    { visitor, staff }: { visitor: Visitor; staff: TestStaff },
    more: { query?: string; why?: string; note?: string; totp?: string; act?: 'reissue' | 'give_back' } = {},
  ) {
    const act = more.act ?? 'reissue';
    const page = await visitor.get(`${path()}&propose=all&do=${act}${more.query ?? ''}`);
    return visitor.post('/admin/redemptions', [
      ...formOfAct(page.text, `propose_${act}`),
      ['why', more.why ?? (act === 'reissue' ? 'not_issued' : 'provider_down')],
      ['note', more.note ?? '一括'],
      ['totp', more.totp ?? staff.totp()],
    ]);
  }
  const idOf = (location: string | null) => /approvals\/([0-9a-f-]{36})/.exec(location ?? '')?.[1] ?? '';
  const countsOf = async (id: string) => {
    const rows = await site.owner.db.selectFrom('approval_items').select(['state']).where('approval_id', '=', id).execute();
    return Object.fromEntries(['waiting', 'done', 'skipped'].map((state) => [state, rows.filter((row) => row.state === state).length]));
  };
  const stateOf = async (id: string) =>
    (await site.owner.db.selectFrom('approvals').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state;

  it('refuses without a reason, with a long note or a wrong number; nothing is written and nothing typed is lost', async () => {
    const who = await signInAs(site, 'operator');
    for (const [more, words] of [
      [{ why: '' }, '理由をえらんでください'],
      [{ note: 'あ'.repeat(501) }, 'メモは500文字まで'],
      [{ totp: '000000', note: 'のこるメモ' }, 'value="のこるメモ"'],
    ] as const) {
      const answer = await propose(who, more);
      expect(answer.status).toBe(422);
      expect(answer.text).toContain(words);
    }
    expect(await site.owner.db.selectFrom('approvals').select('id').execute()).toEqual([]);
  });

  it('refuses when the items are no longer those on the page', async () => {
    const who = await signInAs(site, 'operator');
    const page = await who.visitor.get(`${path()}&propose=all`);
    await insertFailure(site, { yen: 100, provider: 'amazon' });
    const answer = await who.visitor.post('/admin/redemptions', [
      ...formOfAct(page.text, 'propose_reissue'),
      ['why', 'not_issued'],
      ['note', ''],
      ['totp', who.staff.totp()],
    ]);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('対象が変わりました');
  });

  it('is for operators only', async () => {
    for (const role of ['viewer', 'approver', 'auditor'] as const) {
      const { visitor } = await signInAs(site, role);
      const page = await visitor.get(`${path()}&propose=all`);
      expect(page.text).not.toContain('propose_reissue');
      const token = formOfAct(page.text, 'sign_out').find(([name]) => name === 'token')?.[1] ?? '';
      const answer = await visitor.post('/admin/redemptions', [
        ['token', token],
        ['act', 'propose_reissue'],
      ]);
      expect(answer.status).toBe(403);
    }
  });

  it('is proposed, approved by another person, killed in the middle, paused, gone on with, and done once', async () => {
    const who = await signInAs(site, 'operator');
    const answer = await propose(who);
    expect(answer.status).toBe(303);
    const id = idOf(answer.location);
    const all = (await countsOf(id)).waiting ?? 0;
    expect(all).toBeGreaterThan(50);
    expect(textOf((await who.visitor.get(answer.location ?? '')).text)).toContain('まとめて再発行');
    // A second one of the same finds nothing left to propose.
    expect((await who.visitor.get(`${path()}&propose=all`)).text).toContain('対象がありません');

    const approver = { ...(await insertStaff(site.owner, 'approver')), scope: 'all' as const };
    expect(await decideApproval(site.console, { staff: approver, approvalId: id, decision: 'approve', note: '' })).toEqual({
      kind: 'running',
    });
    // One of them was frozen after the approval: it is skipped with its reason.
    const [one] = await site.owner.db
      .selectFrom('approval_items')
      .selectAll()
      .where('approval_id', '=', id)
      .where('position', '=', 2)
      .execute();
    await site.owner.db
      .updateTable('grants')
      .set({ frozen_at: site.owner.clock.now() })
      .where('id', '=', one?.grant_id ?? '')
      .execute();

    // The process dies within the fifth item: what it had begun is undone, what was done stays.
    let calls = 0;
    const dying = {
      ...site.console,
      enqueue: async (...args: Parameters<typeof site.console.enqueue>) => {
        calls += 1;
        if (calls > 4) throw new Error('killed');
        return site.console.enqueue(...args);
      },
    };
    await expect(runBulk(dying, { approvalId: id })).rejects.toThrow('killed');
    expect(await countsOf(id)).toEqual({ waiting: all - 5, done: 4, skipped: 1 });

    // Whose worker is gone is queued again, once it has not moved for a while.
    expect(await sweepBulk(site.console)).toBe(0);
    site.owner.clock.advance(180_000);
    expect(await sweepBulk(site.console)).toBe(1);

    const agent = await signInAs(site, 'call_centre');
    expect((await agent.visitor.get(`/admin/approvals/${id}`)).status).toBe(404);
    expect((await agent.visitor.get('/admin/approvals?show=running')).text).not.toContain(id);
    const approverPage = await signInAs(site, 'approver');
    const page = await approverPage.visitor.get(`/admin/approvals/${id}`);
    expect(page.text).toContain('http-equiv="refresh"');
    expect(await approverPage.visitor.post(`/admin/approvals/${id}`, formOfAct(page.text, 'pause'))).toMatchObject({ status: 303 });
    expect(await runBulk(site.console, { approvalId: id })).toBe('paused');
    expect(await countsOf(id)).toMatchObject({ done: 4 });
    expect(await sweepBulk(site.console)).toBe(0);
    await pauseBulk(site.console, { staff: approver, approvalId: id, pause: false });

    // Two workers at once, and once more afterwards.
    const ends = await Promise.allSettled([runBulk(site.console, { approvalId: id }), runBulk(site.console, { approvalId: id })]);
    expect(ends.some(({ status }) => status === 'fulfilled')).toBe(true);
    await runBulk(site.console, { approvalId: id });
    expect(await runBulk(site.console, { approvalId: id })).toBe('nothing_to_do');
    expect(await countsOf(id)).toEqual({ waiting: 0, done: all - 1, skipped: 1 });
    expect(await stateOf(id)).toBe('done');
    const { n } = await site.owner.db
      .selectFrom('audit_entries')
      .select((eb) => eb.cast<number>(eb.fn.countAll(), 'integer').as('n'))
      .where('act', '=', 'bulk_reissue.item')
      .executeTakeFirstOrThrow();
    expect(n).toBe(all - 1);
    expect(textOf((await approverPage.visitor.get(`/admin/approvals/${id}`)).text)).toContain(
      '凍結中はできません。先に凍結を解除してください。',
    );
  });

  it('gives chosen ones back, and only those', async () => {
    const chosen = await insertFailure(site, { yen: 200, provider: 'edy' }).catch(() => null);
    expect(chosen).toBeNull(); // paused: nobody can choose it, so there is nothing to choose here either
    const mine = await insertFailure(site, { yen: 700, provider: 'paypay' });
    const other = await insertFailure(site, { yen: 800, provider: 'paypay' });
    const who = await signInAs(site, 'operator');
    const page = await who.visitor.get(
      `/admin/redemptions?campaign=${site.campaignId}&provider=paypay&state=failed&propose=chosen&do=give_back&r=${mine.redemptionId}`,
    );
    const answer = await who.visitor.post('/admin/redemptions', [
      ...formOfAct(page.text, 'propose_give_back'),
      ['why', 'provider_down'],
      ['note', ''],
      ['totp', who.staff.totp()],
    ]);
    const id = idOf(answer.location);
    const approver = { ...(await insertStaff(site.owner, 'approver')), scope: 'all' as const };
    await decideApproval(site.console, { staff: approver, approvalId: id, decision: 'approve', note: '' });
    expect(await runBulk(site.console, { approvalId: id })).toBe('done');
    expect((await site.pageOf(mine.grantId)).grant.residualYen).toBe(700n);
    expect((await site.pageOf(other.grantId)).grant.residualYen).toBe(0n);
  });
});

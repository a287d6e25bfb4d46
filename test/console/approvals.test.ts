import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { proposeAct } from '~/services/propose-act';
import { proposeBulk } from '~/services/propose-bulk';
import { replaceRedemption } from '~/services/replace-redemption';
import { makePasskey } from '../support/authenticator';
import { insertFailure } from '../support/failures';
import { type Answer, MAY_20, type RecipientSite, startRecipientSite, type Visitor } from '../support/recipient-site';
import { attributeOf, formOfAct, insertSession, insertSoftPasskey, insertStaff, signInAs, type TestStaff } from '../support/staff';

/** One proposal's page over HTTP: a second person decides, or its maker takes it back. */
let site: RecipientSite;
let proposer: TestStaff;
let clock = MAY_20.getTime();

beforeAll(async () => {
  site = await startRecipientSite();
  proposer = await insertStaff(site.owner, 'operator', { name: '申請 太郎' });
});
beforeEach(() => {
  clock += 60_000;
  site.owner.clock.set(new Date(clock));
  site.fate = 'well';
});
afterAll(() => site.stop());

interface Proposed {
  readonly grantId: string;
  readonly redemptionId: string;
  readonly id: string;
}

/** Somebody whose redemption failed, and the proposal to issue it anew. */
async function proposed(): Promise<Proposed> {
  const one = await insertFailure(site);
  const made = await proposeAct(site.console, {
    staff: { id: proposer.id, scope: 'all' },
    act: 'reissue',
    grantId: one.grantId,
    fields: { redemption: one.redemptionId },
    reason: 'not_issued',
    note: '電話で確認',
  });
  if (made.kind !== 'proposed') throw new Error(JSON.stringify(made));
  return { ...one, id: made.approvalId };
}

async function signIn(staff: Pick<TestStaff, 'id'>): Promise<Visitor> {
  const visitor = site.visitor();
  visitor.cookies.set('__Host-staff', await insertSession(site.owner, staff));
  return visitor;
}

const pathOf = (id: string, decision: 'approve' | 'refuse') => `/admin/approvals/${id}${decision === 'refuse' ? '?refuse=1' : ''}`;

async function decide(
  { visitor, staff }: { visitor: Visitor; staff: TestStaff },
  id: string,
  decision: 'approve' | 'refuse',
  more: { totp?: string; note?: string } = {},
): Promise<Answer> {
  const page = await visitor.get(pathOf(id, decision));
  return visitor.post(`/admin/approvals/${id}`, [
    ...formOfAct(page.text, decision),
    ['totp', more.totp ?? staff.totp()],
    ['note', more.note ?? '確認しました'],
  ]);
}

/** A form that was not on the page, with the token that was. */
async function forge(visitor: Visitor, id: string, act: string, totp: string): Promise<Answer> {
  const page = await visitor.get('/admin');
  const token = formOfAct(page.text, 'sign_out').find(([name]) => name === 'token')?.[1] ?? '';
  return visitor.post(`/admin/approvals/${id}`, [
    ['token', token],
    ['act', act],
    ['totp', totp],
  ]);
}

const stateOf = async (id: string) =>
  (await site.owner.db.selectFrom('approvals').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state;
const redemptionOf = async ({ grantId }: Proposed) => (await site.pageOf(grantId)).redemptions[0]?.state;

describe('the page of one proposal', () => {
  it('approves with a proof: carried out once, and the recipient has a code', async () => {
    const one = await proposed();
    const who = await signInAs(site, 'approver');
    const answer = await decide(who, one.id, 'approve');
    expect(answer).toMatchObject({ status: 303, location: `/admin/approvals/${one.id}?now=done` });
    expect((await who.visitor.get(answer.location ?? '')).text).toContain('承認し、実行しました');
    await site.issue(one.grantId);
    expect(await redemptionOf(one)).toBe('issued');
  });

  it('refuses in a form of its own; nothing changes, and the proposer reads why', async () => {
    const one = await proposed();
    const who = await signInAs(site, 'approver');
    const first = await who.visitor.get(`/admin/approvals/${one.id}`);
    expect(first.text).toContain(`href="/admin/approvals/${one.id}?refuse=1"`);
    expect(() => formOfAct(first.text, 'refuse')).toThrow();
    const answer = await decide(who, one.id, 'refuse', { note: '本人確認が不足' });
    expect(answer).toMatchObject({ status: 303, location: `/admin/approvals/${one.id}?now=refused` });
    expect(await stateOf(one.id)).toBe('refused');
    expect(await redemptionOf(one)).toBe('failed');
    expect((await (await signIn(proposer)).get(`/admin/approvals/${one.id}`)).text).toContain('本人確認が不足');
  });

  it('takes no proof that was given for refusing as one for approving, nor the other way round', async () => {
    const one = await proposed();
    const who = await signInAs(site, 'approver');
    const passkey = makePasskey('https://uketori.example');
    await insertSoftPasskey(site.owner, who.staff, passkey);
    for (const [given, used] of [
      ['refuse', 'approve'],
      ['approve', 'refuse'],
    ] as const) {
      const page = await who.visitor.get(pathOf(one.id, given));
      const fields = formOfAct(page.text, given).filter(([name]) => name !== 'passkey' && name !== 'act');
      const proof = passkey.prove(attributeOf(page.text, 'data-passkey'));
      const crossed = await who.visitor.post(`/admin/approvals/${one.id}`, [...fields, ['act', used], ['passkey', proof]]);
      expect(crossed.status, `${given} as ${used}`).toBe(422);
      expect(await stateOf(one.id)).toBe('proposed');
      expect(await redemptionOf(one)).toBe('failed');
    }
    const page = await who.visitor.get(pathOf(one.id, 'refuse'));
    const fields = formOfAct(page.text, 'refuse').filter(([name]) => name !== 'passkey');
    const proof = passkey.prove(attributeOf(page.text, 'data-passkey'));
    expect(await who.visitor.post(`/admin/approvals/${one.id}`, [...fields, ['passkey', proof]])).toMatchObject({ status: 303 });
    expect(await stateOf(one.id)).toBe('refused');
  });

  it('does nothing without the right number, whichever the decision, and keeps what was typed', async () => {
    const one = await proposed();
    const who = await signInAs(site, 'approver');
    for (const decision of ['approve', 'refuse'] as const) {
      for (const totp of ['', '000000']) {
        const answer = await decide(who, one.id, decision, { totp, note: 'メモは残る' });
        expect(answer.status).toBe(422);
        expect(answer.text).toContain('メモは残る</textarea>');
        expect(answer.text).toContain('id="step-error"');
        expect(formOfAct(answer.text, decision)).toContainEqual(['act', decision]);
      }
    }
    const long = await decide(who, one.id, 'approve', { note: 'あ'.repeat(501) });
    expect(long.status).toBe(422);
    expect(long.text).toContain('id="note-error"');
    expect(await stateOf(one.id)).toBe('proposed');
    expect(await redemptionOf(one)).toBe('failed');
  });

  it('is withdrawn by whoever proposed it, and by nobody else', async () => {
    const one = await proposed();
    const other = await signInAs(site, 'operator');
    expect((await forge(other.visitor, one.id, 'withdraw', '')).status).toBe(404);
    const visitor = await signIn(proposer);
    const page = await visitor.get(`/admin/approvals/${one.id}`);
    const answer = await visitor.post(`/admin/approvals/${one.id}`, formOfAct(page.text, 'withdraw'));
    expect(answer).toMatchObject({ status: 303, location: `/admin/approvals/${one.id}?now=withdrawn` });
    expect(await stateOf(one.id)).toBe('withdrawn');
    const late = await decideForged(one.id);
    expect(late.location).toBe(`/admin/approvals/${one.id}?now=already`);
    expect(await redemptionOf(one)).toBe('failed');
  });

  async function decideForged(id: string): Promise<Answer> {
    const { visitor, staff } = await signInAs(site, 'approver');
    return forge(visitor, id, 'approve', staff.totp());
  }

  it('cannot be decided after a day: no form is left, and one that was kept does nothing', async () => {
    const one = await proposed();
    const before = site.owner.clock.now();
    clock += 24 * 3_600_000;
    site.owner.clock.set(new Date(clock));
    const { visitor, staff } = await signInAs(site, 'approver');
    const page = await visitor.get(`/admin/approvals/${one.id}`);
    expect(page.text).toContain('24時間を過ぎたため');
    expect(() => formOfAct(page.text, 'approve')).toThrow();
    expect((await forge(visitor, one.id, 'approve', staff.totp())).status).toBe(409);
    expect(await redemptionOf(one)).toBe('failed');
    expect(site.owner.clock.now().getTime() - before.getTime()).toBe(24 * 3_600_000);
  });

  it('becomes void when things changed meanwhile, and nothing is done', async () => {
    const one = await proposed();
    const again = await replaceRedemption(site.portal, {
      grantId: one.grantId,
      redemptionId: one.redemptionId,
      requestKey: site.portal.crypto.newKey(),
      choices: [{ provider: 'paypay', yen: 1_357n }],
    });
    expect(again.kind).toBe('accepted');
    const who = await signInAs(site, 'approver');
    const answer = await decide(who, one.id, 'approve');
    expect(answer.location).toBe(`/admin/approvals/${one.id}?now=void`);
    expect(await stateOf(one.id)).toBe('void');
    expect((await who.visitor.get(answer.location ?? '')).text).toContain('状況が変わっていたため、無効になりました');
  });

  it('is carried out once when two approvers press at the same time', async () => {
    const one = await proposed();
    const [first, second] = [await signInAs(site, 'approver'), await signInAs(site, 'approver')];
    const answers = await Promise.all([decide(first, one.id, 'approve'), decide(second, one.id, 'approve')]);
    const ends = answers.map(({ location }) => location?.split('now=')[1]);
    expect(ends.filter((end) => end === 'done')).toHaveLength(1);
    expect(ends.filter((end) => end === 'already')).toHaveLength(1);
    await site.issue(one.grantId);
    expect(await redemptionOf(one)).toBe('issued');
  });

  it('cannot be decided by whoever proposed it, also an approver with a proof', async () => {
    const grantId = await site.grant(900);
    const { visitor, staff } = await signInAs(site, 'approver');
    const made = await proposeAct(site.console, {
      staff: { id: staff.id, scope: 'all' },
      act: 'extend',
      grantId,
      fields: { until: '2023-06-30' },
      reason: 'illness',
      note: '',
    });
    if (made.kind !== 'proposed') throw new Error(JSON.stringify(made));
    expect((await visitor.get(`/admin/approvals/${made.approvalId}`)).text).toContain('自分の申請は自分では承認できません');
    for (const act of ['approve', 'refuse']) {
      const answer = await forge(visitor, made.approvalId, act, staff.totp());
      expect(answer.status).toBe(409);
      expect(answer.text).toContain('自分の申請は自分では承認できません');
    }
    expect(await stateOf(made.approvalId)).toBe('proposed');
  });

  it('is neither shown to a viewer nor decided by one, nor by an operator', async () => {
    const one = await proposed();
    const viewer = await signInAs(site, 'viewer');
    expect((await viewer.visitor.get(`/admin/approvals/${one.id}`)).status).toBe(403);
    for (const role of ['viewer', 'operator', 'auditor', 'call_centre'] as const) {
      const { visitor, staff } = await signInAs(site, role);
      for (const act of ['approve', 'refuse', 'stop']) {
        if (role === 'operator' && act === 'stop') continue;
        expect((await forge(visitor, one.id, act, staff.totp())).status, `${role} ${act}`).toBe(403);
      }
    }
    expect(await stateOf(one.id)).toBe('proposed');
    const outside = await signInAs(site, 'approver', { campaigns: [] });
    expect((await outside.visitor.get(`/admin/approvals/${one.id}`)).status).toBe(404);
    expect((await outside.visitor.get('/admin/approvals/nonsense')).status).toBe(404);
  });

  it('tells only what is true of it, whatever its address says', async () => {
    const one = await proposed();
    const { visitor } = await signInAs(site, 'approver');
    for (const now of ['done', 'running', 'refused', 'void', 'already', 'paused', 'stopped', 'constructor', '%00']) {
      const page = await visitor.get(`/admin/approvals/${one.id}?now=${now}`);
      expect(page.status).toBe(200);
      expect(page.text, now).not.toContain('role="status"');
    }
    expect((await visitor.get(`/admin/approvals/${one.id}?now=proposed`)).text).toContain('role="status"');
  });
});

describe('an act on many that runs', () => {
  it('is paused, resumed and stopped for good by whoever may propose it, and says what came of it', async () => {
    const failed = [await insertFailure(site), await insertFailure(site)];
    const provider = await site.owner.db
      .selectFrom('redemptions')
      .select('provider')
      .where('id', '=', failed[0]?.redemptionId ?? '')
      .executeTakeFirstOrThrow();
    const made = await proposeBulk(site.console, {
      staff: { id: proposer.id, scope: 'all' },
      act: 'reissue',
      campaignId: site.campaignId,
      provider: provider.provider,
      declined: null,
      redemptionIds: failed.map(({ redemptionId }) => redemptionId),
      reason: 'not_issued',
      note: '',
    });
    if (made.kind !== 'proposed') throw new Error(JSON.stringify(made));
    expect((await decide(await signInAs(site, 'approver'), made.approvalId, 'approve')).status).toBe(303);

    const { visitor } = await signInAs(site, 'operator');
    const path = `/admin/approvals/${made.approvalId}`;
    const press = async (act: string) => visitor.post(path, formOfAct((await visitor.get(path)).text, act));
    expect((await press('pause')).location).toContain('now=paused');
    expect((await press('resume')).status).toBe(303);
    const stopped = await press('stop');
    expect(stopped.location).toContain('now=stopped');
    const after = await visitor.get(stopped.location ?? '');
    expect(after.text).not.toContain('value="stop"');
    const items = await site.owner.db.selectFrom('approval_items').select('state').where('approval_id', '=', made.approvalId).execute();
    expect(items.map(({ state }) => state)).toEqual(['skipped', 'skipped']);
    const states = await site.owner.db
      .selectFrom('redemptions')
      .select('state')
      .where(
        'id',
        'in',
        failed.map(({ redemptionId }) => redemptionId),
      )
      .execute();
    expect(states.map(({ state }) => state)).toEqual(['failed', 'failed']);
  });
});

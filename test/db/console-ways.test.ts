import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendEntry } from '#db/ledger';
import type { JournalKind } from '#db/schema';
import type { Leg } from '~/domain/ledger';
import { type ActingPlace, type Redeemed, startActingPlace } from '../support/acting';
import { insertStaff } from '../support/staff';

/** The console's process taken over: what the database keeps it from, although it may move yen on approvals. */
let place: ActingPlace;
let issued: Redeemed;
let failed: Redeemed;
let other: Redeemed;

beforeAll(async () => {
  place = await startActingPlace();
  issued = await place.redeemed();
  failed = await place.redeemed({ fails: true });
  other = await place.redeemed({ fails: true });
});
afterAll(() => place.stop());

const REFUSED = { code: expect.stringMatching(/^(42501|UK00[1-9]|23503|23514)$/) };

interface Proposal {
  act: string;
  about: Redeemed;
  state?: 'proposed' | 'approved' | 'done';
  by?: string;
  yen?: bigint;
  free?: boolean;
}

/** A proposal written by the console's role, approved by an approver where it is wanted. */
async function approval({ act, about, state = 'approved', by = place.operator.id, yen = 1357n, free }: Proposal): Promise<string> {
  const now = place.owner.clock.now();
  const id = place.console.crypto.newId(now);
  await place.console.db
    .insertInto('approvals')
    .values({
      id,
      campaign_id: place.campaignId,
      act,
      subject_kind: 'test',
      subject_id: id,
      grant_id: about.grantId,
      yen,
      plan: '{}',
      reason: 'other',
      note: '',
      state: free ? 'approved' : state === 'done' ? 'done' : 'proposed',
      free_rule: free ? 'within_policy' : null,
      proposed_by: by,
      proposed_at: now,
      expires_at: new Date(now.getTime() + 86_400_000),
      ...(state === 'done' && { decided_by: place.approver.id, decided_at: now, ended_at: now }),
    })
    .execute();
  if (state === 'approved' && !free) await decide(id, place.approver.id);
  return id;
}

const decide = (id: string, staffId: string, at = place.owner.clock.now()) =>
  place.console.db.updateTable('approvals').set({ state: 'approved', decided_by: staffId, decided_at: at }).where('id', '=', id).execute();

type Account = [account: Leg['account'], yen: number];

function move(kind: JournalKind, about: Redeemed, accounts: readonly Account[], approvalId?: string): Promise<void> {
  const legs = accounts.map(([account, yen]) => ({
    account,
    grantId: account === 'fund' ? null : about.grantId,
    redemptionId: account === 'pending' || account === 'issued' ? about.redemptionId : null,
    provider: account === 'pending' || account === 'issued' ? 'model' : null,
    yen: BigInt(yen),
  })) as Leg[];
  const at = place.owner.clock.now();
  const { grantId, redemptionId } = about;
  const entry = {
    id: place.console.crypto.newId(at),
    campaignId: place.campaignId,
    kind,
    grantId,
    redemptionId,
    approvalId,
    actor: 'thief',
    at,
  };
  return place.console.db.transaction().execute((trx) => appendEntry(trx, entry, legs));
}

const BACK: Account[] = [
  ['pending', -1357],
  ['grant', 1357],
];
const VOID: Account[] = [
  ['issued', -1357],
  ['pending', 1357],
];

describe('the console moves no yen', () => {
  it('without an approval', async () => {
    await expect(move('returned', failed, BACK)).rejects.toMatchObject(REFUSED);
    await expect(move('voided', issued, VOID)).rejects.toMatchObject(REFUSED);
    await expect(
      move('corrected', failed, [
        ['lapsed', -1],
        ['grant', 1],
      ]),
    ).rejects.toMatchObject(REFUSED);
  });

  it('on another person’s approval, another act’s, one that nobody decided, and one that has ended', async () => {
    const theirs = await approval({ act: 'give_back', about: other });
    await expect(move('returned', failed, BACK, theirs)).rejects.toMatchObject(REFUSED);
    const extension = await approval({ act: 'extend', about: failed });
    await expect(move('returned', failed, BACK, extension)).rejects.toMatchObject(REFUSED);
    const waiting = await approval({ act: 'give_back', about: failed, state: 'proposed' });
    await expect(move('returned', failed, BACK, waiting)).rejects.toMatchObject(REFUSED);
    const ended = await approval({ act: 'give_back', about: failed });
    await place.console.db
      .updateTable('approvals')
      .set({ state: 'done', ended_at: place.owner.clock.now() })
      .where('id', '=', ended)
      .execute();
    await expect(move('returned', failed, BACK, ended)).rejects.toMatchObject(REFUSED);
  });

  it('from issued to a grant, from the fund, or as an issue, whatever was approved', async () => {
    const own = await approval({ act: 'reissue', about: issued });
    const ways: [JournalKind, Account[]][] = [
      [
        'returned',
        [
          ['issued', -1357],
          ['grant', 1357],
        ],
      ],
      [
        'voided',
        [
          ['issued', -1357],
          ['grant', 1357],
        ],
      ],
      [
        'corrected',
        [
          ['issued', -1357],
          ['grant', 1357],
        ],
      ],
      [
        'granted',
        [
          ['fund', -1],
          ['grant', 1],
        ],
      ],
      [
        'corrected',
        [
          ['fund', -1],
          ['grant', 1],
        ],
      ],
      [
        'issued',
        [
          ['pending', -1],
          ['issued', 1],
        ],
      ],
      [
        'lapsed',
        [
          ['grant', -1],
          ['lapsed', 1],
        ],
      ],
    ];
    for (const [kind, accounts] of ways) await expect(move(kind, issued, accounts, own), kind).rejects.toMatchObject(REFUSED);
  });

  it('and notes no extension without an approval', async () => {
    await expect(move('extended', failed, [])).rejects.toMatchObject(REFUSED);
  });

  it('but does on its own approval', async () => {
    const one = await place.redeemed({ fails: true });
    await expect(move('returned', one, BACK, await approval({ act: 'give_back', about: one }))).resolves.toBeUndefined();
    expect((await one.page()).grant.residualYen).toBe(1357n);
  });
});

describe('the console changes no attempt and no deadline', () => {
  const change = (about: Redeemed, set: Record<string, unknown>) =>
    about.attempts().then(([attempt]) =>
      place.console.db
        .updateTable('issuances')
        .set(set)
        .where('id', '=', attempt?.id ?? '')
        .execute(),
    );
  const at = () => place.owner.clock.now();

  it('without an approval of that act for that person', async () => {
    const theirs = await approval({ act: 'reissue', about: other });
    const wrongAct = await approval({ act: 'give_back', about: issued });
    for (const voided_by of [null, theirs, wrongAct]) {
      const set = { state: 'voided', voided_by, void_reason: 'cancelled', voided_at: at() };
      await expect(change(issued, set), String(voided_by)).rejects.toMatchObject(REFUSED);
    }
    for (const reopened_by of [theirs, wrongAct]) await expect(change(failed, { reopened_by })).rejects.toMatchObject(REFUSED);
    const doubtful = await place.redeemed({ doubt: true });
    for (const settled_by of [null, theirs]) {
      await expect(change(doubtful, { state: 'declined', reason: 'rejected', settled_by, settled_at: at() })).rejects.toMatchObject(
        REFUSED,
      );
    }
    await expect(change(doubtful, { state: 'issued', settled_at: at() })).rejects.toMatchObject(REFUSED);
  });

  it('nor its key, amount or code', async () => {
    for (const set of [{ provider_key: 'x' }, { yen: 1n }, { digest: null }, { code_sealed: null }, { last4: null }]) {
      await expect(change(issued, set), Object.keys(set)[0]).rejects.toMatchObject(REFUSED);
    }
    await expect(place.console.db.selectFrom('grants').select('granted_yen').limit(1).execute()).resolves.toHaveLength(1);
    await expect(place.console.db.updateTable('grants').set({ granted_yen: 9n }).execute()).rejects.toMatchObject(REFUSED);
    await expect(place.console.db.updateTable('codes').set({ yen: 9n }).execute()).rejects.toMatchObject(REFUSED);
  });

  it('later only on an approved extension, each once, and never earlier', async () => {
    const set = (deadline_at: string, deadline_by: string | null) =>
      place.console.db
        .updateTable('grants')
        .set({ deadline_at: new Date(deadline_at), ...(deadline_by && { deadline_by }) })
        .where('id', '=', failed.grantId)
        .execute();
    const later = '2023-07-01T00:00:00+09:00';
    await expect(set(later, null)).rejects.toMatchObject(REFUSED);
    await expect(set(later, await approval({ act: 'extend', about: other }))).rejects.toMatchObject(REFUSED);
    await expect(set(later, await approval({ act: 'give_back', about: failed }))).rejects.toMatchObject(REFUSED);
    const own = await approval({ act: 'extend', about: failed });
    await expect(set('2023-05-01T00:00:00+09:00', own)).rejects.toMatchObject(REFUSED);
    await set(later, own);
    await expect(set('2023-08-01T00:00:00+09:00', own)).rejects.toMatchObject(REFUSED);
  });
});

describe('the console decides nothing alone', () => {
  it('not its own proposals, not by a role that may not, and not after the end', async () => {
    const waiting = await approval({ act: 'give_back', about: failed, state: 'proposed' });
    await expect(decide(waiting, place.operator.id)).rejects.toMatchObject(REFUSED);
    for (const role of ['operator', 'administrator', 'auditor', 'call_centre', 'viewer'] as const) {
      const { id } = await insertStaff(place.owner, role);
      await expect(decide(waiting, id), role).rejects.toMatchObject(REFUSED);
    }
    await expect(decide(waiting, place.approver.id, new Date(place.owner.clock.now().getTime() + 86_400_000))).rejects.toMatchObject(
      REFUSED,
    );
    const gone = await insertStaff(place.owner, 'approver');
    await place.owner.db.updateTable('staff').set({ disabled_at: place.owner.clock.now() }).where('id', '=', gone.id).execute();
    await expect(decide(waiting, gone.id)).rejects.toMatchObject(REFUSED);
    const mine = await approval({ act: 'extend', about: failed, state: 'proposed', by: place.approver.id });
    await expect(decide(mine, place.approver.id)).rejects.toMatchObject(REFUSED);
  });

  it('not within a policy that there is none of, and nothing starts as done', async () => {
    await expect(approval({ act: 'reissue', about: failed, free: true, yen: 0n })).rejects.toMatchObject(REFUSED);
    await expect(approval({ act: 'reissue', about: failed, state: 'done' })).rejects.toMatchObject(REFUSED);
  });

  it('and changes nothing that was proposed or decided', async () => {
    const id = await approval({ act: 'give_back', about: failed });
    const change = (set: Record<string, unknown>) => place.console.db.updateTable('approvals').set(set).where('id', '=', id).execute();
    for (const set of [
      { yen: 9n },
      { plan: '{"a":1}' },
      { act: 'reissue' },
      { grant_id: other.grantId },
      { proposed_by: place.approver.id },
    ]) {
      await expect(change(set), Object.keys(set)[0]).rejects.toMatchObject(REFUSED);
    }
    const second = await insertStaff(place.owner, 'approver');
    await expect(change({ decided_by: second.id })).rejects.toMatchObject(REFUSED);
    for (const state of ['proposed', 'refused', 'withdrawn']) await expect(change({ state }), state).rejects.toMatchObject(REFUSED);
    await change({ state: 'done', ended_at: place.owner.clock.now() });
    await expect(change({ state: 'approved', ended_at: null })).rejects.toMatchObject(REFUSED);
    await expect(place.console.db.deleteFrom('approvals').execute()).rejects.toMatchObject(REFUSED);
  });
});

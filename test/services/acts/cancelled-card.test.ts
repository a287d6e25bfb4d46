import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import amazon from '#adapters/providers/amazon/index';
import { type StandInServer, startStandInServer } from '#adapters/providers/stand-in-server';
import type { Provider } from '~/portal';
import { decideApproval } from '~/services/decide-approval';
import { proposeAct } from '~/services/propose-act';
import { revealCode } from '~/services/reveal-code';
import { voidCode } from '~/services/void-code';
import { type ActingPlace, type Redeemed, startActingPlace } from '../../support/acting';
import { MAY_20 } from '../../support/portal';

/**
 * The trap of a cancelled card: asked again by its key, Amazon answers SUCCESS with the old claim code; only the
 * card's status tells. Here the real adapter talks to its stand-in over HTTP.
 */
let place: ActingPlace;
let standIns: StandInServer;
/** The worker dies between the provider's answer to a cancel and the transaction after it. */
let dies = false;

beforeAll(async () => {
  let now = () => MAY_20;
  standIns = await startStandInServer({ now: () => now() });
  const read = amazon.settings.parse(standIns.environment);
  if (!read.ok) throw new Error('no settings');
  const { settings } = read;
  const connection = amazon.connect(settings);
  const provider: Provider = {
    id: 'amazon',
    brand: amazon.brand,
    capabilities: amazon.capabilities,
    connection: {
      ...connection,
      async cancel(request, options) {
        const answer = await connection.cancel?.(request, options);
        if (dies || !answer) throw new Error('the worker dies');
        return answer;
      },
    },
    keyFor: (issuanceId) => amazon.providerKey(issuanceId, settings),
  };
  place = await startActingPlace((clock) => {
    now = clock;
    return [provider];
  });
});
beforeEach(() => place.owner.clock.set(MAY_20));
afterAll(async () => {
  await place.stop();
  await standIns.close();
});

const cards = () => standIns.standIn('amazon').issues();
const show = (one: Redeemed) => revealCode(place.web, { grantId: one.grantId, codeId: one.codeId, wait: async () => {} });
const cancel = (approvalId: string) => voidCode(place.console, { approvalId }, { wait: async () => {} });

async function approved(one: Redeemed): Promise<string> {
  const answer = await proposeAct(place.console, {
    staff: place.operator,
    act: 'reissue',
    grantId: one.grantId,
    fields: { redemption: one.redemptionId, code: one.codeId },
    reason: 'code_rejected',
    note: '',
  });
  if (answer.kind !== 'proposed') throw new Error(JSON.stringify(answer));
  const { approvalId } = answer;
  const decided = await decideApproval(place.console, { staff: place.approver, approvalId, decision: 'approve', note: '' });
  expect(decided).toEqual({ kind: 'running' });
  return approvalId;
}

describe('a cancelled Amazon card', () => {
  it('is never taken as a code again: the recipient gets another one under a new key', async () => {
    const one = await place.redeemed({ provider: 'amazon' });
    const old = await show(one);
    if (old.kind !== 'shown') throw new Error(old.kind);
    expect(await cancel(await approved(one))).toBe('voided');
    // Nothing to show between the two codes, and the old one cannot come back under its key.
    expect(await show(one)).toMatchObject({ kind: 'refused', reason: 'not_found' });
    const [first] = await one.attempts();
    const { connection } = place.web.providers.get('amazon') ?? {};
    const replay = await connection?.issue({ key: first?.provider_key ?? '', yen: 1357 }, { now: place.owner.clock.now() });
    expect(replay).toMatchObject({ kind: 'unknown', cause: 'voided' });

    await place.issue(one.codeId);
    const attempts = await one.attempts();
    expect(attempts.map(({ state }) => state)).toEqual(['voided', 'issued']);
    expect(attempts[1]?.provider_key).not.toBe(attempts[0]?.provider_key);
    const shown = await show(one);
    if (shown.kind !== 'shown') throw new Error(shown.kind);
    expect(shown.code).not.toBe(old.code);
    const own = cards().filter(({ key }) => attempts.some((attempt) => attempt.provider_key === key));
    expect(own.map(({ code, cancelled }) => ({ code, cancelled }))).toEqual([
      { code: old.code, cancelled: true },
      { code: shown.code, cancelled: false },
    ]);
    const [page] = (await one.page()).redemptions;
    expect(page?.codes.map(({ issuanceId, situation }) => ({ issuanceId, situation }))).toEqual([
      { issuanceId: attempts[1]?.id, situation: 'issued' },
    ]);
    expect(await place.differences()).toEqual([]);
  });

  it('whose cancelling stopped in the middle is not shown, and the repeat finishes it with one new code', async () => {
    const one = await place.redeemed({ provider: 'amazon' });
    const approvalId = await approved(one);
    dies = true;
    await expect(cancel(approvalId)).rejects.toThrow('dies');
    dies = false;
    expect(await show(one)).toMatchObject({ kind: 'unavailable' });
    await place.issue(one.codeId);
    expect((await one.attempts()).map(({ state }) => state)).toEqual(['issued']);
    // By then Amazon would cancel nothing any more.
    place.owner.clock.advance(16 * 60_000);
    expect(await cancel(approvalId)).toBe('voided');
    await place.issue(one.codeId);
    expect((await one.attempts()).map(({ state }) => state)).toEqual(['voided', 'issued']);
    expect(await show(one)).toMatchObject({ kind: 'shown' });
    expect(await place.differences()).toEqual([]);
  });

  it('stays as it is after Amazon’s quarter of an hour: the proposal fails and the code is shown', async () => {
    const one = await place.redeemed({ provider: 'amazon' });
    const approvalId = await approved(one);
    place.owner.clock.advance(16 * 60_000);
    expect(await cancel(approvalId)).toBe('refused');
    const approval = await place.owner.db
      .selectFrom('approvals')
      .select(['state', 'outcome'])
      .where('id', '=', approvalId)
      .executeTakeFirst();
    expect(approval).toEqual({ state: 'failed', outcome: 'too_late' });
    expect(await show(one)).toMatchObject({ kind: 'shown' });
  });
});

import type { Portal } from '~/portal';
import { decideApproval } from '~/services/decide-approval';
import { proposeAct } from '~/services/propose-act';
import type { TestStaff } from '../support/staff';
import type { Chance } from './random';

/** Two people of the console: one proposes, the other decides. */
export interface Desk {
  readonly portal: Portal;
  readonly operator: Pick<TestStaff, 'id'>;
  readonly approver: Pick<TestStaff, 'id'>;
}

/** Runs something that may die at any statement. */
type Surviving = <T>(work: () => Promise<T>) => Promise<T | 'crashed'>;

/** Some of what failed is issued anew or given back, some of what was issued is cancelled and issued anew. */
export async function putRight(desk: Desk, chance: Chance, owner: Pick<Portal, 'db'>, surviving: Surviving): Promise<void> {
  const { portal, operator, approver } = desk;
  const found = await owner.db
    .selectFrom('redemptions')
    .select(['id', 'grant_id', 'state'])
    .where('state', 'in', ['failed', 'issued'])
    .orderBy('id')
    .limit(400)
    .execute();
  for (const { id, grant_id, state } of found) {
    if (!chance.hit(state === 'failed' ? 0.5 : 0.05)) continue;
    const act = state === 'failed' && chance.hit(0.4) ? 'give_back' : 'reissue';
    await surviving(() =>
      proposeAct(portal, {
        staff: { id: operator.id, scope: 'all' },
        act,
        grantId: grant_id,
        fields: { redemption: id },
        reason: 'other',
        note: '',
      }),
    );
  }
  // Also those of people who died after they had proposed; now and then two decide, and some are left to end.
  const waiting = await owner.db.selectFrom('approvals').select('id').where('state', '=', 'proposed').orderBy('id').execute();
  for (const { id } of waiting) {
    for (let press = chance.int(3); press > 0; press -= 1) {
      const decision = chance.hit(0.9) ? 'approve' : 'refuse';
      await surviving(() => decideApproval(portal, { staff: { id: approver.id, scope: 'all' }, approvalId: id, decision, note: '' }));
    }
  }
}

/** How much of it was carried out. */
export async function countPutRight({ db }: Pick<Portal, 'db'>): Promise<{ staffActs: number; voided: number }> {
  const done = await db.selectFrom('approvals').select('id').where('state', '=', 'done').execute();
  const voided = await db.selectFrom('issuances').select('id').where('state', '=', 'voided').execute();
  return { staffActs: done.length, voided: voided.length };
}

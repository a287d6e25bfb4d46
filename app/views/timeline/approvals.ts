import { sql } from 'kysely';
import type { TimelineEvent, TimelineName } from '../../domain/timeline';
import type { TimelineSource } from './source';

const DECIDED: Readonly<Record<string, TimelineName>> = { approved: 'approved', done: 'approved', failed: 'approved', refused: 'refused' };
const ENDED: Readonly<Record<string, TimelineName>> = {
  withdrawn: 'withdrawn',
  expired: 'expired',
  void: 'void',
  done: 'done',
  failed: 'failed',
};

/** Acts that took an approval: proposed, decided, carried out. */
export const approvals: TimelineSource = async (db, { grantId, redemptionIds }) => {
  const { rows } = await sql<{
    act: string;
    yen: bigint;
    reason: string;
    note: string;
    state: string;
    free_rule: string | null;
    proposed_by: string;
    proposed_at: Date;
    decided_by: string | null;
    decided_at: Date | null;
    decision_note: string | null;
    ended_at: Date | null;
    outcome: string | null;
    item: 'waiting' | 'done' | 'skipped' | null;
  }>`
    select act, yen, reason, note, state, free_rule, proposed_by, proposed_at, decided_by, decided_at, decision_note, ended_at, outcome,
        null as item
      from approvals where grant_id = ${grantId}
    union all
    select a.act, i.yen, a.reason, a.note, a.state, a.free_rule, a.proposed_by, a.proposed_at, a.decided_by, a.decided_at,
        a.decision_note, coalesce(i.at, a.ended_at), null, i.state
      from approval_items i join approvals a on a.id = i.approval_id where i.redemption_id = any(${[...redemptionIds]}::uuid[])
  `.execute(db);
  return rows.flatMap((row) => {
    const facts = { act: row.act, yen: row.yen, reason: row.reason };
    const proposer = `staff:${row.proposed_by}`;
    const told: TimelineEvent[] = [
      { at: row.proposed_at, name: row.free_rule ? 'alone' : 'proposed', actor: proposer, facts, note: row.note },
    ];
    const decided = DECIDED[row.state];
    if (row.decided_by && row.decided_at && decided) {
      told.push({ at: row.decided_at, name: decided, actor: `staff:${row.decided_by}`, facts, note: row.decision_note ?? '' });
    }
    // One of many is told by what became of it, also while the rest is under way.
    const ended = row.item === 'done' || row.item === 'skipped' ? row.item : ENDED[row.state];
    if (row.ended_at && ended)
      told.push({
        at: row.ended_at,
        name: ended,
        actor: ended === 'withdrawn' ? proposer : 'system',
        facts: { ...facts, outcome: row.outcome },
      });
    return told;
  });
};

import { sql } from 'kysely';
import { TIMELINE_NAMES, type TimelineEvent, type TimelineName } from '../../domain/timeline';
import type { TimelineSource } from './source';

/** What staff did about a person by themselves. Steps of an approval are told by the approval. */
export const staffActs: TimelineSource = async (db, { grantId, redemptionIds }) => {
  const { rows } = await sql<{ at: Date; actor: string; act: string; detail: Readonly<Record<string, unknown>> }>`
    select at, actor, act, detail from audit_entries
      where ((subject_kind = 'grant' and subject_id = ${grantId})
          or (subject_kind = 'redemption' and subject_id = any(${[...redemptionIds]}::text[])))
        and actor like 'staff:%' and not (detail ? 'approval')
      order by at desc limit 500
  `.execute(db);
  return rows.map(({ at, actor, act, detail }): TimelineEvent => {
    const stem = act.replace(/\.done$/, '');
    const name: TimelineName = (TIMELINE_NAMES as readonly string[]).includes(stem) ? (stem as TimelineName) : 'staff';
    const text = (key: string) => (typeof detail[key] === 'string' ? detail[key] : '');
    const until = Date.parse(text('until'));
    return {
      at,
      name,
      actor,
      facts: { act: stem, reason: text('reason'), until: Number.isNaN(until) ? null : new Date(until) },
      note: text('note'),
    };
  });
};

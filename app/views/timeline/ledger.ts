import { sql } from 'kysely';
import { lastMoment } from '../../domain/deadline';
import type { TimelineEvent, TimelineName } from '../../domain/timeline';
import type { TimelineSource } from './source';

/** Entries whose codes have a line of their own beside the attempt: issued and voided. */
const NAMES: Readonly<Record<string, TimelineName>> = {
  granted: 'granted',
  accepted: 'accepted',
  returned: 'returned',
  lapsed: 'lapsed',
  corrected: 'corrected',
  extended: 'extended',
};

/** The ledger's entries about a grant: every change of its residual. */
export const ledger: TimelineSource = async (db, { grantId, labelOf }) => {
  const { rows } = await sql<{
    kind: string;
    actor: string;
    at: Date;
    change_yen: bigint;
    moved_yen: bigint;
    provider: string | null;
    file_name: string | null;
    until: Date | null;
  }>`
    select e.kind, e.actor, e.at, (sum(p.yen) filter (where p.account = 'grant'))::bigint as change_yen, null::timestamptz as until,
        (sum(p.yen) filter (where p.yen > 0))::bigint as moved_yen, max(p.provider) as provider,
        case when e.kind = 'granted' then (select i.file_name from grants g join imports i on i.id = g.import_id where g.id = ${grantId}) end
          as file_name
      from postings p join journal_entries e on e.id = p.entry_id
      where p.grant_id = ${grantId} group by e.id
    union all
    select e.kind, e.actor, e.at, 0, (a.plan #>> '{after,deadline}')::timestamptz, 0, null, null
      from journal_entries e left join approvals a on a.id = e.approval_id where e.grant_id = ${grantId} and e.kind = 'extended'
  `.execute(db);
  return rows.flatMap((row): TimelineEvent[] => {
    const name = NAMES[row.kind];
    const changeYen = row.change_yen ?? 0n;
    if (!name) return changeYen === 0n ? [] : [event('corrected')];
    return [event(name)];

    function event(as: TimelineName): TimelineEvent {
      const yen = row.moved_yen ?? 0n;
      const label = row.provider ? labelOf(row.provider) : null;
      const facts = { yen, label, file: row.file_name, until: row.until && lastMoment(row.until) };
      return { at: row.at, name: as, actor: as === 'granted' && !row.actor.startsWith('staff:') ? 'import' : row.actor, facts, changeYen };
    }
  });
};

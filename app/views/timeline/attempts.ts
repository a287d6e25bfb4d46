import type { TimelineEvent } from '../../domain/timeline';
import type { TimelineSource } from './source';

/** Every attempt to have a code issued, and what came of it. Of a code only its last four are told. */
export const attempts: TimelineSource = async (db, { redemptionIds, labelOf }) => {
  if (redemptionIds.length === 0) return [];
  const rows = await db
    .selectFrom('issuances as i')
    .innerJoin('codes as c', 'c.id', 'i.code_id')
    .where('c.redemption_id', 'in', [...redemptionIds])
    .select([
      'i.code_id',
      'i.provider',
      'i.yen',
      'i.state',
      'i.reference',
      'i.unknown_since',
      'i.handed_over_at',
      'i.cause',
      'i.reason',
      'i.last4',
      'i.management_no',
      'i.expires_on',
      'i.settled_at',
      'i.voided_at',
      'i.void_reason',
    ])
    .orderBy('i.created_at')
    .orderBy('i.id')
    .execute();
  const counts = new Map<string, number>();
  return rows.flatMap((row) => {
    const nth = (counts.get(row.code_id) ?? 0) + 1;
    counts.set(row.code_id, nth);
    const base = { label: labelOf(row.provider), yen: row.yen, nth };
    const told: TimelineEvent[] = [];
    const tell = (at: Date | null, name: TimelineEvent['name'], facts: TimelineEvent['facts'] = {}) => {
      if (at) told.push({ at, name, actor: 'system', facts: { ...base, ...facts } });
    };
    tell(row.unknown_since, 'unknown', { cause: row.cause });
    tell(row.handed_over_at, 'handed_over');
    if (row.reference !== null) {
      tell(row.settled_at, 'issued', { last4: row.last4 ?? '', managementNo: row.management_no ?? '', expiresOn: row.expires_on ?? '' });
    }
    if (row.state === 'declined') tell(row.settled_at, 'declined', { reason: row.reason });
    tell(row.voided_at, 'voided', { reason: row.void_reason, last4: row.last4 ?? '' });
    return told;
  });
};

import { listRecentDayProofs } from '#db/day-proofs';
import { type DayRecord, dayBefore, nextDay } from '../domain/day-proof';
import { isDay, japanDay } from '../domain/japan-time';
import type { Portal } from '../portal';
import { findDueProofs } from './day-proofs';

const PAGE = 62;

export interface ProofDay {
  readonly day: string;
  readonly at: Date;
  /** Made later than the day after: the figures are of then. */
  readonly late: boolean;
  readonly totals: DayRecord['totals'];
  readonly grants: number;
  readonly differences: number;
  readonly keyId: string | null;
  readonly hash: string;
}

export interface ProofDays {
  readonly rows: readonly ProofDay[];
  /** Days up to yesterday that have none: those the next run makes, newest first. */
  readonly missing: readonly string[];
  /** Days between two proofs that have none. The worker leaves none out: somebody removed them. */
  readonly gaps: readonly string[];
  readonly next: string | null;
}

/** A campaign's proofs, the newest day first, and the days that have none. */
export async function findProofDays(
  { db }: Pick<Portal, 'db'>,
  { campaignId, before, now }: { campaignId: string; before: string | null; now: Date },
): Promise<ProofDays> {
  const own = before !== null && isDay(before) ? before : null;
  const found = await listRecentDayProofs(db, campaignId, { before: own, limit: PAGE + 1 });
  const rows = found.slice(0, PAGE).map((row): ProofDay => {
    // Only `recordDayProof` writes records, and nobody can change one.
    const record = JSON.parse(row.record) as DayRecord;
    return {
      day: row.day,
      at: row.made_at,
      late: japanDay(row.made_at) > nextDay(row.day),
      totals: record.totals,
      grants: record.grants,
      differences: record.differences,
      keyId: row.key_id,
      hash: row.hash.toString('hex'),
    };
  });
  const due = await findDueProofs(db, now, campaignId);
  const missing = own === null ? due.map(({ day }) => day).reverse() : [];
  return { rows, missing, gaps: gapsIn(rows), next: found.length > PAGE ? (rows.at(-1)?.day ?? null) : null };
}

function gapsIn(rows: readonly ProofDay[]): string[] {
  return rows.slice(0, -1).flatMap((row, index) => {
    const earlier = rows[index + 1]?.day ?? row.day;
    const days: string[] = [];
    for (let day = dayBefore(row.day); day > earlier && days.length < PAGE; day = dayBefore(day)) days.push(day);
    return days;
  });
}

import type { Db } from '#db/database';
import type { Bilingual } from '../../domain/campaign';
import { mergeTimeline, type TimelineLine } from '../../domain/timeline';
import { approvals } from './approvals';
import { attempts } from './attempts';
import { ledger } from './ledger';
import { messages } from './messages';
import { opens } from './opens';
import { reveals } from './reveals';
import type { TimelineSource } from './source';
import { staffActs } from './staff-acts';

/** All that is told about a person; one source for each kind of things that happen. */
const SOURCES: readonly TimelineSource[] = [ledger, messages, opens, attempts, reveals, staffActs, approvals];

/** A line with the name of who did it, where it was a member of staff. */
export interface NamedLine extends TimelineLine {
  readonly staffName: string | null;
}

/** Everything that ever happened to a grant, newest first. */
export async function tellTimeline(
  db: Db,
  { grantId, labels }: { grantId: string; labels: ReadonlyMap<string, Bilingual> },
): Promise<NamedLine[]> {
  const redemptions = await db.selectFrom('redemptions').select('id').where('grant_id', '=', grantId).execute();
  const subject = {
    grantId,
    redemptionIds: redemptions.map(({ id }) => id),
    labelOf: (provider: string) => labels.get(provider) ?? { ja: provider, en: provider },
  };
  const lines = mergeTimeline(await Promise.all(SOURCES.map((source) => source(db, subject))));
  const names = await staffNames(db, lines);
  return lines.map((line) => ({ ...line, staffName: names.get(line.actor) ?? null }));
}

async function staffNames(db: Db, lines: readonly TimelineLine[]): Promise<Map<string, string>> {
  const ids = [...new Set(lines.flatMap(({ actor }) => (/^staff:[0-9a-f-]{36}$/.test(actor) ? [actor.slice(6)] : [])))];
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('staff').select(['id', 'name']).where('id', 'in', ids).execute();
  return new Map(rows.map(({ id, name }) => [`staff:${id}`, name]));
}

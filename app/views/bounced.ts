import { type BouncedPerson, listBounced } from '#db/bounced';
import { listProgrammes } from '#db/campaigns';
import { isInScope } from '../domain/access';
import type { Portal } from '../portal';
import type { StaffMember } from './staff-session';

/** Only what bounced lately can still be put right by a call. */
const BOUNCED_DAYS = 14;
const MOST = 200;

/** The instant from which on bounced messages are told of. */
export function bouncedSince(now: Date): Date {
  return new Date(now.getTime() - BOUNCED_DAYS * 86_400_000);
}

/** People whom nothing reaches, as far as this person's campaigns go; the newest. */
export async function findBounced(
  { db }: Pick<Portal, 'db'>,
  { staff, now }: { staff: StaffMember; now: Date },
): Promise<{ readonly rows: readonly BouncedPerson[]; readonly more: boolean }> {
  const campaigns = (await listProgrammes(db)).map(({ id }) => id).filter((id) => isInScope(staff.scope, id));
  const rows = await listBounced(db, { campaigns, since: bouncedSince(now), limit: MOST + 1 });
  return { rows: rows.slice(0, MOST), more: rows.length > MOST };
}

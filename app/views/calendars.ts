import { listProgrammes } from '#db/campaigns';
import { calendarOf, type Moment } from '../domain/calendar';
import type { Bilingual } from '../domain/campaign';
import type { Portal } from '../portal';

/** The calendars of all programmes, the oldest programme first. */
export async function listCalendars(portal: Pick<Portal, 'db'>): Promise<{ id: string; name: Bilingual; moments: Moment[] }[]> {
  const programmes = await listProgrammes(portal.db);
  return programmes.map((programme) => ({ id: programme.id, name: programme.settings.name, moments: calendarOf(programme) }));
}

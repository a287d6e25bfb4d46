import { calendarOf, type Moment } from '../domain/calendar';
import type { Bilingual, CampaignSettings } from '../domain/campaign';
import type { Portal } from '../portal';

/** The calendars of all programmes, by id. */
export async function listCalendars(portal: Pick<Portal, 'db'>): Promise<{ id: string; name: Bilingual; moments: Moment[] }[]> {
  const rows = await portal.db
    .selectFrom('campaigns')
    .select(['id', 'settings', 'redeem_until'])
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map((row) => {
    // Checked by the campaign schema when it was loaded.
    const settings = row.settings as CampaignSettings;
    return { id: row.id, name: settings.name, moments: calendarOf({ settings, redeemUntil: row.redeem_until }) };
  });
}

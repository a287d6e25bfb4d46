import { listProgrammes } from '#db/campaigns';
import type { CampaignSettings } from '../domain/campaign';
import type { Portal } from '../portal';

/** Whom to ask while nobody knows yet who asks: every programme's call centre, each once. A page must not fail for want of it. */
export async function listOffices(portal: Pick<Portal, 'db' | 'log'>): Promise<readonly CampaignSettings[]> {
  try {
    const offices = (await listProgrammes(portal.db)).map(({ settings }) => settings);
    return [...new Map(offices.map((office) => [office.callCentre.tel, office])).values()];
  } catch (error) {
    portal.log.error({ error: String(error) }, 'the call centres could not be read');
    return [];
  }
}

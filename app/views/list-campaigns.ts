import type { CampaignScope } from '../domain/access';
import type { Bilingual } from '../domain/campaign';
import type { Portal } from '../portal';

/** The campaigns within a scope, by id, with their names. */
export async function listCampaigns(portal: Pick<Portal, 'db'>, scope: CampaignScope): Promise<{ id: string; name: Bilingual }[]> {
  const rows = await portal.db
    .selectFrom('campaigns')
    .select(['id', 'settings'])
    .$if(scope !== 'all', (query) => query.where('id', 'in', scope.length > 0 ? [...scope] : ['']))
    .orderBy('id')
    .execute();
  return rows.map(({ id, settings }) => ({ id, name: settings.name }));
}

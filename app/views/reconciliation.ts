import { listStoredOffers } from '#db/campaigns';
import { type FindingRow, listFindings, listStatements, type StatementRow } from '#db/statements';
import { type CampaignScope, isInScope } from '../domain/access';
import type { Bilingual } from '../domain/campaign';
import { type StatementMap, statementMap, USUAL_MAP } from '../domain/statement';
import { isUuid } from '../domain/uuid';
import type { Portal } from '../portal';
import { listCampaignChoices } from './campaign-choices';

/** Findings shown on one page; more are rare, and a reason to ask the provider for a better file. */
const FINDINGS_SHOWN = 500;
const STATEMENTS_SHOWN = 50;

export interface OfferChoice {
  readonly campaignId: string;
  readonly campaignName: Bilingual;
  readonly provider: string;
  readonly label: Bilingual;
}

export interface ReconciliationPage {
  readonly statements: readonly StatementRow[];
  readonly offers: readonly OfferChoice[];
  /** The layout last used, by provider. */
  readonly maps: ReadonlyMap<string, StatementMap>;
}

/** What can be reconciled, and what was. */
export async function getReconciliation(portal: Pick<Portal, 'db' | 'clock'>, scope: CampaignScope): Promise<ReconciliationPage> {
  const campaigns = await listCampaignChoices(portal, scope);
  const offers = await Promise.all(
    campaigns.map(async ({ id, name }) =>
      (await listStoredOffers(portal.db, id)).map((offer) => ({
        campaignId: id,
        campaignName: name,
        provider: offer.provider,
        label: offer.label as Bilingual,
      })),
    ),
  );
  const maps = await portal.db.selectFrom('statement_maps').select(['provider', 'columns']).execute();
  return {
    statements: await listStatements(portal.db, { campaignIds: scope === 'all' ? null : [...scope], id: null, limit: STATEMENTS_SHOWN }),
    offers: offers.flat(),
    maps: new Map(maps.map(({ provider, columns }) => [provider, statementMap.catch(USUAL_MAP).parse(columns)])),
  };
}

export interface StatementPage {
  readonly statement: StatementRow;
  readonly findings: readonly FindingRow[];
}

/** One statement with what does not agree; null when it is not this person's to see. */
export async function findStatementPage(
  portal: Pick<Portal, 'db' | 'clock'>,
  { id, scope }: { id: string | undefined; scope: CampaignScope },
): Promise<StatementPage | null> {
  const statement = isUuid(id) ? (await listStatements(portal.db, { campaignIds: null, id, limit: 1 }))[0] : undefined;
  if (!statement || !isInScope(scope, statement.campaignId)) return null;
  return { statement, findings: await listFindings(portal.db, statement.id, FINDINGS_SHOWN) };
}

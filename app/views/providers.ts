import { findCampaign, listStoredOffers } from '#db/campaigns';
import { type AnswerFigures, countAnswers, countCalls, listShelves, type ShelfRow } from '#db/provider-sheets';
import { type CampaignScope, isInScope } from '../domain/access';
import type { Bilingual, OfferAmount } from '../domain/campaign';
import { japanDay } from '../domain/japan-time';
import type { Portal } from '../portal';
import { listCampaignChoices } from './campaign-choices';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Codes that expire within so many days are shown as expiring soon. */
const SOON_DAYS = 30;

export interface ProviderSheet {
  readonly campaignId: string;
  readonly campaignName: Bilingual;
  readonly provider: string;
  readonly label: Bilingual;
  readonly amount: OfferAmount;
  readonly source: 'api' | 'stock';
  readonly pausedAt: Date | null;
  readonly pauseNote: Bilingual | null;
  /** Left alone after trouble until then. */
  readonly closedUntil: Date | null;
  readonly troubleSince: Date | null;
  readonly lastOkAt: Date | null;
  readonly hour: AnswerFigures;
  readonly day: AnswerFigures;
}

export interface ProviderPage extends ProviderSheet {
  readonly ratePerSecond: number;
  /** Calls in the last minute by all campaigns together, as a share of what is allowed; 0 to 1 and more. */
  readonly rateUsed: number;
  /** Null where the provider cannot tell. */
  readonly funds: {
    readonly yen: bigint | null;
    readonly at: Date | null;
    readonly cause: string | null;
    readonly lowYen: bigint | null;
  } | null;
  readonly shelves: readonly ShelfRow[];
}

/** Every provider of every programme that this person may see. */
export async function listProviders(
  portal: Pick<Portal, 'db' | 'clock'>,
  { scope, now }: { scope: CampaignScope; now: Date },
): Promise<readonly ProviderSheet[]> {
  const campaigns = await listCampaignChoices(portal, scope);
  const sheets = await Promise.all(campaigns.map(({ id, name }) => listSheets(portal, { campaignId: id, name, now })));
  return sheets.flat();
}

/** One provider of one programme; null when there is none or it is somebody else's. `id`: campaign.provider */
export async function findProviderPage(
  portal: Pick<Portal, 'db' | 'providers'>,
  { id, scope, now }: { id: string | undefined; scope: CampaignScope; now: Date },
): Promise<ProviderPage | null> {
  const [campaignId = '', provider = ''] = (id ?? '').split('.', 2);
  const campaign = isInScope(scope, campaignId) ? await findCampaign(portal.db, campaignId) : null;
  if (!campaign) return null;
  const { name } = campaign.settings;
  const sheet = (await listSheets(portal, { campaignId, name, now })).find((own) => own.provider === provider);
  if (!sheet) return null;
  const capabilities = portal.providers.get(provider)?.capabilities;
  const funds = capabilities?.funds
    ? await portal.db.selectFrom('provider_funds').selectAll().where('provider', '=', provider).executeTakeFirst()
    : undefined;
  const ratePerSecond = capabilities?.ratePerSecond ?? 0;
  const calls = await countCalls(portal.db, { provider, since: new Date(now.getTime() - MINUTE_MS) });
  return {
    ...sheet,
    ratePerSecond,
    rateUsed: ratePerSecond > 0 ? calls / (60 * ratePerSecond) : 0,
    funds: capabilities?.funds
      ? { yen: funds?.yen ?? null, at: funds?.at ?? null, cause: funds?.cause ?? null, lowYen: funds?.low_yen ?? null }
      : null,
    shelves: await listShelves(portal.db, {
      campaignId,
      provider,
      today: japanDay(now),
      soon: japanDay(new Date(now.getTime() + SOON_DAYS * DAY_MS)),
    }),
  };
}

async function listSheets(
  { db }: Pick<Portal, 'db'>,
  { campaignId, name, now }: { campaignId: string; name: Bilingual; now: Date },
): Promise<ProviderSheet[]> {
  const offers = await listStoredOffers(db, campaignId);
  const states = await db.selectFrom('provider_states').selectAll().execute();
  const notes = await db.selectFrom('offers').select(['provider', 'pause_note']).where('campaign_id', '=', campaignId).execute();
  return Promise.all(
    offers.map(async (offer) => {
      const state = states.find(({ provider }) => provider === offer.provider);
      const answers = (since: number) => countAnswers(db, { campaignId, provider: offer.provider, since: new Date(now.getTime() - since) });
      return {
        campaignId,
        campaignName: name,
        provider: offer.provider,
        // Checked by the campaign schema when it was loaded.
        label: offer.label as Bilingual,
        amount: offer.amount as OfferAmount,
        source: offer.source,
        pausedAt: offer.pausedAt,
        pauseNote: (notes.find(({ provider }) => provider === offer.provider)?.pause_note ?? null) as Bilingual | null,
        closedUntil: state?.closed_until && state.closed_until > now ? state.closed_until : null,
        troubleSince: state?.trouble_since ?? null,
        lastOkAt: state?.last_ok_at ?? null,
        hour: await answers(HOUR_MS),
        day: await answers(DAY_MS),
      };
    }),
  );
}

import path from 'node:path';
import type { StockReader } from '../app/domain/stock-reader';
import type { Portal } from '../app/portal';
import { importGrants } from '../app/services/import-grants';
import { loadCampaign } from '../app/services/load-campaign';
import { loadStock } from '../app/services/load-stock';
import type { Bulk } from './bulk';
import { findGrantSheet } from './grants';

/**
 * The demo's data, loaded through the same services as real files. Calling it again changes nothing. Nothing of
 * this is reachable from a production process.
 */
export interface SeedPortal extends Pick<Portal, 'db' | 'clock' | 'crypto'> {
  readonly bulk: Bulk;
  readonly providers: { has(id: string): boolean };
  stockReader(provider: string): StockReader;
}

const FOLDER = path.join(import.meta.dirname, 'programmes');
const ACTOR = 'demo';
const KUMAMOTO = 'kumamoto-2023';
/** Its deadline, 30 April 2023, is past when the demo's clock begins. */
const ASO = 'aso-2022';
const STOCK: readonly { provider: string; file: string; yen?: number }[] = [
  { provider: 'ponta', file: 'stock-ponta.csv' },
  { provider: 'edy', file: 'stock-edy.csv' },
  { provider: 'nanaco', file: 'stock-nanaco.csv' },
  { provider: 'paypay', file: 'stock-paypay-1000.csv', yen: 1_000 },
];

/** A link that the demo prints. */
export interface DemoLink {
  readonly key: 'odd' | 'tiny' | 'large' | 'redeemed' | 'in_doubt' | 'failed' | 'frozen' | 'doubt_amazon' | 'reported_used' | 'closed';
  readonly campaignId: string;
  readonly number: string;
  readonly grantId: string;
  /** Bearer money, were it real: only the demo prints one. */
  readonly token: string;
  readonly residualYen: bigint;
  readonly explanation: { readonly ja: string; readonly en: string };
}

const SITUATIONS: readonly Pick<DemoLink, 'key' | 'campaignId' | 'number' | 'explanation'>[] = [
  { key: 'odd', campaignId: KUMAMOTO, number: 'KM-D-000001', explanation: { ja: '端数のある残額', en: 'an odd residual' } },
  { key: 'tiny', campaignId: KUMAMOTO, number: 'KM-D-000002', explanation: { ja: 'ごく小さい残額', en: 'a tiny residual' } },
  {
    key: 'large',
    campaignId: KUMAMOTO,
    number: 'KM-D-000003',
    explanation: { ja: '大きい残額（分けて受け取れます）', en: 'a large residual, worth splitting' },
  },
  { key: 'redeemed', campaignId: KUMAMOTO, number: 'KM-D-000004', explanation: { ja: 'すでに受け取り済み', en: 'already redeemed' } },
  { key: 'in_doubt', campaignId: KUMAMOTO, number: 'KM-D-000005', explanation: { ja: '発行を照会中', en: 'issuing is in doubt' } },
  {
    key: 'failed',
    campaignId: KUMAMOTO,
    number: 'KM-D-000006',
    explanation: { ja: '発行できず、選び直せる', en: 'issuing failed, another choice can be made' },
  },
  { key: 'frozen', campaignId: KUMAMOTO, number: 'KM-D-000007', explanation: { ja: '凍結中', en: 'frozen' } },
  {
    key: 'doubt_amazon',
    campaignId: KUMAMOTO,
    number: 'KM-D-000008',
    explanation: { ja: 'Amazonの発行を照会中（問い直せる）', en: 'Amazon is in doubt and can be asked again' },
  },
  {
    key: 'reported_used',
    campaignId: KUMAMOTO,
    number: 'KM-D-000009',
    explanation: { ja: '「使用済み」と申し出のあったコード', en: 'a code reported as already used' },
  },
  {
    key: 'closed',
    campaignId: ASO,
    number: 'AS-A-000001',
    explanation: { ja: '受取期限が過ぎた事業', en: 'a campaign that is past its deadline' },
  },
];

/** Before the demo's clock begins, so that a restart finds it in force. */
const FROZEN_AT = new Date('2023-05-19T09:00:00+09:00');
/** Five days on, so that the page can say when it ends. */
const FROZEN_UNTIL = new Date('2023-05-25T09:00:00+09:00');

export interface SeedOptions {
  /** Told before each step, for the screen. */
  readonly onStep?: (step: string) => void;
}

/** Loads both campaigns, the sample grants, the bought codes and the frozen grant. @returns the links of the demo */
export async function seedDemo(portal: SeedPortal, options: SeedOptions = {}): Promise<DemoLink[]> {
  for (const campaign of [KUMAMOTO, ASO]) {
    options.onStep?.(`campaign ${campaign}`);
    // Once it is there, an operator's changes to it are kept.
    const there = await portal.db.selectFrom('campaigns').select('id').where('id', '=', campaign).executeTakeFirst();
    if (!there) expectKind(await loadCampaign(portal, { file: path.join(FOLDER, campaign, 'campaign.json'), actor: ACTOR }), ['loaded']);
  }
  for (const [campaignId, file] of [
    [KUMAMOTO, 'grants-app.csv'],
    [KUMAMOTO, 'demo-situations.csv'],
    [ASO, 'grants.csv'],
  ] as const) {
    options.onStep?.(`grants ${file}`);
    const at = path.join(FOLDER, campaignId, file);
    expectKind(await importGrants(portal, { campaignId, file: at, actor: ACTOR, rejectedFile: null }), ['imported', 'repeated']);
  }
  await seedStock(portal, options);
  await portal.db
    .updateTable('grants')
    .set({ frozen_at: FROZEN_AT, frozen_until: FROZEN_UNTIL })
    .where('campaign_id', '=', KUMAMOTO)
    .where('number', '=', 'KM-D-000007')
    .where('frozen_at', 'is', null)
    .execute();
  return listDemoLinks(portal);
}

/** The sample programme's bought codes. */
export async function seedStock(portal: SeedPortal, { onStep }: SeedOptions = {}): Promise<void> {
  for (const { provider, file, yen } of STOCK) {
    onStep?.(`stock ${provider}`);
    const load = {
      campaignId: KUMAMOTO,
      provider,
      file: path.join(FOLDER, KUMAMOTO, file),
      yen,
      reader: portal.stockReader(provider),
      actor: ACTOR,
    };
    expectKind(await loadStock(portal, load), ['loaded', 'repeated']);
  }
}

/** The links as they stand now, with what is left on each. */
export async function listDemoLinks(portal: Pick<SeedPortal, 'db' | 'crypto'>): Promise<DemoLink[]> {
  const links: DemoLink[] = [];
  for (const situation of SITUATIONS) {
    const { id } = await portal.db
      .selectFrom('grants')
      .select('id')
      .where('campaign_id', '=', situation.campaignId)
      .where('number', '=', situation.number)
      .executeTakeFirstOrThrow();
    const sheet = await findGrantSheet(portal.db, id);
    if (!sheet) throw new Error(`grant ${id} is gone`);
    const { grant, residualYen } = sheet;
    const token = portal.crypto.linkToken(grant.id, grant.link_generation, grant.link_key_id);
    links.push({ ...situation, grantId: grant.id, token, residualYen });
  }
  return links;
}

/** A redemption that the demo shows in a certain state. */
export interface StagedRedemption {
  readonly key: 'redeemed' | 'in_doubt' | 'failed' | 'doubt_amazon' | 'reported_used';
  readonly grantId: string;
  readonly provider: string;
  readonly yen: bigint;
}

const STAGED: readonly Pick<StagedRedemption, 'key' | 'provider'>[] = [
  { key: 'redeemed', provider: 'amazon' },
  { key: 'in_doubt', provider: 'nanaco' },
  { key: 'failed', provider: 'paypay' },
  { key: 'doubt_amazon', provider: 'amazon' },
  { key: 'reported_used', provider: 'paypay' },
];

/**
 * Brings about the situations that only the real services can make: `stage` sets the provider's stand-in,
 * chooses the whole residual for the grant and waits until it stands as wanted. Grants that have a redemption
 * already are left alone.
 */
export async function stageDemo(
  portal: Pick<SeedPortal, 'db' | 'crypto'>,
  stage: (staged: StagedRedemption) => Promise<void>,
): Promise<void> {
  const links = await listDemoLinks(portal);
  for (const { key, provider } of STAGED) {
    const link = links.find((candidate) => candidate.key === key);
    if (!link) continue;
    const taken = await portal.db.selectFrom('redemptions').select('id').where('grant_id', '=', link.grantId).limit(1).executeTakeFirst();
    if (!taken) await stage({ key, grantId: link.grantId, provider, yen: link.residualYen });
  }
}

function expectKind(result: { readonly kind: string }, kinds: readonly string[]): void {
  if (!kinds.includes(result.kind)) {
    const { kind, reason } = result as { kind: string; reason?: string };
    throw new Error(`the demo's data cannot be loaded: ${[kind, reason].filter(Boolean).join(' ')}`);
  }
}

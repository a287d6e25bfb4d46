import path from 'node:path';
import { extendCoupons } from '../../app/services/extend-coupons';
import { importCoupons } from '../../app/services/import-coupons';
import { importPayments } from '../../app/services/import-payments';
import { loadCampaign } from '../../app/services/load-campaign';
import { putBack } from '../../app/services/put-back';
import { listCandidates } from '../../app/views/coupon-candidates';
import type { SeedPortal } from '../seed';

const FOLDER = path.join(import.meta.dirname, '..', 'programmes', 'kumamoto-2023');
const CAMPAIGN = 'kumamoto-2023';
const ACTOR = 'demo';

/** When the office of the sample programme did what: the clock is set to each. */
export const REGISTER_MOMENTS = {
  imported: new Date('2023-02-27T09:00:00+09:00'),
  extended: new Date('2023-02-27T10:00:00+09:00'),
  putBack: new Date('2023-03-06T14:00:00+09:00'),
} as const;

/** Which of the candidates were settled by telephone already: the first of each kind. */
const SETTLED_OF_EACH_KIND = 2;

/**
 * Brings about the sample programme's register of coupons: imported with its payments after the failure, extended to
 * 31 March, and a few put back when the shop had confirmed. What is there already is left alone.
 */
export async function seedRegister(portal: SeedPortal, setClock: (at: Date) => void, onStep?: (step: string) => void): Promise<void> {
  if (!(await importRegister(portal, setClock, onStep))) return;
  setClock(REGISTER_MOMENTS.extended);
  const extension = { campaignId: CAMPAIGN, actor: ACTOR, reason: 'failure', evidence: '2月24日の障害による（第4報のお知らせ）' };
  expectKind(await extendCoupons(portal, extension), ['extended']);
  setClock(REGISTER_MOMENTS.putBack);
  await settleSome(portal);
}

/** The sample programme without anything in it. @returns false when it was there already */
export async function loadProgramme(portal: SeedPortal): Promise<boolean> {
  const there = await portal.db.selectFrom('campaigns').select('id').where('id', '=', CAMPAIGN).executeTakeFirst();
  if (!there) expectKind(await loadCampaign(portal, { file: path.join(FOLDER, 'campaign.json'), actor: ACTOR }), ['loaded']);
  return !there;
}

/** The sample programme with its register as the failure left it. @returns false when it was there already */
export async function importRegister(portal: SeedPortal, setClock: (at: Date) => void, onStep?: (step: string) => void): Promise<boolean> {
  setClock(REGISTER_MOMENTS.imported);
  await loadProgramme(portal);
  const common = { campaignId: CAMPAIGN, actor: ACTOR, rejectedFile: null };
  onStep?.('coupons');
  const coupons = await importCoupons(portal, { ...common, file: path.join(FOLDER, 'coupons.csv') });
  expectKind(coupons, ['imported', 'repeated']);
  onStep?.('payments');
  expectKind(await importPayments(portal, { ...common, file: path.join(FOLDER, 'payments.csv') }), ['imported', 'repeated']);
  return coupons.kind === 'imported';
}

async function settleSome(portal: SeedPortal): Promise<void> {
  const page = await listCandidates(portal.db, { campaignId: CAMPAIGN });
  for (const [kind, reason] of [
    ['unanswered', 'unanswered'],
    ['repeated', 'charged_twice'],
  ] as const) {
    for (const one of page?.candidates.filter((each) => each.kind === kind).slice(0, SETTLED_OF_EACH_KIND) ?? []) {
      const back = await putBack(portal, {
        campaignId: CAMPAIGN,
        inquiryNumber: one.inquiryNumber,
        payments: one.excess.map(({ number }) => number),
        reason,
        evidence: '店舗のレジ記録と一致（電話で確認）',
        actor: ACTOR,
      });
      expectKind(back, ['put_back']);
    }
  }
}

function expectKind(result: { readonly kind: string }, kinds: readonly string[]): void {
  if (!kinds.includes(result.kind)) {
    const { kind, reason } = result as { kind: string; reason?: string };
    throw new Error(`the demo's register cannot be made: ${[kind, reason].filter(Boolean).join(' ')}`);
  }
}

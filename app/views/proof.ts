import { sql } from 'kysely';
import {
  type CouponSums,
  findCaseDifferences,
  findClaimDifferences,
  findCouponAccountDifferences,
  findCouponGrantDifferences,
  findDoubleGrants,
  findLatePayments,
  findListedDifferences,
  findPaymentDifferences,
  findTakenDifferences,
  sumCoupons,
} from '#db/coupon-proof';
import type { Db, Trx } from '#db/database';
import {
  type DifferenceRow,
  findCodeDifferences,
  findDuplicateAnswers,
  findGrantDifferences,
  findImportDifferences,
  findNegativeAccounts,
  findOddEntries,
  findProviderDifferences,
  findRedemptionDifferences,
  findStockDifferences,
  findUnbalancedEntries,
  listCampaignNames,
  type RedemptionDifferenceRow,
  sumAccounts,
} from '#db/proof';
import type { Yen } from '../domain/yen';

/** What is checked; each must find nothing. */
export const PROOF_CHECKS = [
  'campaign_sum',
  'entry_balance',
  'entry_kind',
  'negative_account',
  'grant_posted',
  'grant_listed',
  'redemption_codes',
  'redemption_pending',
  'redemption_issued',
  'redemption_state',
  'redemption_provider',
  'code_issued',
  'stock_handed_out',
  'duplicate_answer',
  'coupon_sum',
  'coupon_taken_sum',
  'coupon_account',
  'coupon_payment',
  'coupon_listed',
  'coupon_taken',
  'coupon_grant',
  'coupon_late',
  'coupon_case',
  'coupon_claim',
  'coupon_granted_once',
] as const;
export type ProofCheck = (typeof PROOF_CHECKS)[number];

/** Two sides that must agree and do not. Ids only; never a code or a name. */
export interface Difference {
  readonly check: ProofCheck;
  readonly campaignId: string;
  readonly id: string;
  readonly expectedYen: Yen;
  readonly foundYen: Yen;
}

export interface CampaignProof {
  readonly campaignId: string;
  readonly name: string;
  readonly grants: number;
  /** Out of the fund: granted = residual + pending + issued + lapsed. */
  readonly grantedYen: Yen;
  readonly residualYen: Yen;
  readonly pendingYen: Yen;
  readonly issuedYen: Yen;
  readonly lapsedYen: Yen;
  /** What of pending and issued belongs to which provider. */
  readonly providers: readonly { readonly provider: string; readonly pendingYen: Yen; readonly issuedYen: Yen }[];
  readonly unexplainedYen: Yen;
  /** The register of coupons; null where there is none. */
  readonly coupons: CouponProof | null;
}

/** Face value = spent + remaining + taken; taken = granted + waiting for a claim + granted for cases. */
export interface CouponProof {
  readonly coupons: number;
  readonly faceYen: Yen;
  /** Without what was put back. */
  readonly spentYen: Yen;
  readonly putBackYen: Yen;
  readonly remainingYen: Yen;
  readonly takenYen: Yen;
  readonly grantedYen: Yen;
  readonly waitingYen: Yen;
  /** Of cases decided after the cut-off. */
  readonly casesYen: Yen;
}

export interface Proof {
  readonly campaigns: readonly CampaignProof[];
  readonly differences: readonly Difference[];
  /** No difference at all. */
  readonly exact: boolean;
}

/**
 * Proves where every yen is, from the ledger, and compares the ledger with everything else that knows about
 * yen: grants, codes, attempts, bought codes. One snapshot, so that running workers make no false alarms.
 * @param campaignId null for all campaigns
 */
export async function getProof(db: Db, { campaignId }: { campaignId: string | null }): Promise<Proof> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      await sql`set local statement_timeout = 0`.execute(trx);
      // Sums over millions of rows stay in memory instead of on disk.
      await sql`set local work_mem = '128MB'`.execute(trx);
      return proveIn(trx, campaignId);
    });
}

/** The same within a snapshot that reads other things too. */
export async function proveIn(trx: Trx, campaignId: string | null): Promise<Proof> {
  const campaigns = await proveCampaigns(trx, campaignId);
  const differences = [
    ...campaigns.flatMap(sumDifference),
    ...campaigns.flatMap(couponSumDifferences),
    ...named('entry_balance', await findUnbalancedEntries(trx, campaignId)),
    ...named('entry_kind', await findOddEntries(trx, campaignId)),
    ...named('negative_account', await findNegativeAccounts(trx, campaignId)),
    ...named('grant_posted', await findGrantDifferences(trx, campaignId)),
    ...named('grant_listed', await findImportDifferences(trx, campaignId)),
    ...(await findRedemptionDifferences(trx, campaignId)).flatMap(redemptionDifferences),
    ...named('redemption_provider', await findProviderDifferences(trx, campaignId)),
    ...named('code_issued', await findCodeDifferences(trx, campaignId)),
    ...named('stock_handed_out', await findStockDifferences(trx, campaignId)),
    ...named('duplicate_answer', await findDuplicateAnswers(trx, campaignId)),
    ...named('coupon_account', await findCouponAccountDifferences(trx, campaignId)),
    ...named('coupon_payment', await findPaymentDifferences(trx, campaignId)),
    ...named('coupon_listed', await findListedDifferences(trx, campaignId)),
    ...named('coupon_taken', await findTakenDifferences(trx, campaignId)),
    ...named('coupon_grant', await findCouponGrantDifferences(trx, campaignId)),
    ...named('coupon_late', await findLatePayments(trx, campaignId)),
    ...named('coupon_case', await findCaseDifferences(trx, campaignId)),
    ...named('coupon_claim', await findClaimDifferences(trx, campaignId)),
    ...named('coupon_granted_once', await findDoubleGrants(trx, campaignId)),
  ];
  return { campaigns, differences, exact: differences.length === 0 };
}

async function proveCampaigns(trx: Trx, scope: string | null): Promise<CampaignProof[]> {
  const balances = await sumAccounts(trx, scope);
  const registers = new Map((await sumCoupons(trx, scope)).map((row) => [row.campaign_id, couponProof(row)]));
  return (await listCampaignNames(trx, scope)).map((campaign) => {
    const own = balances.filter((row) => row.campaign_id === campaign.id);
    const sum = (account: string, provider?: string) =>
      own
        .filter((row) => row.account === account && (provider === undefined || row.provider === provider))
        .reduce((yen, row) => yen + row.yen, 0n);
    const grantedYen = -sum('fund');
    const [residualYen, pendingYen, issuedYen, lapsedYen] = [sum('grant'), sum('pending'), sum('issued'), sum('lapsed')];
    const providers = [...new Set(own.flatMap((row) => row.provider ?? []))].sort();
    return {
      campaignId: campaign.id,
      name: campaign.name,
      grants: campaign.grants,
      grantedYen,
      residualYen,
      pendingYen,
      issuedYen,
      lapsedYen,
      providers: providers.map((provider) => ({ provider, pendingYen: sum('pending', provider), issuedYen: sum('issued', provider) })),
      unexplainedYen: grantedYen - (residualYen + pendingYen + issuedYen + lapsedYen),
      coupons: registers.get(campaign.id) ?? null,
    };
  });
}

function couponProof(row: CouponSums): CouponProof {
  return {
    coupons: row.coupons,
    faceYen: row.face_yen,
    spentYen: row.spent_yen,
    putBackYen: row.put_back_yen,
    remainingYen: row.remaining_yen,
    takenYen: row.taken_yen,
    grantedYen: row.granted_yen,
    waitingYen: row.waiting_yen,
    casesYen: row.case_yen,
  };
}

function couponSumDifferences({ campaignId, coupons }: CampaignProof): Difference[] {
  if (!coupons) return [];
  const sums = [
    ['coupon_sum', coupons.faceYen, coupons.spentYen + coupons.remainingYen + coupons.takenYen],
    ['coupon_taken_sum', coupons.takenYen, coupons.grantedYen + coupons.waitingYen + coupons.casesYen],
  ] as const;
  return sums.flatMap(([check, expectedYen, foundYen]) =>
    expectedYen === foundYen ? [] : [{ check, campaignId, id: campaignId, expectedYen, foundYen }],
  );
}

function sumDifference(campaign: CampaignProof): Difference[] {
  const explained = campaign.grantedYen - campaign.unexplainedYen;
  if (campaign.unexplainedYen === 0n) return [];
  return [
    {
      check: 'campaign_sum',
      campaignId: campaign.campaignId,
      id: campaign.campaignId,
      expectedYen: campaign.grantedYen,
      foundYen: explained,
    },
  ];
}

function named(check: ProofCheck, rows: readonly DifferenceRow[]): Difference[] {
  return rows.map((row) => ({ check, campaignId: row.campaign_id, id: row.id, expectedYen: row.expected_yen, foundYen: row.found_yen }));
}

function redemptionDifferences(row: RedemptionDifferenceRow): Difference[] {
  const found: Difference[] = [];
  const at = { campaignId: row.campaign_id, id: row.id };
  if (row.yen !== row.codes_yen) found.push({ check: 'redemption_codes', ...at, expectedYen: row.yen, foundYen: row.codes_yen });
  if (row.expected_pending !== row.ledger_pending) {
    found.push({ check: 'redemption_pending', ...at, expectedYen: row.expected_pending, foundYen: row.ledger_pending });
  }
  if (row.expected_issued !== row.ledger_issued) {
    found.push({ check: 'redemption_issued', ...at, expectedYen: row.expected_issued, foundYen: row.ledger_issued });
  }
  // Codes and ledger agree; then it is the state that is wrong.
  if (found.length === 0) found.push({ check: 'redemption_state', ...at, expectedYen: row.expected_pending, foundYen: row.ledger_pending });
  return found;
}

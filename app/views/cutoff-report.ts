import { findCampaign } from '#db/campaigns';
import { findLatePayments, findListedDifferences } from '#db/coupon-proof';
import { countLines, findCutoff, listShortCoupons, type ShortCoupons } from '#db/cutoff';
import type { Db } from '#db/database';
import { couponTermsOf } from '../domain/cutoff';
import type { Yen } from '../domain/yen';

export interface CutoffReport {
  readonly takenAt: Date;
  readonly beganAt: Date;
  readonly finishedAt: Date | null;
  readonly ways: readonly {
    readonly way: 'app' | 'claim';
    readonly coupons: number;
    readonly persons: number;
    readonly yen: Yen;
    readonly doneCoupons: number;
    readonly donePersons: number;
    readonly doneYen: Yen;
  }[];
  /** Coupons that differ from their file, and payments that came too late: inquiry and payment numbers. */
  readonly listed: readonly { readonly number: string; readonly expectedYen: Yen; readonly foundYen: Yen }[];
  /** Coupons that a list granted, of which it grants less than is left on them: nobody else pays the rest. */
  readonly short: ShortCoupons;
  readonly late: readonly { readonly number: string; readonly yen: Yen }[];
}

/** What a cut-off takes and has taken so far; null when it has not begun. */
export async function findCutoffReport(
  db: Db,
  { campaignId, shortMost = null }: { campaignId: string; shortMost?: number | null },
): Promise<CutoffReport | null> {
  const state = await findCutoff(db, campaignId);
  if (!state) return null;
  const terms = couponTermsOf((await findCampaign(db, campaignId))?.settings);
  const [short, ways, listed, late] = [
    terms ? await listShortCoupons(db, { campaignId, ...terms }, shortMost) : { coupons: 0, yen: 0n, rows: [] },
    await countLines(db, campaignId),
    await findListedDifferences(db, campaignId),
    await findLatePayments(db, campaignId),
  ];
  return {
    takenAt: state.takenAt,
    beganAt: state.beganAt,
    finishedAt: state.finishedAt,
    ways,
    short,
    listed: listed.map((row) => ({ number: row.id, expectedYen: row.expected_yen, foundYen: row.found_yen })),
    late: late.map((row) => ({ number: row.id, yen: row.found_yen })),
  };
}

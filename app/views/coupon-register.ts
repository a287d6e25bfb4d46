import { sql } from 'kysely';
import { findExtensionOfAll } from '#db/coupon-acts';
import { findLastDelivery, type LastDelivery } from '#db/coupon-deliveries';
import { findLatePayments, findListedDifferences, sumCoupons } from '#db/coupon-proof';
import { inTransaction } from '#db/transaction';
import type { Yen } from '../domain/yen';
import type { Portal } from '../portal';

/** Lines of differences on one page; the command line lists them all. */
const DIFFERENCES_SHOWN = 200;

/** A campaign's register of coupons as a whole. */
export interface CouponRegister {
  readonly coupons: number;
  readonly faceYen: Yen;
  readonly spentYen: Yen;
  readonly remainingYen: Yen;
  readonly putBackYen: Yen;
  readonly takenYen: Yen;
  readonly grantedYen: Yen;
  readonly waitingYen: Yen;
  readonly casesYen: Yen;
  /** Yen that the accounts do not explain. */
  readonly unexplainedYen: Yen;
  /** Until when all covered coupons were extended; exclusive. Null: not yet. */
  readonly extendedUntil: Date | null;
  /** Coupons whose payments do not make what the file said was left. */
  readonly listed: Differences;
  /** Payments that came after the cut-off. */
  readonly late: Differences;
  /** What the last of several deliveries differed in. */
  readonly delivery: LastDelivery | null;
}

export interface Differences {
  readonly count: number;
  /** The first `DIFFERENCES_SHOWN`. */
  readonly rows: readonly { readonly number: string; readonly expectedYen: Yen; readonly foundYen: Yen }[];
}

/** Sums and differences of a register in one snapshot; null when nothing was imported. */
export async function findCouponRegister({ db }: Pick<Portal, 'db'>, campaignId: string): Promise<CouponRegister | null> {
  return inTransaction(db, async (trx) => {
    // Sums run through the whole register.
    await sql`set local statement_timeout = '120s'`.execute(trx);
    const [sums] = await sumCoupons(trx, campaignId);
    if (!sums) return null;
    const { face_yen, spent_yen, remaining_yen, taken_yen } = sums;
    return {
      coupons: sums.coupons,
      faceYen: face_yen,
      spentYen: spent_yen,
      remainingYen: remaining_yen,
      putBackYen: sums.put_back_yen,
      takenYen: taken_yen,
      grantedYen: sums.granted_yen,
      waitingYen: sums.waiting_yen,
      casesYen: sums.case_yen,
      unexplainedYen: face_yen - (spent_yen + remaining_yen + taken_yen),
      extendedUntil: await findExtensionOfAll(trx, campaignId),
      listed: shown(await findListedDifferences(trx, campaignId)),
      late: shown(await findLatePayments(trx, campaignId)),
      delivery: await findLastDelivery(trx, campaignId, DIFFERENCES_SHOWN),
    };
  });
}

function shown(rows: readonly { readonly id: string; readonly expected_yen: Yen; readonly found_yen: Yen }[]): Differences {
  const first = rows.slice(0, DIFFERENCES_SHOWN);
  return {
    count: rows.length,
    rows: first.map(({ id, expected_yen, found_yen }) => ({ number: id, expectedYen: expected_yen, foundYen: found_yen })),
  };
}

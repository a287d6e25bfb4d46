import { takeLock } from '#db/bulk';
import { findCampaign } from '#db/campaigns';
import { hasCoupons, hasCutoff, registerLock } from '#db/coupons';
import { COUPON_COLUMNS, COUPON_PROBLEMS, type CouponProblem, type CouponRow, couponJudge } from '../domain/coupon-row';
import { couponTermsOf } from '../domain/cutoff';
import { readHeader } from '../domain/row-file';
import { Delivery, type DeliveryReport } from './parts/coupons/delivery';
import { RegisterWriter } from './parts/coupons/register-writer';
import { type FileImport, type FileImportResult, type FileKind, type ImportPortal, importFile } from './parts/import-file';

export interface CouponImport extends FileImport {
  /** At which instant the file's balances were true; left out, when the failure's coupons expired. */
  readonly asOf?: Date;
  /** Brings the app's registration and the listed balance of coupons that stand up to date. */
  readonly update?: boolean;
  /** Where it is written in what rows differ from the coupons that stand; null or left out for nowhere. */
  readonly differencesFile?: string | null;
}
export type CouponImportResult = FileImportResult<CouponProblem> & { readonly delivery?: DeliveryReport };

/**
 * Imports a register of coupons, or a newer delivery of it: a new coupon gets its sealed app contact and an account that
 * its face value opens; one that stands is compared field by field, and only its app and its listed balance can be
 * brought up to date. What the file says is left is kept beside the account, which goes by payments.
 */
export async function importCoupons(portal: ImportPortal, input: CouponImport): Promise<CouponImportResult> {
  const { campaignId, update = false, differencesFile = null } = input;
  const delivery = new Delivery(portal, { campaignId, update, differencesFile });
  const terms = couponTermsOf((await findCampaign(portal.db, campaignId))?.settings ?? {});
  const listedAt = input.asOf ?? terms?.expiredAt ?? portal.clock.now();
  let writer: RegisterWriter | null = null;
  const kind: FileKind<CouponRow, CouponProblem> = {
    // The same file may first be compared and then be taken over.
    kind: update ? 'coupon_renewals' : 'coupons',
    columns: COUPON_COLUMNS,
    numberHeading: COUPON_COLUMNS.number,
    problems: COUPON_PROBLEMS,
    readHeader(record, campaign) {
      const header = readHeader(COUPON_COLUMNS, record);
      return header.ok ? { ok: true, judge: couponJudge(header.layout, campaign.grantCeilingYen) } : header;
    },
    existing: {
      async open() {
        if (!(await hasCoupons(portal.db, campaignId))) return null;
        return (numbers) => delivery.find(numbers);
      },
      known: (row, at) => delivery.compare(row, at, listedAt, writer),
    },
    yenOf: (row) => row.faceYen,
    // What the cut-off takes is fixed when it begins: a coupon that comes later would be left out unseen.
    async refusal({ trx }, campaign) {
      await takeLock(trx, registerLock(campaign.id));
      return (await hasCutoff(trx, campaign.id)) ? 'cut_off' : null;
    },
    async openWriter(bulk, { importId, actor, at }) {
      writer = await RegisterWriter.open(portal, bulk, { campaignId, importId, actor, listedAt, at });
      return writer;
    },
    detail: () => ({ ...delivery.counts() }),
    tables: ['coupons', 'coupon_entries', 'coupon_differences'],
  };
  try {
    const result = await importFile(portal, kind, input);
    if (!('standing' in result) || result.standing === 0) return result;
    return { ...result, delivery: await delivery.report() };
  } finally {
    await delivery.report();
  }
}

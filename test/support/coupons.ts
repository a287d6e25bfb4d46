import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { importCoupons } from '~/services/import-coupons';
import { importPayments } from '~/services/import-payments';
import { loadCampaign } from '~/services/load-campaign';
import type { BulkTestPortal } from './bulk-portal';

export const SAMPLES = path.resolve('db/programmes/kumamoto-2023');
export const KUMAMOTO = 'kumamoto-2023';

export interface SampleCoupon {
  readonly お問合せ番号: string;
  readonly 都道府県: string;
  readonly 発行施設: string;
  readonly 額面: string;
  readonly 残高: string;
  readonly 有効期限: string;
  readonly アプリ登録: string;
  readonly アプリ電話番号: string;
  readonly アプリメールアドレス: string;
  readonly 退会日: string;
}
export interface SamplePayment {
  readonly 決済番号: string;
  readonly お問合せ番号: string;
  readonly 店舗: string;
  readonly 金額: string;
  readonly 決済日時: string;
  readonly 結果: string;
}

/** A sample file's records as they stand, read without any of the portal's code. */
export function readSample<Row>(name: string): Row[] {
  return parse(readFileSync(path.join(SAMPLES, name)), { bom: true, columns: true }) as Row[];
}

/** What the samples must come to, counted from the CSV itself: whoever was covered by rule A, and what they had. */
export function expectedOfSamples() {
  const coupons = readSample<SampleCoupon>('coupons.csv');
  const payments = readSample<SamplePayment>('payments.csv');
  const sum = (rows: readonly { yen: number }[]) => rows.reduce((all, row) => all + row.yen, 0);
  const covered = coupons
    .filter((row) => row.有効期限 === '2023-02-24T23:59:59+09:00' && Number(row.残高) >= 1)
    .map((row) => ({ yen: Number(row.残高), app: row.アプリ登録 === '有' && row.退会日 === '', row }));
  const app = covered.filter((each) => each.app);
  const claim = covered.filter((each) => !each.app);
  const taking = payments.filter((row) => row.結果 !== 'タイムアウト');
  return {
    faceYen: coupons.reduce((all, row) => all + Number(row.額面), 0),
    balanceYen: coupons.reduce((all, row) => all + Number(row.残高), 0),
    payments: payments.length,
    spentYen: taking.reduce((all, row) => all + Number(row.金額), 0),
    app: { coupons: app.length, yen: sum(app) },
    claim: { coupons: claim.length, yen: sum(claim) },
  };
}

/** The sample programme with its register and payments. */
export async function loadSamples(portal: BulkTestPortal): Promise<void> {
  await loadKumamoto(portal);
  const common = { campaignId: KUMAMOTO, actor: 'test', rejectedFile: null };
  const coupons = await importCoupons(portal, { ...common, file: path.join(SAMPLES, 'coupons.csv') });
  const payments = await importPayments(portal, { ...common, file: path.join(SAMPLES, 'payments.csv') });
  if (coupons.kind !== 'imported' || payments.kind !== 'imported') throw new Error(`samples: ${coupons.kind} ${payments.kind}`);
}

/** The sample programme alone. */
export async function loadKumamoto(portal: Omit<BulkTestPortal, 'bulk'>): Promise<void> {
  const providers = { has: () => true };
  const loaded = await loadCampaign({ ...portal, providers }, { file: path.join(SAMPLES, 'campaign.json'), actor: 'test' });
  if (loaded.kind !== 'loaded') throw new Error('the sample programme was refused');
}

export const COUPON_HEADER = 'お問合せ番号,都道府県,発行施設,額面,残高,有効期限,アプリ登録,アプリ電話番号,アプリメールアドレス,退会日';
export const PAYMENT_HEADER = '決済番号,お問合せ番号,店舗,金額,決済日時,結果';

/** A coupon's record: valid as rule A asks, in nobody's app, unless it says otherwise. */
export function couponLine(
  number: string,
  of: Partial<Record<'face' | 'balance' | 'valid' | 'app' | 'phone' | 'mail' | 'left', string>> = {},
): string {
  const app = of.app ?? (of.phone || of.mail ? '有' : '無');
  const face = of.face ?? '1000';
  const valid = of.valid ?? '2023-02-24T23:59:59+09:00';
  return [number, '熊本県', '宿', face, of.balance ?? face, valid, app, of.phone ?? '', of.mail ?? '', of.left ?? ''].join(',');
}

/** A payment's record. */
export function paymentLine(
  number: string,
  inquiry: string,
  yen: number | string,
  of: { at?: string; result?: string; shop?: string } = {},
): string {
  return [number, inquiry, of.shop ?? '店', yen, of.at ?? '2023-02-24T18:00:00+09:00', of.result ?? '成功'].join(',');
}

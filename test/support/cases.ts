import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TypedCall, TypedStory } from '~/domain/case-form';
import { importCoupons } from '~/services/import-coupons';
import { importPayments } from '~/services/import-payments';
import type { BulkTestPortal } from './bulk-portal';
import { COUPON_HEADER, KUMAMOTO, loadKumamoto, PAYMENT_HEADER } from './coupons';

/** The Monday after the failure. */
export const MONDAY = new Date('2023-02-27T09:00:00+09:00');

/** Loads the programme with a register of these records, on the Monday after the failure. */
export async function loadRegister(owner: BulkTestPortal, coupons: readonly string[], payments: readonly string[]): Promise<void> {
  owner.clock.set(MONDAY);
  await loadKumamoto(owner);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'uketori-cases-'));
  const file = (name: string, lines: readonly string[]) => {
    fs.writeFileSync(path.join(folder, name), `${lines.join('\r\n')}\r\n`);
    return path.join(folder, name);
  };
  const common = { campaignId: KUMAMOTO, actor: 'test', rejectedFile: null };
  const first = await importCoupons(owner, { ...common, file: file('coupons.csv', [COUPON_HEADER, ...coupons]) });
  const second = await importPayments(owner, { ...common, file: file('payments.csv', [PAYMENT_HEADER, ...payments]) });
  fs.rmSync(folder, { recursive: true });
  if (first.kind !== 'imported' || second.kind !== 'imported') throw new Error(`the register was ${first.kind}, ${second.kind}`);
}

/** What the holder of a coupon of `couponLine` says of it. */
export function callAbout(number: string, more: Partial<TypedCall> = {}): TypedCall {
  const call = {
    name: '相談 花子',
    phone: '090-7000-0001',
    mail: 'soudan@example.jp',
    valid: '2023-02-24',
    prefecture: '熊本県',
    shop: '店',
  };
  return { ...call, number, ...more };
}

/** Known by two facts of the register: who issued it, and its face value. */
export function storyOf(payments: readonly string[], more: Partial<TypedStory> = {}): TypedStory {
  const facts = { way: 'facts', fact1: 'issuer', said1: '宿', fact2: 'face', said2: '1,000円' };
  return { ...facts, kind: 'unanswered', payments, story: '画面が固まり、残高だけ減った。', ...more };
}

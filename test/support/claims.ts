import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { importCoupons } from '~/services/import-coupons';
import { claimProofToken } from '~/services/parts/claim-mail';
import { proveClaimMail } from '~/services/prove-claim-mail';
import { runCutoff } from '~/services/run-cutoff';
import { saveClaimDraft } from '~/services/save-claim-draft';
import { submitClaim } from '~/services/submit-claim';
import type { BulkTestPortal } from './bulk-portal';
import { COUPON_HEADER, couponLine, KUMAMOTO, loadKumamoto } from './coupons';
import type { TestPortal } from './portal';

export const CUTOFF = new Date('2023-04-01T00:00:00+09:00');

/** A register of coupons, each 1,000 yen unless it says otherwise, whose cut-off is done. */
export async function registerAndCut(
  owner: BulkTestPortal,
  coupons: Readonly<Record<string, Parameters<typeof couponLine>[1]>>,
): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'uketori-claims-'));
  const file = path.join(folder, 'coupons.csv');
  const lines = Object.entries(coupons).map(([number, of]) => couponLine(number, of));
  fs.writeFileSync(file, `${[COUPON_HEADER, ...lines].join('\r\n')}\r\n`);
  owner.clock.set(new Date('2023-02-27T09:00:00+09:00'));
  await loadKumamoto(owner);
  const imported = await importCoupons(owner, { campaignId: KUMAMOTO, actor: 'test', rejectedFile: null, file });
  fs.rmSync(folder, { recursive: true });
  if (imported.kind !== 'imported') throw new Error(`the register was ${imported.kind}`);
  owner.clock.set(CUTOFF);
  const cut = await runCutoff(owner, { campaignId: KUMAMOTO, actor: 'test' });
  if (cut.kind !== 'ran') throw new Error(`the cut-off was ${cut.kind}`);
}

let serial = 0;

/** A claim as an applicant makes it, with its address proven. @returns its id and reference number */
export async function claimFor(
  web: TestPortal,
  numbers: readonly string[],
  of: { proven?: boolean; name?: string; mail?: string; ip?: string; language?: 'ja' | 'en' } = {},
): Promise<{ id: string; number: string }> {
  serial += 1;
  web.clock.advance(1_000);
  const secret = `secret ${serial}`;
  const typed = {
    name: of.name ?? `申請 ${serial}子`,
    kana: 'シンセイ',
    postal: '860-0001',
    address: `熊本市中央区${serial}-1`,
    phone: `090-1000-${String(serial).padStart(4, '0')}`,
    mail: of.mail ?? `applicant${serial}@example.jp`,
    numbers,
  };
  await saveClaimDraft(web, { campaignId: KUMAMOTO, secret, typed });
  const result = await submitClaim(web, {
    secret,
    campaignId: KUMAMOTO,
    typed,
    language: of.language ?? 'ja',
    clientIp: of.ip ?? `192.0.2.${serial % 250}`,
    device: `device ${serial}`,
  });
  if (result.kind !== 'received') throw new Error(`the claim was ${result.kind}`);
  const { number } = result;
  const { id, link_key_id } = await web.db
    .selectFrom('claims')
    .select(['id', 'link_key_id'])
    .where('number', '=', number)
    .executeTakeFirstOrThrow();
  if (of.proven !== false) await proveClaimMail(web, { number, token: claimProofToken(web.crypto, id, link_key_id ?? '') });
  return { id, number };
}

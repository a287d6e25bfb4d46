import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeBulk } from '#db/bulk';
import { makePool } from '#db/database';
import { importCoupons } from '~/services/import-coupons';
import { importPayments } from '~/services/import-payments';
import { getProof } from '~/views/proof';
import { COUPON_HEADER, couponLine, KUMAMOTO, loadKumamoto, PAYMENT_HEADER, paymentLine } from '../support/coupons';
import { type RecipientSite, startRecipientSite } from '../support/recipient-site';
import { formOfAct, signInAs } from '../support/staff';

/** The register of coupons in the console: found by number, put back by two people, and never twice. */
const MARCH_6 = new Date('2023-03-06T14:00:00+09:00');
let site: RecipientSite;
let pool: ReturnType<typeof makePool>;
beforeAll(async () => {
  site = await startRecipientSite();
  pool = makePool(site.ownerUrl, { max: 1, name: 'test-coupons-bulk', statementTimeoutMs: 0 });
  const owner = { ...site.owner, bulk: makeBulk(pool) };
  site.owner.clock.set(new Date('2023-02-27T09:00:00+09:00'));
  await loadKumamoto(owner);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'uketori-coupons-'));
  const file = (name: string, lines: readonly string[]) => {
    fs.writeFileSync(path.join(folder, name), `${lines.join('\r\n')}\r\n`);
    return path.join(folder, name);
  };
  const common = { campaignId: KUMAMOTO, actor: 'test', rejectedFile: null };
  const coupons = [COUPON_HEADER, couponLine('437000000001', { balance: '400' }), couponLine('437000000002', { phone: '090-1234-5678' })];
  await importCoupons(owner, { ...common, file: file('c.csv', coupons) });
  await importPayments(owner, {
    ...common,
    file: file('p.csv', [PAYMENT_HEADER, paymentLine('P1', '437000000001', 600, { result: '応答なし' })]),
  });
  fs.rmSync(folder, { recursive: true });
});
afterAll(async () => {
  await pool.end();
  await site.stop();
});
beforeEach(() => site.owner.clock.set(MARCH_6));

const couponId = async (number: string) =>
  (await site.owner.db.selectFrom('coupons').select('id').where('inquiry_number', '=', number).executeTakeFirstOrThrow()).id;
const hidden = (html: string, action: string): [string, string][] => {
  const form =
    [...html.matchAll(/<form [\s\S]*?<\/form>/g)]
      .map(([each]) => each)
      .find((each) => each.includes(`action="${action}"`) && each.includes('method="post"')) ?? '';
  return [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map((m) => [m[1] ?? '', m[2] ?? '']);
};
const books = async () => {
  const proof = await getProof(site.owner.db, { campaignId: KUMAMOTO });
  expect(proof.differences).toEqual([]);
  return proof.campaigns[0]?.coupons;
};

describe('a coupon in the console', () => {
  it('is found by its number however it is written, masked, and not out of scope', async () => {
    const { visitor } = await signInAs(site, 'call_centre');
    const page = await visitor.get('/admin/coupons');
    const fields = formOfAct(page.text, 'find_coupon');
    const found = await visitor.post('/admin/coupons', [...fields, ['number', '４３７０００００００02']]);
    expect(found).toMatchObject({ status: 303, location: `/admin/coupons/${await couponId('437000000002')}` });
    const coupon = await visitor.get(found.location ?? '');
    expect(coupon.status).toBe(200);
    expect(coupon.text).not.toContain('1234-5678');
    expect((await visitor.post('/admin/coupons', [...fields, ['number', '']])).status).toBe(422);
    const { visitor: other } = await signInAs(site, 'operator', { campaigns: [] });
    expect((await other.get(found.location ?? '')).status).toBe(404);
  });

  it('is put back by two people, once, and extended with it', async () => {
    const id = await couponId('437000000001');
    const address = `/admin/coupons/${id}/put_back`;
    const { visitor, staff } = await signInAs(site, 'operator');
    const page = await visitor.get(`${address}?payment=P1`);
    expect(page.text).toContain('600');
    const fields = hidden(page.text, address);
    const typed: [string, string][] = [
      ['reason', 'unanswered'],
      ['evidence', '店舗のレジ記録と一致'],
      ['note', ''],
    ];
    expect((await visitor.post(address, [...fields, ['reason', ''], ['evidence', ''], ['note', ''], ['totp', staff.totp()]])).status).toBe(
      422,
    );
    const proposed = await visitor.post(address, [...fields, ...typed, ['totp', staff.totp()]]);
    expect(proposed.status).toBe(303);
    expect((await books())?.putBackYen).toBe(0n);

    const second = await signInAs(site, 'approver');
    const approvalPath = (proposed.location ?? '').split('?')[0] ?? '';
    site.owner.clock.advance(31_000);
    const approval = await second.visitor.get(approvalPath);
    expect(approval.status).toBe(200);
    const decided = await second.visitor.post(approvalPath, [...formOfAct(approval.text, 'approve'), ['totp', second.staff.totp()]]);
    expect(decided.status).toBe(303);
    expect(await books()).toMatchObject({ putBackYen: 600n, remainingYen: 2_000n });
    const extended = await site.owner.db.selectFrom('coupon_extensions').select('coupon_id').execute();
    expect(extended).toEqual([{ coupon_id: id }]);
    const again = await visitor.get(`${address}?payment=P1`);
    expect(again.text).not.toContain('name="evidence"');
  });
});

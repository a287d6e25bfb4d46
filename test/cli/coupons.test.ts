import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cliEnv, runCli } from '../support/cli';
import { expectedOfSamples, SAMPLES } from '../support/coupons';
import { createTestDatabase, type TestDatabase } from '../support/database';

const CAMPAIGN = ['--campaign', 'kumamoto-2023'];
const counted = (count: number) => count.toLocaleString('en-US');
const yen = (amount: number) => `${amount.toLocaleString('ja-JP')}円`;

let database: TestDatabase;
let env: Record<string, string>;

beforeAll(async () => {
  database = await createTestDatabase();
  env = { ...cliEnv(database.ownerUrl), PORTAL_NOW: '2023-03-31T12:00:00+09:00' };
});
afterAll(() => database.drop());

describe('an operator', () => {
  it('brings the sample register from its files to the cut-off and proves it', async () => {
    const expected = expectedOfSamples();
    const uketori = (...argv: string[]) => runCli(argv, env);
    await uketori('campaign', 'load', path.join(SAMPLES, 'campaign.json'));
    expect(await uketori('coupons', 'import', path.join(SAMPLES, 'coupons.csv'), ...CAMPAIGN)).toMatchObject({
      code: 0,
      out: `6,000枚のクーポンを取り込みました（額面の合計 ${yen(expected.faceYen)}）\n`,
    });
    expect((await uketori('proof')).code).toBe(1);
    expect(await uketori('payments', 'import', path.join(SAMPLES, 'payments.csv'), ...CAMPAIGN)).toMatchObject({
      code: 0,
      out: `${counted(expected.payments)}件の決済を取り込みました（残高から引かれた額 ${yen(expected.spentYen)}）\n`,
    });
    expect((await uketori('proof')).code).toBe(0);
    expect((await uketori('coupons', 'candidates', ...CAMPAIGN)).out).toContain('確認のための一覧です');
    const early = await uketori('cutoff', 'run', ...CAMPAIGN);
    expect(early).toMatchObject({ code: 1, err: '残額を確定できるのは 2023-04-01 00:00:00 からです\n' });
    expect(JSON.parse((await uketori('cutoff', 'run', ...CAMPAIGN, '--dry-run', '--json')).out)).toMatchObject({
      kind: 'planned',
      ways: { app: expected.app, claim: expected.claim },
    });
    env.PORTAL_NOW = '2023-04-01T00:00:00+09:00';
    expect(expected.app.coupons).toBeGreaterThan(1_000);
    for (const lang of ['ja', 'en'])
      expect((await uketori('cutoff', 'plan', ...CAMPAIGN, '--lang', lang)).out).toContain(`  ${counted(expected.app.coupons)}  `);
    const ran = await uketori('cutoff', 'run', ...CAMPAIGN);
    expect(ran.code).toBe(0);
    expect(ran.out).toContain(
      `${counted(expected.app.coupons)}枚から${counted(expected.app.coupons)}件の付与（${yen(expected.app.yen)}）を作り、${counted(expected.claim.coupons)}枚（${yen(expected.claim.yen)}）を申請待ちにしました`,
    );
    expect((await uketori('cutoff', 'run', ...CAMPAIGN)).out).toContain('0枚から0件の付与');
    expect((await uketori('proof')).code).toBe(0);
  });
});

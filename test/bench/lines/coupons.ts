import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadCampaign } from '~/services/load-campaign';
import { makeTestPortal } from '../../support/portal';
import { writeCouponsFile, writePaymentsFile } from '../coupon-files';
import type { Bench, Line } from '../line';
import { benchKeys, registeredProviders } from '../portal';
import { type RegisterStep, startRegistrar } from '../registrar';

const CAMPAIGN = 'kumamoto-2023';
const MB_MOST = 400;
const MINUTES_MOST = 10;

const STEPS = [
  ['coupons', 'importing coupons'],
  ['newer', 'importing newer coupons'],
  ['payments', 'importing payments'],
  ['cutoff', 'cut-off'],
] as const satisfies [RegisterStep['step'], string][];

/**
 * Importing a register of coupons, a newer delivery of it and one payment for each, then the cut-off of all; each in a
 * process of its own.
 */
export async function coupons(bench: Bench): Promise<Line[]> {
  const rows = bench.sizes.coupons;
  const database = await bench.database('coupons');
  const folder = mkdtempSync(path.join(os.tmpdir(), 'uketori-bench-coupons-'));
  try {
    const owner = makeTestPortal(database.ownerUrl, { keys: benchKeys(), connections: 2 });
    const file = path.resolve(import.meta.dirname, '../../../db/programmes', CAMPAIGN, 'campaign.json');
    await loadCampaign({ ...owner, providers: registeredProviders() }, { file, actor: 'bench' });
    await owner.close();
    const files = {
      coupons: path.join(folder, 'coupons.csv'),
      newer: path.join(folder, 'newer.csv'),
      payments: path.join(folder, 'payments.csv'),
      cutoff: '',
    };
    await writeCouponsFile(files.coupons, rows);
    await writeCouponsFile(files.newer, rows, { newer: true });
    await writePaymentsFile(files.payments, rows);
    const lines: Line[] = [];
    for (const [step, name] of STEPS) {
      bench.say(`${name} of ${rows} coupons`);
      const registrar = await startRegistrar({ ownerUrl: database.ownerUrl });
      const { ms, peakMb, rows: done } = await registrar.ask({ step, campaignId: CAMPAIGN, file: files[step] });
      await registrar.stop();
      const details = { rows: done, ms, rowsPerSecond: (done * 1_000) / ms };
      lines.push(
        { name, compares: `minutes for ${rows} coupons`, figure: ms / 60_000, unit: 'min', goal: { atMost: MINUTES_MOST }, details },
        {
          name: `${name}, memory`,
          compares: 'most resident memory of the process',
          figure: peakMb,
          unit: 'MB',
          goal: { atMost: MB_MOST },
          details: { rows: done },
        },
      );
    }
    return lines;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

import { makeBulk } from '#db/bulk';
import { makePool } from '#db/database';
import { clockFrom } from '~/clock';
import { importCoupons } from '~/services/import-coupons';
import { importPayments } from '~/services/import-payments';
import { runCutoff } from '~/services/run-cutoff';
import { type Child, serveParent, startChild } from './child';
import { benchPortal } from './portal';

export interface RegisterStep {
  readonly step: 'coupons' | 'newer' | 'payments' | 'cutoff';
  readonly campaignId: string;
  readonly file: string;
}

export interface RegisterResult {
  readonly ms: number;
  /** The most resident memory this process ever had, in MB. */
  readonly peakMb: number;
  readonly rows: number;
}

/** The process that imports and cuts off, of its own, so that its memory is measured alone. */
export function startRegistrar(settings: { ownerUrl: string }): Promise<Child<void, RegisterStep, RegisterResult>> {
  return startChild<void, RegisterStep, RegisterResult>('registrar.ts', settings);
}

if (process.argv[1] === import.meta.filename) {
  serveParent(async ({ ownerUrl }: { ownerUrl: string }) => {
    const pool = makePool(ownerUrl, { max: 2, name: 'bench-register', statementTimeoutMs: 0 });
    const clock = clockFrom(new Date('2023-04-01T00:00:00+09:00'));
    const portal = { ...benchPortal(ownerUrl, { connections: 2 }), clock, bulk: makeBulk(pool) };
    const work = async ({ step, campaignId, file }: RegisterStep): Promise<number> => {
      const common = { campaignId, file, actor: 'bench', rejectedFile: null };
      if (step === 'cutoff') {
        const result = await runCutoff(portal, { campaignId, actor: 'bench' });
        if (result.kind !== 'ran') throw new Error(`no cut-off: ${result.reason}`);
        return result.grantedCoupons + result.waitingCoupons;
      }
      const result =
        step === 'payments' ? await importPayments(portal, common) : await importCoupons(portal, { ...common, update: step === 'newer' });
      if (result.kind !== 'imported') throw new Error(`nothing was imported: ${result.kind}`);
      return result.accepted + result.standing;
    };
    return {
      ready: undefined,
      answer: async (step: RegisterStep): Promise<RegisterResult> => {
        const start = performance.now();
        const rows = await work(step);
        return { ms: performance.now() - start, peakMb: process.resourceUsage().maxRSS / 1_024, rows };
      },
    };
  });
}

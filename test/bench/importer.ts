import { makeBulk } from '#db/bulk';
import { makePool } from '#db/database';
import { importGrants } from '~/services/import-grants';
import { type Child, serveParent, startChild } from './child';
import { benchPortal } from './portal';

export interface ImportPlan {
  readonly campaignId: string;
  readonly file: string;
}

export interface ImportResult {
  readonly ms: number;
  /** The most resident memory this process ever had, in MB. */
  readonly peakMb: number;
}

/** The importing process of its own, so that its memory is measured alone. */
export function startImporter(settings: { ownerUrl: string }): Promise<Child<void, ImportPlan, ImportResult>> {
  return startChild<void, ImportPlan, ImportResult>('importer.ts', settings);
}

if (process.argv[1] === import.meta.filename) {
  serveParent(async ({ ownerUrl }: { ownerUrl: string }) => {
    const pool = makePool(ownerUrl, { max: 2, name: 'bench-import', statementTimeoutMs: 0 });
    const portal = { ...benchPortal(ownerUrl, { connections: 2 }), bulk: makeBulk(pool) };
    return {
      ready: undefined,
      answer: async ({ campaignId, file }: ImportPlan): Promise<ImportResult> => {
        const start = performance.now();
        const result = await importGrants(portal, { campaignId, file, actor: 'bench', rejectedFile: null });
        const ms = performance.now() - start;
        if (result.kind !== 'imported') throw new Error(`nothing was imported: ${result.kind}`);
        return { ms, peakMb: process.resourceUsage().maxRSS / 1_024 };
      },
    };
  });
}

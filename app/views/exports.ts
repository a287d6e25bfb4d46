import { type ExportFacts, findExport, listExports } from '#db/exports';
import { type CampaignScope, isInScope } from '../domain/access';
import { type Bilingual, policyOf } from '../domain/campaign';
import type { ExportState } from '../domain/exports';
import { isUuid } from '../domain/uuid';
import type { Portal } from '../portal';

export interface ExportView extends Omit<ExportFacts, 'state' | 'approval'> {
  readonly state: ExportState | 'proposed' | 'refused';
  /** It is at work: look again soon. */
  readonly moving: boolean;
}

const PAGE = 25;

/** One's own files, newest first. */
export async function findExports(
  portal: Pick<Portal, 'db'>,
  { staff, before, now }: { staff: { id: string; scope: CampaignScope }; before: string | null; now: Date },
): Promise<{ readonly rows: readonly ExportView[]; readonly next: string | null }> {
  const rows = await listExports(portal.db, { staffId: staff.id, before: isUuid(before) ? before : null, limit: PAGE + 1 });
  return {
    rows: rows
      .slice(0, PAGE)
      .filter((row) => isInScope(staff.scope, row.campaignId))
      .map((row) => show(row, now)),
    next: rows.length > PAGE ? (rows[PAGE - 1]?.id ?? null) : null,
  };
}

/** One file; null when it is somebody else's. */
export async function findOwnExport(
  portal: Pick<Portal, 'db'>,
  { staff, id, now }: { staff: { id: string; scope: CampaignScope }; id: string | undefined; now: Date },
): Promise<ExportView | null> {
  const row = isUuid(id) ? await findExport(portal.db, { staffId: staff.id, id }) : null;
  return row && isInScope(staff.scope, row.campaignId) ? show(row, now) : null;
}

function show({ approval, ...row }: ExportFacts, now: Date): ExportView {
  const state = stateNow({ ...row, approval }, now);
  return { ...row, state, moving: ['waiting', 'proposed', 'making'].includes(state) };
}

function stateNow({ state, approval, expiresAt }: ExportFacts, now: Date): ExportView['state'] {
  if (state === 'ready' && expiresAt && now >= expiresAt) return 'gone';
  if (state !== 'waiting' || approval === null || approval === 'approved') return state;
  return approval === 'proposed' ? 'proposed' : 'refused';
}

export interface ExportableCampaign {
  readonly id: string;
  readonly name: Bilingual;
  /** So many rows one person may take alone. */
  readonly rowsAlone: number;
}

/** The campaigns a member of staff may export. */
export async function listExportable(portal: Pick<Portal, 'db'>, scope: CampaignScope): Promise<ExportableCampaign[]> {
  const rows = await portal.db.selectFrom('campaigns').select(['id', 'settings']).orderBy('id').execute();
  return rows
    .filter((row) => isInScope(scope, row.id))
    .map(({ id, settings }) => ({ id, name: settings.name, rowsAlone: policyOf(settings).exportRowsAlone }));
}

import type { ExportKind, ExportState } from '../app/domain/exports';
import type { Db, Trx } from './database';
import type { ApprovalState } from './tables/staff';

const EXPORT_COLUMNS = [
  'id',
  'campaign_id',
  'kind',
  'rows_counted',
  'requested_by',
  'requested_at',
  'approval_id',
  'state',
  'rows_done',
  'ready_at',
  'expires_at',
  'taken_at',
  'cleared_at',
] as const;

/** Locks an export for the rest of the transaction. */
export async function lockExport(trx: Trx, id: string) {
  const row = await trx.selectFrom('exports').select(EXPORT_COLUMNS).where('id', '=', id).forUpdate().executeTakeFirst();
  return row ?? null;
}

export interface ExportFacts {
  readonly id: string;
  readonly campaignId: string;
  readonly kind: ExportKind;
  readonly state: ExportState;
  readonly approval: ApprovalState | null;
  readonly rowsCounted: bigint;
  readonly rowsDone: bigint;
  readonly requestedAt: Date;
  readonly expiresAt: Date | null;
  readonly takenAt: Date | null;
}

function ownExports(db: Db | Trx, staffId: string) {
  return db
    .selectFrom('exports as e')
    .leftJoin('approvals as a', 'a.id', 'e.approval_id')
    .select([
      'e.id',
      'e.campaign_id as campaignId',
      'e.kind',
      'e.state',
      'a.state as approval',
      'e.rows_counted as rowsCounted',
      'e.rows_done as rowsDone',
      'e.requested_at as requestedAt',
      'e.expires_at as expiresAt',
      'e.taken_at as takenAt',
    ])
    .where('e.requested_by', '=', staffId);
}

/** One's own exports, newest first. */
export async function listExports(
  db: Db,
  { staffId, before, limit }: { staffId: string; before: string | null; limit: number },
): Promise<ExportFacts[]> {
  const query = ownExports(db, staffId).orderBy('e.id', 'desc').limit(limit);
  return (before ? query.where('e.id', '<', before) : query).execute();
}

/** One export, if this person asked for it. */
export async function findExport(db: Db, { staffId, id }: { staffId: string; id: string }): Promise<ExportFacts | null> {
  return (await ownExports(db, staffId).where('e.id', '=', id).executeTakeFirst()) ?? null;
}

/** One piece of a file; null behind its end. */
export async function findChunk(db: Db, { exportId, position }: { exportId: string; position: number }): Promise<Buffer | null> {
  const row = await db
    .selectFrom('export_chunks')
    .select('body')
    .where('export_id', '=', exportId)
    .where('position', '=', position)
    .executeTakeFirst();
  return row?.body ?? null;
}

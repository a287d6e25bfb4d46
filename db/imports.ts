import type { Db, Trx } from './database';
import type { ImportKind } from './schema';

export interface PastImport {
  readonly id: string;
  readonly at: Date;
  readonly acceptedCount: number;
  readonly rejectedCount: number;
  readonly totalYen: bigint;
}

/** An earlier import of the very same file, if there is one. */
export async function findImport(
  db: Db | Trx,
  { campaignId, kind, digest }: { campaignId: string; kind: ImportKind; digest: Buffer },
): Promise<PastImport | null> {
  const row = await db
    .selectFrom('imports')
    .selectAll()
    .where('campaign_id', '=', campaignId)
    .where('kind', '=', kind)
    .where('file_digest', '=', digest)
    .executeTakeFirst();
  if (!row) return null;
  return { id: row.id, at: row.at, acceptedCount: row.accepted_count, rejectedCount: row.rejected_count, totalYen: row.total_yen };
}

export interface NewImport {
  readonly id: string;
  readonly campaignId: string;
  readonly kind: ImportKind;
  readonly fileName: string;
  readonly digest: Buffer;
  readonly actor: string;
  readonly at: Date;
}

/** Opens an import; its counts are written when it is finished, in the same transaction. */
export async function insertImport(trx: Trx, opened: NewImport): Promise<void> {
  await trx
    .insertInto('imports')
    .values({
      id: opened.id,
      campaign_id: opened.campaignId,
      kind: opened.kind,
      file_name: opened.fileName,
      file_digest: opened.digest,
      row_count: 0,
      accepted_count: 0,
      rejected_count: 0,
      total_yen: 0n,
      actor: opened.actor,
      at: opened.at,
    })
    .execute();
}

/** Writes what came of an import. */
export async function finishImport(
  trx: Trx,
  importId: string,
  counts: { readonly rows: number; readonly accepted: number; readonly rejected: number; readonly totalYen: bigint },
): Promise<void> {
  await trx
    .updateTable('imports')
    .set({ row_count: counts.rows, accepted_count: counts.accepted, rejected_count: counts.rejected, total_yen: counts.totalYen })
    .where('id', '=', importId)
    .execute();
}

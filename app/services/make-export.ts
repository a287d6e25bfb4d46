import { lockApproval } from '#db/approvals';
import { appendAudit } from '#db/audit';
import { type ExportRow, readExportRows } from '#db/export-rows';
import { lockExport } from '#db/exports';
import { inTransaction } from '#db/transaction';
import { showPhone, tryOpenContact } from '../domain/contact';
import { EXPORT_COLUMNS, EXPORT_OPEN_MS, type ExportColumn, type ExportKind } from '../domain/exports';
import { CSV_BOM, type CsvValue, csvRecord } from '../domain/spreadsheet';
import type { Portal } from '../portal';
import { endApproval } from './parts/acts/engine';

/** A piece of a file in the database; a file of any size is made and read in so much memory. */
const CHUNK_CHARACTERS = 512 * 1024;

interface Options {
  /** A column's name for people. */
  readonly heading: (column: ExportColumn) => string;
  readonly signal?: AbortSignal;
}

/**
 * Writes a file's rows into the database, piece by piece. Begun again after a crash it starts anew.
 * @returns whether there is a file now; `nothing`: not allowed, or done before
 */
export async function makeExport(
  portal: Portal,
  { exportId }: { exportId: string },
  options: Options,
): Promise<'ready' | 'failed' | 'nothing'> {
  const own = await begin(portal, exportId);
  if (!own) return 'nothing';
  const rows = await writeChunks(portal, { id: exportId, kind: own.kind, campaignId: own.campaign_id }, options);
  return finish(portal, exportId, rows);
}

async function begin(portal: Portal, exportId: string) {
  return inTransaction(portal.db, async (trx) => {
    const approval = await lockApproval(trx, exportId);
    const own = await lockExport(trx, exportId);
    if (!own || !['waiting', 'making'].includes(own.state)) return null;
    if (own.approval_id && approval?.state !== 'approved') return null;
    await trx.deleteFrom('export_chunks').where('export_id', '=', exportId).execute();
    await trx.updateTable('exports').set({ state: 'making', rows_done: 0n }).where('id', '=', exportId).execute();
    return own;
  });
}

async function writeChunks(
  portal: Portal,
  { id, kind, campaignId }: { id: string; kind: ExportKind; campaignId: string },
  { heading, signal }: Options,
): Promise<number> {
  const columns: readonly ExportColumn[] = EXPORT_COLUMNS[kind];
  let text = CSV_BOM + csvRecord(columns.map(heading));
  let rowsDone = 0;
  let position = 0;
  const flush = async () => {
    position += 1;
    const body = Buffer.from(text, 'utf8');
    text = '';
    await inTransaction(portal.db, async (trx) => {
      await trx.insertInto('export_chunks').values({ export_id: id, position, body }).execute();
      await trx
        .updateTable('exports')
        .set({ rows_done: BigInt(rowsDone) })
        .where('id', '=', id)
        .execute();
    });
  };
  await readExportRows(portal.db, { kind, campaignId }, async (rows) => {
    if (signal?.aborted) throw new Error('stopped in the middle; begun anew by the next worker');
    for (const row of rows) {
      const cells = kind === 'contacts' ? withContact(portal, row) : row;
      text += csvRecord(columns.map((column) => cells[column] as CsvValue));
    }
    rowsDone += rows.length;
    if (text.length >= CHUNK_CHARACTERS) await flush();
  });
  await flush();
  return rowsDone;
}

/** A contact that no key opens leaves its cells empty; the file is still made. */
function withContact(portal: Portal, row: ExportRow): ExportRow {
  const contact = tryOpenContact(portal.crypto, {
    id: String(row.id),
    contact_sealed: row.contact_sealed as Buffer,
    contact_key_id: String(row.contact_key_id),
  });
  return {
    number: row.number ?? null,
    inquiry: row.inquiry ?? null,
    name: contact?.name ?? null,
    kana: contact?.kana ?? null,
    phone: contact?.phone ? showPhone(contact.phone) : null,
    mail: contact?.mail ?? null,
  };
}

async function finish(portal: Portal, exportId: string, rows: number): Promise<'ready' | 'failed' | 'nothing'> {
  return inTransaction(portal.db, async (trx) => {
    const approval = await lockApproval(trx, exportId);
    const own = await lockExport(trx, exportId);
    if (own?.state !== 'making') return 'nothing';
    const now = portal.clock.now();
    // The second person agreed to so many rows, or one person was enough for so many.
    const grew = BigInt(rows) > own.rows_counted + own.rows_counted / 10n + 100n;
    if (grew) await trx.deleteFrom('export_chunks').where('export_id', '=', exportId).execute();
    await trx
      .updateTable('exports')
      .set(
        grew
          ? { state: 'failed', rows_done: BigInt(rows), cleared_at: now }
          : { state: 'ready', rows_done: BigInt(rows), ready_at: now, expires_at: new Date(now.getTime() + EXPORT_OPEN_MS) },
      )
      .where('id', '=', exportId)
      .execute();
    if (approval) await endApproval(trx, exportId, { state: grew ? 'failed' : 'done', outcome: grew ? 'grew' : null, now });
    await appendAudit(trx, {
      id: portal.crypto.newId(now),
      campaignId: own.campaign_id,
      at: now,
      actor: 'worker',
      act: grew ? 'export.failed' : 'export.made',
      subjectKind: 'export',
      subjectId: exportId,
      detail: { kind: own.kind, rows },
    });
    return grew ? 'failed' : 'ready';
  });
}

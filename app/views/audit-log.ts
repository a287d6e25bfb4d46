import { findLastAnchor, getHead } from '#db/audit-chain';
import { type AuditFilter, type AuditRow, findCheck, listAudit } from '#db/audit-list';
import { headText } from '../domain/chain';
import { isUuid } from '../domain/uuid';
import type { Portal } from '../portal';

export type { AuditFilter } from '#db/audit-list';

const PAGE = 50;

export interface AuditEntry extends Omit<AuditRow, 'detail'> {
  /** Flat: ids, amounts, reasons. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** A page of audit entries, the newest first, and where the next page begins. */
export async function findAuditEntries(
  { db }: Pick<Portal, 'db'>,
  filter: AuditFilter,
  before: bigint | null,
): Promise<{ readonly rows: readonly AuditEntry[]; readonly next: bigint | null }> {
  const found = await listAudit(db, filter, { before, limit: PAGE + 1 });
  const rows = found.slice(0, PAGE).map((row) => ({ ...row, detail: flat(row.detail) }));
  return { rows, next: found.length > PAGE ? (rows.at(-1)?.seq ?? null) : null };
}

export interface ChainState {
  readonly head: string;
  readonly anchor: { readonly seq: bigint; readonly at: Date; readonly keyId: string } | null;
}

/** Where the audit chain ends, and when it was signed last. */
export async function findChainState({ db }: Pick<Portal, 'db'>): Promise<ChainState> {
  const head = await getHead(db);
  const anchor = await findLastAnchor(db);
  return { head: headText(head), anchor: anchor && { seq: anchor.seq, at: anchor.at, keyId: anchor.keyId } };
}

export interface ChainCheck {
  readonly at: Date;
  readonly from: number;
  readonly to: number;
  readonly fault: string | null;
  readonly place: string | null;
}

/** What somebody's check of the chain found, by the entry that notes it. */
export async function findChainCheck({ db }: Pick<Portal, 'db'>, id: string | null): Promise<ChainCheck | null> {
  if (id === null || !isUuid(id)) return null;
  const check = await findCheck(db, id);
  if (!check) return null;
  const { from, to, fault, place } = flat(check.detail);
  return {
    at: check.at,
    from: Number(from),
    to: Number(to),
    fault: typeof fault === 'string' ? fault : null,
    place: typeof place === 'string' ? place : null,
  };
}

/** Everybody who has an account, for the filter. */
export async function listStaffNames({ db }: Pick<Portal, 'db'>): Promise<readonly { readonly id: string; readonly name: string }[]> {
  return db.selectFrom('staff').select(['id', 'name']).orderBy('name').orderBy('id').execute();
}

function flat(detail: unknown): Readonly<Record<string, unknown>> {
  return typeof detail === 'object' && detail !== null ? (detail as Record<string, unknown>) : {};
}

import { type CaseFilter, type CaseKey, type CaseRow, countCases, listCaseRows } from '#db/cases';
import type { CaseKind, CaseState } from '../domain/case';
import { maskedCaller } from '../domain/case-contact';
import { normaliseInquiry } from '../domain/claim-form';
import { normaliseName, readPhone } from '../domain/contact';
import type { Portal } from '../portal';

export type { CaseFilter, CaseKey };

export interface QueuedCase {
  readonly id: string;
  readonly campaignId: string;
  readonly number: string;
  readonly state: CaseState;
  readonly since: Date;
  readonly reason: string | null;
  readonly kind: CaseKind;
  readonly inquiryNumber: string;
  readonly shop: string;
  /** Masked. */
  readonly caller: string | null;
  readonly ownerName: string | null;
  readonly mine: boolean;
  readonly dueAt: Date | null;
  readonly overdue: boolean;
}

export interface CaseQueue {
  readonly rows: readonly QueuedCase[];
  readonly next: CaseKey | null;
  /** How many fit the filter without its state, by state. */
  readonly counts: ReadonlyMap<CaseState, { readonly n: number; readonly overdue: number }>;
}

const PAGE = 50;

/** A page of the queue, what is due first at the top; and how many there are in each state. */
export async function findCaseQueue(
  { db, crypto }: Pick<Portal, 'db' | 'crypto'>,
  filter: CaseFilter,
  { after, staffId, now }: { after: CaseKey | null; staffId: string; now: Date },
): Promise<CaseQueue> {
  const found = await listCaseRows(db, filter, { after, limit: PAGE + 1 });
  const counts = await countCases(db, { ...filter, state: null, overdueAt: null }, now);
  const rows = found.slice(0, PAGE);
  const last = rows.at(-1);
  return {
    rows: rows.map((row) => queued(crypto, row, staffId, now)),
    next: found.length > PAGE && last ? { due: last.due_at?.getTime() ?? null, id: last.id } : null,
    counts: new Map(counts.map(({ state, n, overdue }) => [state, { n, overdue }])),
  };
}

function queued(crypto: Portal['crypto'], row: CaseRow, staffId: string, now: Date): QueuedCase {
  return {
    id: row.id,
    campaignId: row.campaign_id,
    number: row.number,
    state: row.state,
    since: row.state_at,
    reason: row.reason,
    kind: row.kind,
    inquiryNumber: row.inquiry_number,
    shop: row.shop,
    caller: maskedCaller(crypto, row)?.name ?? null,
    ownerName: row.owner_name,
    mine: row.owner_id === staffId,
    dueAt: row.due_at,
    overdue: row.due_at !== null && row.due_at <= now,
  };
}

/** What was typed to find a case: a reference or inquiry number, or the whole name or telephone number of who called. */
export function caseLookup(crypto: Portal['crypto'], text: string): CaseFilter['find'] {
  const plain = text.normalize('NFKC').trim();
  const number = normaliseInquiry(plain);
  const phone = readPhone(plain)?.e164;
  return {
    number: /^[0-9A-Z]{1,30}$/.test(number) ? number : null,
    phone: phone ? crypto.indexAll('phone', phone) : [],
    name: plain === '' ? [] : crypto.indexAll('name', normaliseName(plain)),
  };
}

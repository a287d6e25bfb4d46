import type { PolicySettings } from './campaign';

/** What can be written to a file, with its columns in order. Never a code, a link or a token. */
export const EXPORT_COLUMNS = {
  grants: ['number', 'inquiry', 'granted', 'residual', 'pending', 'issued', 'lapsed', 'deadline', 'channel', 'frozen', 'created'],
  contacts: ['number', 'inquiry', 'name', 'kana', 'phone', 'mail'],
  redemptions: ['redemption', 'number', 'provider', 'yen', 'state', 'accepted', 'changed'],
  issuances: ['issuance', 'redemption', 'provider', 'yen', 'attempt', 'reason', 'last4', 'management', 'expires', 'begun', 'settled'],
  ledger: ['at', 'entry', 'kind', 'account', 'number', 'redemption', 'provider', 'yen', 'actor', 'reason'],
  audit: ['at', 'entry', 'actor', 'who', 'act', 'subject_kind', 'subject', 'detail'],
} as const;
export type ExportKind = keyof typeof EXPORT_COLUMNS;
export const EXPORT_KINDS = Object.keys(EXPORT_COLUMNS) as ExportKind[];
export type ExportColumn = (typeof EXPORT_COLUMNS)[ExportKind][number];

/** Whether a text names one of them. */
export function isExportKind(text: string | null): text is ExportKind {
  return text !== null && Object.hasOwn(EXPORT_COLUMNS, text);
}

/** How long a finished file waits to be taken. */
export const EXPORT_OPEN_MS = 15 * 60_000;

/** Whether a second person has to agree: for many rows, and always for names and addresses. */
export function needsSecondPerson(kind: ExportKind, rows: number, policy: Pick<PolicySettings, 'exportRowsAlone'>): boolean {
  return kind === 'contacts' || rows > policy.exportRowsAlone;
}

/** Where a file stands. `waiting`: for its second person, or for a worker. */
export type ExportState = 'waiting' | 'making' | 'ready' | 'taken' | 'gone' | 'failed';

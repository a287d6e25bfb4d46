/**
 * What mail servers say of a mail that was sent (RFC 3464 with the status codes of RFC 3463), and what people say of
 * it (RFC 5965). Pure.
 */
export type BounceReason = 'unknown_address' | 'bad_address' | 'blocked' | 'mailbox_full' | 'busy' | 'unreachable' | 'rejected';

export type BounceVerdict =
  | { readonly kind: 'failed'; readonly reason: BounceReason; readonly detail: string | null }
  | { readonly kind: 'delivered' | 'complained' }
  /** The server goes on trying, or only passed it on: nothing has to be done. */
  | { readonly kind: 'on_its_way' };

/** The largest mail that is read as a bounce, from wherever it comes. Servers return headers, or the beginning of what was sent. */
export const BOUNCE_BYTES_MAX = 1024 * 1024;

/** What became of a mail that came to the address for bounces. */
export const BOUNCE_RESULTS = ['noted', 'again', 'on_its_way', 'unknown_message', 'no_id', 'no_report', 'unreadable'] as const;
export type BounceResult = (typeof BOUNCE_RESULTS)[number];

/** Reasons after which another try later can help. */
const FOR_NOW: ReadonlySet<BounceReason> = new Set(['mailbox_full', 'busy', 'unreachable']);

/** Whether it is worth another try. */
export function isForNow(reason: BounceReason): boolean {
  return FOR_NOW.has(reason);
}

/** What one report on delivery means; null: words that are not in the standard say nothing. */
export function verdictOf({ action, status }: { readonly action: string; readonly status: string }): BounceVerdict | null {
  switch (action.trim().toLowerCase()) {
    case 'failed':
      return failedBy(status);
    case 'delivered':
      return { kind: 'delivered' };
    case 'delayed':
    case 'relayed':
    case 'expanded':
      return { kind: 'on_its_way' };
    default:
      return null;
  }
}

function failedBy(status: string): BounceVerdict {
  const [detail = null, grade = '', subject = '', rest = ''] = /^\s*([245])\.(\d{1,3})\.(\d{1,3})/.exec(status) ?? [];
  const reason = reasonOf(grade, `${subject}.${rest}`);
  return { kind: 'failed', reason, detail: detail?.trim() ?? null };
}

function reasonOf(grade: string, code: string): BounceReason {
  if (code === '2.2') return 'mailbox_full';
  // The server tried for days and gave up.
  if (grade === '4') return code.startsWith('4.') ? 'unreachable' : 'busy';
  if (code === '1.3') return 'bad_address';
  if (/^1\.(1|2|6|10)$/.test(code) || code === '2.1') return 'unknown_address';
  return code.startsWith('7.') ? 'blocked' : 'rejected';
}

import type { JobRequest } from '../../jobs';

/** The job that goes on with an approved act; null for acts that are done with their approval. */
export function jobOfApproval({ id, act }: { readonly id: string; readonly act: string }): JobRequest | null {
  if (act.startsWith('bulk_')) return { name: 'run-bulk', approvalId: id, delayMs: 0 };
  if (act === 'approve_claims') return { name: 'grant-claims', approvalId: id, delayMs: 0 };
  if (act === 'export') return { name: 'make-export', exportId: id, delayMs: 0 };
  return act === 'reissue' ? { name: 'void-code', approvalId: id, delayMs: 0 } : null;
}

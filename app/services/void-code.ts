import type { CallOptions } from '#adapters/providers/port';
import { lockApproval } from '#db/approvals';
import { appendAudit } from '#db/audit';
import { lockGrant } from '#db/grants';
import { takeSlot } from '#db/slots';
import type { Approval } from '#db/tables/staff';
import { inTransaction } from '#db/transaction';
import type { ActPlan } from '../domain/acts';
import { getProvider, type Portal, type Provider } from '../portal';
import { actorOf } from './parts/acts/act';
import { endApproval } from './parts/acts/engine';
import { voidAttempt } from './parts/acts/void-attempt';

const PATIENCE_MS = 5_000;
/** Between two tries to cancel: the answer to the first is not known, and nothing else may happen meanwhile. */
const REPEAT_MS = 30_000;
/** Stands as the approval's outcome while the provider may have been asked. */
const ASKED = 'asked';

/**
 * Carries an approved re-issue of an issued code on: has the provider cancel the old code, outside any transaction,
 * and only on its sure yes makes it void and lets a new attempt follow. A sure no ends the approval as failed with
 * nothing changed; no answer is tried again, and a no after that is believed only when the old code is seen alive.
 * It may crash anywhere and be repeated.
 */
export async function voidCode(
  portal: Portal,
  { approvalId }: { approvalId: string },
  options: { readonly signal?: AbortSignal; wait(ms: number): Promise<void> },
): Promise<'nothing_to_do' | 'later' | 'voided' | 'refused'> {
  const open = await findOpen(portal, approvalId);
  if (!open) return 'nothing_to_do';
  const { approval, plan, attempt } = open;
  const provider = getProvider(portal, attempt.provider);
  if (!provider.connection.cancel) return settle(portal, approvalId, plan, { kind: 'declined', reason: 'rejected' });
  const waitMs = await takeSlot(portal.db, {
    of: 'provider',
    id: provider.id,
    ratePerSecond: provider.capabilities.ratePerSecond,
    patienceMs: PATIENCE_MS,
  });
  if (waitMs === null) return again(portal, approval.id, PATIENCE_MS);
  if (waitMs > 0) await options.wait(waitMs);
  const asked = await markAsked(portal, approvalId);
  const call = { signal: options.signal, now: portal.clock.now() };
  // Not for ever: after a day it ends undecided, and a person finds out what became of the old code.
  const askLater = () =>
    call.now < approval.expires_at
      ? again(portal, approval.id, REPEAT_MS)
      : settle(portal, approvalId, plan, { kind: 'declined', reason: 'cancel_unknown' });
  const answer = await provider.connection.cancel({ key: attempt.provider_key, reference: attempt.reference ?? '' }, call);
  if (answer.kind === 'cancelled') return settle(portal, approvalId, plan, answer);
  if (answer.kind === 'unknown') return askLater();
  // The first no is a no. After a call without an answer it may only mean that the first one was served.
  if (!asked) return settle(portal, approvalId, plan, answer);
  const repeatableUntil = attempt.created_at.getTime() + provider.capabilities.keyHorizonMs;
  const mayRepeat = provider.capabilities.repeatable && call.now.getTime() < repeatableUntil;
  const state = await lookAt(provider, { key: attempt.provider_key, yen: Number(attempt.yen) }, mayRepeat, call);
  if (state === 'void') return settle(portal, approvalId, plan, { kind: 'cancelled' });
  return state === 'alive' ? settle(portal, approvalId, plan, answer) : askLater();
}

/** Notes before the call that the provider is asked. @returns whether it was asked before: the answer may be lost */
async function markAsked(portal: Portal, approvalId: string): Promise<boolean> {
  return inTransaction(portal.db, async (trx) => {
    const approval = await lockApproval(trx, approvalId);
    await trx.updateTable('approvals').set({ outcome: ASKED }).where('id', '=', approvalId).execute();
    return approval?.outcome === ASKED;
  });
}

/**
 * Whether the old code still lives, asked by its own key: a cancelled one does not come back as a code. A provider
 * that may have forgotten the key is not asked, for it would issue another one.
 */
async function lookAt(
  { connection }: Provider,
  request: { key: string; yen: number },
  mayRepeat: boolean,
  options: CallOptions,
): Promise<'void' | 'alive' | 'unknown'> {
  const ask = connection.lookup ?? (mayRepeat ? connection.issue : undefined);
  const answer = await ask?.(request, options);
  if (answer?.kind === 'issued') return 'alive';
  return answer?.kind === 'unknown' && answer.cause === 'voided' ? 'void' : 'unknown';
}

async function findOpen(portal: Portal, approvalId: string) {
  const approval = await portal.db
    .selectFrom('approvals')
    .select(['id', 'state', 'plan', 'expires_at'])
    .where('id', '=', approvalId)
    .executeTakeFirst();
  if (approval?.state !== 'approved') return null;
  const plan = approval.plan as ActPlan;
  const attempt = await portal.db
    .selectFrom('issuances')
    .select(['id', 'provider', 'provider_key', 'reference', 'yen', 'created_at'])
    .where('id', '=', String(plan.before.attempt))
    .executeTakeFirst();
  return attempt ? { approval, plan, attempt } : null;
}

async function settle(
  portal: Portal,
  approvalId: string,
  plan: ActPlan,
  answer: { readonly kind: 'cancelled' } | { readonly kind: 'declined'; readonly reason: string },
): Promise<'nothing_to_do' | 'voided' | 'refused'> {
  return inTransaction(portal.db, async (trx) => {
    const found = await trx.selectFrom('approvals').select('grant_id').where('id', '=', approvalId).executeTakeFirst();
    if (found?.grant_id) await lockGrant(trx, found.grant_id);
    const approval = await lockApproval(trx, approvalId);
    // Another worker was quicker with the same answer.
    if (approval?.state !== 'approved') return 'nothing_to_do';
    const now = portal.clock.now();
    if (answer.kind === 'declined') {
      await endApproval(trx, approvalId, { state: 'failed', outcome: answer.reason, now });
      await writeEnd(portal, trx, approval, now, 'reissue.failed', answer.reason);
      return 'refused';
    }
    const leave = { approvalId, staffId: approval.proposed_by, reason: approval.reason };
    const what = { codeId: plan.input.code ?? '', issuanceId: String(plan.before.attempt), reason: 'cancelled' as const, leave };
    await voidAttempt({ portal, trx, now }, what);
    await endApproval(trx, approvalId, { state: 'done', outcome: null, now });
    await writeEnd(portal, trx, approval, now, 'reissue.done', null);
    return 'voided';
  });
}

async function writeEnd(
  portal: Portal,
  trx: Parameters<Portal['enqueue']>[0],
  approval: Approval,
  now: Date,
  act: string,
  outcome: string | null,
): Promise<void> {
  await appendAudit(trx, {
    id: portal.crypto.newId(now),
    campaignId: approval.campaign_id,
    at: now,
    actor: actorOf(approval.proposed_by),
    act,
    subjectKind: approval.subject_kind,
    subjectId: approval.subject_id,
    detail: { approval: approval.id, yen: Number(approval.yen), outcome },
  });
}

async function again(portal: Portal, approvalId: string, delayMs: number): Promise<'later'> {
  await portal.db.transaction().execute((trx) => portal.enqueue(trx, { name: 'void-code', approvalId, delayMs }));
  return 'later';
}

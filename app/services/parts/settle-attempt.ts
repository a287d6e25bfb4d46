import type { IssuedCode, IssueOutcome } from '#adapters/providers/port';
import { appendAudit } from '#db/audit';
import type { Trx } from '#db/database';
import { getAttempt, lockSlot } from '#db/issuances';
import { pauseSending, recordAnswer, recordTrouble } from '#db/provider-states';
import { inTransaction, violatedConstraint } from '#db/transaction';
import { breakMs, decideSettlement, repeatDelayMs, type Settlement } from '../../domain/issuing';
import type { Portal } from '../../portal';
import type { OpenedAttempt } from './open-attempt';
import { finishStep, postIssued } from './settling';

/** Causes that say something about the provider's health rather than about one code. */
const TROUBLE_CAUSES = ['never_sent', 'timeout', 'connection_lost', 'server_error', 'unreadable', 'redirected'];

/** However long a provider asks us to stay away. */
const LONGEST_PAUSE_MS = 5 * 60_000;

/**
 * Transaction B: settles what the provider answered. A code or reference that someone else holds already
 * is refused by the database; the attempt then stays unknown for a person.
 */
export async function settleAttempt(portal: Portal, { opened, answer }: { opened: OpenedAttempt; answer: IssueOutcome }): Promise<void> {
  try {
    await settleOnce(portal, opened, answer);
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint !== 'issuances_digest_once' && constraint !== 'issuances_reference_once') throw error;
    portal.log.error({ issuance: opened.issuanceId, provider: opened.provider.id, constraint }, 'a provider gave the same code twice');
    await settleOnce(portal, opened, { kind: 'unknown', cause: 'duplicate_code' });
  }
}

/** What is settled: the provider's answer, or our finding that its code belongs to someone else. */
type Settled = IssueOutcome | { readonly kind: 'unknown'; readonly cause: 'duplicate_code'; readonly detail?: string };

async function settleOnce(portal: Portal, opened: OpenedAttempt, answer: Settled): Promise<void> {
  await inTransaction(portal.db, async (trx) => {
    const slot = await lockSlot(trx, opened.codeId);
    if (!slot) throw new Error(`code ${opened.codeId} is gone`);
    const now = portal.clock.now();
    const attempt = await getAttempt(trx, opened.issuanceId);

    const { settlingDeclines } = opened.provider.capabilities;
    const settlement = decideSettlement(attempt.unknown_since !== null, settlingDeclines, checked(answer, attempt.yen));
    const settled = attempt.state === 'issued' || attempt.state === 'declined' || attempt.state === 'voided';
    const late = attempt.calls !== opened.call;
    // A worker that slept past its lease may still bring a yes, which is the truth; anything else it knows is stale.
    if (settled || (late && settlement.kind !== 'issued')) {
      if (settlement.kind === 'issued' && answer.kind === 'issued' && attempt.state !== 'issued') {
        await recordOrphan(portal, trx, opened, answer.issued, now);
      }
      return;
    }

    await writeSettlement(portal, trx, opened, settlement, answer, now);
    if (settlement.kind === 'issued') await postIssued(portal, trx, slot, now);
    await finishStep(portal, trx, slot, now);
    if (settlement.kind === 'unsent' || settlement.kind === 'unknown') {
      const delayMs = Math.max(repeatDelayMs(opened.call), settlement.kind === 'unknown' ? opened.provider.capabilities.settleAfterMs : 0);
      await portal.enqueue(trx, { name: 'issue-code', provider: opened.provider.id, codeId: opened.codeId, delayMs });
    }
    if (answer.kind === 'unknown' && TROUBLE_CAUSES.includes(answer.cause)) {
      await recordTrouble(trx, { provider: opened.provider.id, now, closeForMs: breakMs });
    } else if (answer.kind === 'declined' && answer.reason === 'throttled') {
      const pauseMs = Math.min(Math.max(opened.provider.capabilities.throttlePauseMs, answer.retryAfterMs ?? 0), LONGEST_PAUSE_MS);
      await pauseSending(trx, { provider: opened.provider.id, pauseMs });
    } else if (answer.kind !== 'unknown') {
      await recordAnswer(trx, { provider: opened.provider.id, now });
    }
  });
}

/** An amount other than asked is no yes, whatever the adapter thought. */
function checked(answer: Settled, yen: bigint): Settled {
  return answer.kind === 'issued' && BigInt(answer.yen) !== yen ? { kind: 'unknown', cause: 'wrong_amount' } : answer;
}

async function writeSettlement(
  portal: Portal,
  trx: Trx,
  opened: OpenedAttempt,
  settlement: Settlement,
  answer: Settled,
  now: Date,
): Promise<void> {
  const update = trx.updateTable('issuances').where('id', '=', opened.issuanceId);
  const detail = answer.kind === 'issued' ? null : (answer.detail ?? null);
  switch (settlement.kind) {
    case 'issued': {
      if (answer.kind !== 'issued') throw new Error('a yes without a code');
      await update.set({ ...issuedColumns(portal, opened, answer.issued), state: 'issued', leased_until: null, settled_at: now }).execute();
      return;
    }
    case 'declined':
      await update.set({ state: 'declined', reason: settlement.reason, detail, leased_until: null, settled_at: now }).execute();
      return;
    case 'unsent':
      await update.set({ cause: 'never_sent', detail, leased_until: null }).execute();
      return;
    case 'unknown':
      await update
        .set((eb) => ({
          state: 'unknown',
          cause: settlement.cause,
          detail,
          leased_until: null,
          unknown_since: eb.fn.coalesce('unknown_since', eb.val(now)),
          unknown_at: now,
        }))
        .execute();
  }
}

function issuedColumns(portal: Portal, opened: OpenedAttempt, issued: IssuedCode) {
  const common = {
    reference: issued.reference,
    digest: portal.crypto.codeDigest(opened.provider.id, issued.code),
    management_no: issued.managementNo ?? null,
    expires_on: issued.expiresOn ?? null,
  };
  // A provider that forbids keeping its codes is asked again when the recipient wants to see one.
  if (opened.provider.capabilities.codes === 'refetch') return { ...common, code_sealed: null, code_key_id: null, last4: null };
  const { sealed, keyId } = portal.crypto.seal(
    'issuances.code',
    opened.issuanceId,
    JSON.stringify({ code: issued.code, pin: issued.pin, url: issued.url }),
  );
  return { ...common, code_sealed: sealed, code_key_id: keyId, last4: issued.code.slice(-4) };
}

/** A yes that came after we had a sure no: the code exists and belongs to nobody. A person must void it. */
async function recordOrphan(portal: Portal, trx: Trx, opened: OpenedAttempt, issued: IssuedCode, now: Date): Promise<void> {
  portal.log.error({ issuance: opened.issuanceId, provider: opened.provider.id }, 'a code came after a sure no');
  await appendAudit(trx, {
    id: portal.crypto.newId(now),
    campaignId: null,
    at: now,
    actor: 'worker',
    act: 'issuance.orphan',
    subjectKind: 'issuance',
    subjectId: opened.issuanceId,
    detail: { reference: issued.reference, yen: Number(opened.yen) },
  });
}

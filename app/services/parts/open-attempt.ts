import { ISSUANCE_COLUMNS } from '#db/columns';
import { isLive, lockSlot } from '#db/issuances';
import { attemptFacts, listAttempts, listCodes, walkRedemption } from '#db/redemptions';
import { inTransaction } from '#db/transaction';
import { decideNextCall, leaseMs } from '../../domain/issuing';
import { attemptInstant, codeSituation, rollUp, wayTo } from '../../domain/redemption';
import type { Portal, Provider } from '../../portal';

/** Leave to ask the provider once, with the key that is already committed. */
export interface OpenedAttempt {
  readonly kind: 'ask';
  readonly provider: Provider;
  readonly codeId: string;
  readonly issuanceId: string;
  readonly question: 'issue' | 'lookup';
  readonly key: string;
  readonly yen: bigint;
  /** Number of this call; settling compares it, so that a worker that slept too long changes nothing. */
  readonly call: number;
}

/**
 * Transaction A: finds or writes the attempt for a code, takes the lease and commits the key before
 * anything is sent. `later` has queued the job anew; `nothing_to_do` means settled, or a person's turn.
 */
export async function openAttempt(
  portal: Portal,
  { codeId, provider }: { codeId: string; provider: Provider },
): Promise<OpenedAttempt | { kind: 'later' } | { kind: 'nothing_to_do' }> {
  return inTransaction(portal.db, async (trx) => {
    const slot = await lockSlot(trx, codeId);
    if (!slot) return { kind: 'nothing_to_do' };
    const { code, redemption } = slot;
    const now = portal.clock.now();
    const attempts = (await listAttempts(trx, [codeId])).get(codeId) ?? [];
    const situation = codeSituation(attempts.map(attemptFacts), code.returned_at !== null);
    if (situation === 'issued' || situation === 'returned' || situation === 'failed') return { kind: 'nothing_to_do' };

    let attempt = attempts.find(isLive);
    if (!attempt) {
      const id = portal.crypto.newId(now);
      attempt = await trx
        .insertInto('issuances')
        .values({
          id,
          code_id: codeId,
          campaign_id: redemption.campaign_id,
          provider: provider.id,
          yen: code.yen,
          provider_key: provider.keyFor(id),
          state: 'open',
          created_at: attemptInstant(now, attempts),
        })
        .returning(ISSUANCE_COLUMNS)
        .executeTakeFirstOrThrow();
    }

    const next = decideNextCall(
      {
        calls: attempt.calls,
        createdAt: attempt.created_at,
        leasedUntil: attempt.leased_until,
        unknownSince: attempt.unknown_since,
        unknownAt: attempt.unknown_at,
        cause: attempt.cause,
      },
      provider.capabilities,
      now,
    );
    // A lease that ran out was left by a worker that died in mid-call: from now on the answer counts as unknown.
    const abandoned = attempt.leased_until !== null && attempt.leased_until <= now;
    if (abandoned) {
      await trx
        .updateTable('issuances')
        .set({
          state: 'unknown',
          unknown_since: attempt.unknown_since ?? attempt.leased_until,
          unknown_at: attempt.leased_until,
          cause: 'worker_lost',
          leased_until: null,
        })
        .where('id', '=', attempt.id)
        .execute();
    }
    const asks = next.kind === 'issue' || next.kind === 'lookup';
    if (asks) {
      await trx
        .updateTable('issuances')
        .set({ calls: attempt.calls + 1, called_at: now, leased_until: new Date(now.getTime() + leaseMs(provider.capabilities)) })
        .where('id', '=', attempt.id)
        .execute();
    }
    const codes = (await listCodes(trx, [redemption.id])).get(redemption.id) ?? [];
    await walkRedemption(trx, redemption.id, wayTo(redemption.state, rollUp(codes.map((each) => each.situation))), now);

    if (asks) {
      return {
        kind: 'ask',
        provider,
        codeId,
        issuanceId: attempt.id,
        question: next.kind,
        key: attempt.provider_key,
        yen: attempt.yen,
        call: attempt.calls + 1,
      };
    }
    if (next.kind === 'wait') {
      await portal.enqueue(trx, { name: 'issue-code', provider: provider.id, codeId, delayMs: next.delayMs });
      return { kind: 'later' };
    }
    if (attempt.handed_over_at === null) {
      await trx.updateTable('issuances').set({ handed_over_at: now }).where('id', '=', attempt.id).execute();
      portal.log.warn({ issuance: attempt.id, provider: provider.id, cause: attempt.cause }, 'a doubt waits for a person');
    }
    return { kind: 'nothing_to_do' };
  });
}

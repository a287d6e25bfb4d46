import type { Trx } from '#db/database';
import { appendEntry } from '#db/ledger';
import { listOffers } from '#db/offers';
import type { Grant } from '#db/schema';
import { acceptedLegs } from '../../domain/ledger';
import { type Choice, decideAllocation } from '../../domain/offer';
import { type Refusal, refuse } from '../../domain/refusal';
import type { Portal } from '../../portal';

/** The part that a first choice and a new choice share; runs inside their transaction, behind the grant's lock. */

export interface RedemptionAccepted {
  readonly kind: 'accepted';
  readonly redemptionIds: readonly string[];
  /** The same confirmation came before; nothing was done this time. */
  readonly replayed: boolean;
}

/** A request key as `crypto.newKey` makes it. */
export function isRequestKey(text: string): boolean {
  return /^[A-Za-z0-9_-]{16,64}$/.test(text);
}

/** Whether this confirmation was taken before; refuses when the same key comes with another choice. */
export async function findReplay(
  trx: Trx,
  { grantId, requestKey, choices }: { grantId: string; requestKey: string; choices: readonly Choice[] },
): Promise<RedemptionAccepted | Refusal | null> {
  const taken = await trx
    .selectFrom('redemptions')
    .select(['id', 'provider', 'yen'])
    .where('grant_id', '=', grantId)
    .where('request_key', '=', requestKey)
    .orderBy('position')
    .execute();
  if (taken.length === 0) return null;
  const same =
    taken.length === choices.length && taken.every((row, i) => row.provider === choices[i]?.provider && row.yen === choices[i]?.yen);
  return same ? { kind: 'accepted', redemptionIds: taken.map((row) => row.id), replayed: true } : refuse('request_key_reused');
}

/** Decides about a choice and, when it can be taken, writes redemptions, codes and ledger and queues the issuing. */
export async function takeChoices(
  portal: Portal,
  trx: Trx,
  input: {
    grant: Grant;
    requestKey: string;
    choices: readonly Choice[];
    residual: bigint;
    acceptedAt: Date;
    now: Date;
    replacesId: string | null;
    /** Whoever chose for the recipient, with their consent; left out, the recipient did. */
    by?: { readonly actor: string; readonly approvalId: string };
  },
): Promise<{ kind: 'taken'; redemptionIds: string[] } | Refusal> {
  const { grant, requestKey, choices, residual, acceptedAt, now, replacesId, by } = input;
  const offers = await listOffers(trx, { campaignId: grant.campaign_id, now });
  const decision = decideAllocation(residual, choices, offers);
  if (decision.kind === 'refused') return decision;

  const redemptions = decision.redemptions.map((planned, index) => ({
    planned,
    row: {
      id: portal.crypto.newId(now),
      campaign_id: grant.campaign_id,
      grant_id: grant.id,
      request_key: requestKey,
      position: index + 1,
      provider: planned.provider,
      source: offers.find((offer) => offer.provider === planned.provider)?.source ?? 'api',
      yen: planned.yen,
      state: 'requested' as const,
      state_at: now,
      accepted_at: acceptedAt,
      created_at: replacesId === null ? acceptedAt : now,
      replaces_id: replacesId,
    },
  }));
  await trx
    .insertInto('redemptions')
    .values(redemptions.map(({ row }) => row))
    .execute();

  const codes = redemptions.flatMap(({ row, planned }) =>
    planned.codes.map((yen, index) => ({
      id: portal.crypto.newId(now),
      redemption_id: row.id,
      campaign_id: row.campaign_id,
      position: index + 1,
      yen,
    })),
  );
  await trx.insertInto('codes').values(codes).execute();

  for (const { row } of redemptions) {
    await appendEntry(
      trx,
      {
        id: portal.crypto.newId(now),
        campaignId: row.campaign_id,
        kind: 'accepted',
        grantId: grant.id,
        redemptionId: row.id,
        approvalId: by?.approvalId,
        actor: by?.actor ?? 'recipient',
        at: now,
      },
      acceptedLegs({ grantId: grant.id, redemptionId: row.id, provider: row.provider }, row.yen),
    );
  }
  for (const code of codes) {
    const provider = redemptions.find(({ row }) => row.id === code.redemption_id)?.row.provider ?? '';
    await portal.enqueue(trx, { name: 'issue-code', provider, codeId: code.id, delayMs: 0 });
  }
  return { kind: 'taken', redemptionIds: redemptions.map(({ row }) => row.id) };
}

import type { Leg } from '../app/domain/ledger';
import type { Trx } from './database';
import type { JournalKind } from './schema';

export interface Entry {
  readonly id: string;
  readonly campaignId: string;
  readonly kind: JournalKind;
  readonly grantId?: string;
  readonly redemptionId?: string;
  readonly codeId?: string;
  /** The approval that an act of staff stands on. */
  readonly approvalId?: string;
  /** Who: recipient, worker, cli:import, … */
  readonly actor: string;
  readonly reason?: string;
  readonly at: Date;
}

/** Writes one journal entry with its postings. The database refuses it when it does not sum to zero, overdraws, or stands on no approval where one is due. */
export async function appendEntry(trx: Trx, entry: Entry, legs: readonly Leg[]): Promise<void> {
  await trx
    .insertInto('journal_entries')
    .values({
      id: entry.id,
      campaign_id: entry.campaignId,
      kind: entry.kind,
      grant_id: entry.grantId ?? null,
      redemption_id: entry.redemptionId ?? null,
      code_id: entry.codeId ?? null,
      approval_id: entry.approvalId ?? null,
      actor: entry.actor,
      reason: entry.reason ?? null,
      at: entry.at,
    })
    .execute();
  // 'extended' moves nothing.
  if (legs.length === 0) return;
  await trx
    .insertInto('postings')
    .values(
      legs.map((leg, index) => ({
        entry_id: entry.id,
        position: index + 1,
        campaign_id: entry.campaignId,
        account: leg.account,
        grant_id: leg.grantId,
        redemption_id: leg.redemptionId,
        provider: leg.provider,
        yen: leg.yen,
      })),
    )
    .execute();
}

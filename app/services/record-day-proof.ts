import { appendAudit } from '#db/audit';
import { tryLock } from '#db/bulk';
import { findLastDayProof } from '#db/day-proofs';
import { inTransaction } from '#db/transaction';
import { chainHash, chainStart } from '../crypto.server';
import { canonicalText, type DayRecord, dayProofText } from '../domain/day-proof';
import type { Portal } from '../portal';

/**
 * Adds a day's figures to a campaign's chain of proofs: after the last record, hashed with it, signed where there is
 * a key. One for each day, whoever is quicker. @returns whether this call made it
 */
export async function recordDayProof(
  portal: Pick<Portal, 'db' | 'crypto' | 'clock' | 'signer'>,
  { figures, day, actor }: { figures: Omit<DayRecord, 'day' | 'at' | 'version' | 'previous'>; day: string; actor: string },
): Promise<boolean> {
  const campaign = figures.campaign;
  return inTransaction(portal.db, async (trx) => {
    if (!(await tryLock(trx, `day-proof ${campaign}`))) return false;
    const last = await findLastDayProof(trx, campaign);
    if (last && last.day >= day) return false;
    const now = portal.clock.now();
    const previous = last?.hash ?? null;
    const record = canonicalText({
      ...figures,
      version: 1,
      day,
      at: now.toISOString(),
      previous: previous?.toString('hex') ?? null,
    } satisfies DayRecord);
    const hash = chainHash(previous ?? chainStart(), record);
    const { signer } = portal;
    await trx
      .insertInto('day_proofs')
      .values({
        campaign_id: campaign,
        day,
        record,
        previous,
        hash,
        key_id: signer?.keyId ?? null,
        signature: signer ? signer.sign(dayProofText({ campaign, day, hash })) : null,
        made_at: now,
      })
      .execute();
    await appendAudit(trx, {
      id: portal.crypto.newId(now),
      campaignId: campaign,
      at: now,
      actor,
      act: 'proof.made',
      subjectKind: 'campaign',
      subjectId: campaign,
      detail: { day, differences: figures.differences, hash: hash.toString('hex'), signed: signer !== undefined },
    });
    return true;
  });
}

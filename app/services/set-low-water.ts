import { appendAudit } from '#db/audit';
import { inTransaction } from '#db/transaction';
import { readExactYen } from '../domain/yen';
import type { Portal } from '../portal';

/**
 * Sets from when on a shelf counts as low (by face value), or the funds (face value empty). @returns why not: the number
 * is none, or there is no such offer or face value
 */
export async function setLowWater(
  portal: Portal,
  what: { staffId: string; campaignId: string; provider: string; face: string; low: string },
): Promise<{ kind: 'set' } | { kind: 'refused'; reason: 'number' | 'not_found' }> {
  const { staffId, campaignId, provider } = what;
  const faceYen = what.face === '' ? null : readExactYen(what.face);
  // Else a face value that cannot be read would set the mark of the funds.
  if (what.face !== '' && faceYen === null) return { kind: 'refused', reason: 'not_found' };
  const plain = what.low.normalize('NFKC').replaceAll(',', '').trim();
  if (!/^\d{1,12}$/.test(plain) || (faceYen !== null && Number(plain) > 1_000_000)) return { kind: 'refused', reason: 'number' };
  return inTransaction(portal.db, async (trx) => {
    const now = portal.clock.now();
    const offer = await trx
      .selectFrom('offers')
      .select('provider')
      .where('campaign_id', '=', campaignId)
      .where('provider', '=', provider)
      .executeTakeFirst();
    if (!offer) return { kind: 'refused', reason: 'not_found' };
    if (faceYen === null) {
      await trx
        .insertInto('provider_funds')
        .values({ provider, low_yen: BigInt(plain) })
        .onConflict((oc) => oc.column('provider').doUpdateSet({ low_yen: BigInt(plain) }))
        .execute();
    } else {
      await trx
        .insertInto('stock_marks')
        .values({ campaign_id: campaignId, provider, yen: faceYen, low_codes: Number(plain) })
        .onConflict((oc) => oc.columns(['campaign_id', 'provider', 'yen']).doUpdateSet({ low_codes: Number(plain) }))
        .execute();
    }
    await appendAudit(trx, {
      id: portal.crypto.newId(now),
      campaignId,
      at: now,
      actor: `staff:${staffId}`,
      act: 'offer.low_water',
      subjectKind: 'offer',
      subjectId: `${campaignId}.${provider}`,
      detail: { face: faceYen === null ? null : Number(faceYen), low: Number(plain) },
    });
    return { kind: 'set' };
  });
}

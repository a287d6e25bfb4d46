import { appendAudit } from '#db/audit';
import { inTransaction } from '#db/transaction';
import { bilingual } from '../domain/campaign';
import type { Portal } from '../portal';

const NOTE_LONGEST = 120;

/** Why a pause is refused. */
export type PauseRefusal = {
  readonly kind: 'refused';
  readonly field: 'ja' | 'en' | null;
  readonly reason: 'missing' | 'too_long' | 'not_found';
};

/**
 * Takes an offer out of the choices, with the words that recipients read on its tile (一時停止), or puts it back.
 * Redemptions that were accepted go on being issued. Pausing what is paused changes its words.
 * @param note null puts it back
 */
export async function pauseOffer(
  portal: Portal,
  what: { staffId: string; campaignId: string; provider: string; note: { ja: string; en: string } | null },
): Promise<{ kind: 'paused' | 'resumed' } | PauseRefusal> {
  const { staffId, campaignId, provider, note } = what;
  if (note) {
    for (const field of ['ja', 'en'] as const) {
      if (note[field].trim() === '') return { kind: 'refused', field, reason: 'missing' };
      if (note[field].length > NOTE_LONGEST) return { kind: 'refused', field, reason: 'too_long' };
    }
  }
  return inTransaction(portal.db, async (trx) => {
    const now = portal.clock.now();
    const [changed] = await trx
      .updateTable('offers')
      .set({
        paused_at: note ? now : null,
        pause_note: note ? JSON.stringify(bilingual.parse({ ja: note.ja.trim(), en: note.en.trim() })) : null,
      })
      .where('campaign_id', '=', campaignId)
      .where('provider', '=', provider)
      .execute();
    if (changed?.numUpdatedRows !== 1n) return { kind: 'refused', field: null, reason: 'not_found' };
    await appendAudit(trx, {
      id: portal.crypto.newId(now),
      campaignId,
      at: now,
      actor: `staff:${staffId}`,
      act: note ? 'offer.pause' : 'offer.resume',
      subjectKind: 'offer',
      subjectId: `${campaignId}.${provider}`,
      detail: note ? { ja: note.ja.trim(), en: note.en.trim() } : {},
    });
    return { kind: note ? 'paused' : 'resumed' };
  });
}

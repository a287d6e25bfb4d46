import { appendAudit } from '#db/audit';
import { inTransaction } from '#db/transaction';
import { bilingual } from '../domain/campaign';
import type { Portal } from '../portal';

const NOTE_LONGEST = 120;

/** Why an offer is paused, for our own record; recipients read the words. */
export const PAUSE_REASONS = ['maintenance', 'trouble', 'funds', 'stock', 'other'] as const;

/** Why a pause is refused. */
export type PauseRefusal = {
  readonly kind: 'refused';
  readonly field: 'reason' | 'ja' | 'en' | null;
  readonly reason: 'missing' | 'too_long' | 'not_found';
};

/**
 * Takes an offer out of the choices, with the words that recipients read on its tile (一時停止), or puts it back.
 * Redemptions that were accepted go on being issued. Pausing what is paused changes its words and not since when; putting
 * back what is in service changes nothing.
 * @param pause null puts it back
 */
export async function pauseOffer(
  portal: Portal,
  what: {
    staffId: string;
    campaignId: string;
    provider: string;
    pause: { readonly reason: string; readonly ja: string; readonly en: string } | null;
  },
): Promise<{ kind: 'paused' | 'resumed' } | PauseRefusal> {
  const { staffId, campaignId, provider, pause } = what;
  const wrong = pause && wrongIn(pause);
  if (wrong) return { kind: 'refused', ...wrong };
  const note = pause && bilingual.parse({ ja: pause.ja.trim(), en: pause.en.trim() });
  return inTransaction(portal.db, async (trx) => {
    const now = portal.clock.now();
    const offer = await trx
      .selectFrom('offers')
      .select('paused_at')
      .where('campaign_id', '=', campaignId)
      .where('provider', '=', provider)
      .forUpdate()
      .executeTakeFirst();
    if (!offer) return { kind: 'refused', field: null, reason: 'not_found' };
    if (!note && !offer.paused_at) return { kind: 'resumed' };
    await trx
      .updateTable('offers')
      .set({ paused_at: note ? (offer.paused_at ?? now) : null, pause_note: note ? JSON.stringify(note) : null })
      .where('campaign_id', '=', campaignId)
      .where('provider', '=', provider)
      .execute();
    await appendAudit(trx, {
      id: portal.crypto.newId(now),
      campaignId,
      at: now,
      actor: `staff:${staffId}`,
      act: pause ? 'offer.pause' : 'offer.resume',
      subjectKind: 'offer',
      subjectId: `${campaignId}.${provider}`,
      detail: pause ? { reason: pause.reason, ...note } : {},
    });
    return { kind: pause ? 'paused' : 'resumed' };
  });
}

function wrongIn(pause: { reason: string; ja: string; en: string }): Pick<PauseRefusal, 'field' | 'reason'> | null {
  if (!PAUSE_REASONS.some((reason) => reason === pause.reason)) return { field: 'reason', reason: 'missing' };
  for (const field of ['ja', 'en'] as const) {
    if (pause[field].trim() === '') return { field, reason: 'missing' };
    if (pause[field].length > NOTE_LONGEST) return { field, reason: 'too_long' };
  }
  return null;
}

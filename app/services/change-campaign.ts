import { appendAudit } from '#db/audit';
import { changeCampaign, findCampaignVersion, lockCampaign } from '#db/campaigns';
import { inTransaction, LOCK_WAIT_ENDED, sqlState } from '#db/transaction';
import { type CampaignScope, isInScope } from '../domain/access';
import type { CampaignFile } from '../domain/campaign';
import { checkCampaign } from '../domain/campaign-check';
import { campaignContent, toStore } from '../domain/campaign-store';
import { messageFit } from '../messages/fit';
import type { Portal } from '../portal';
import { actorOf } from './parts/acts/act';

export type CampaignChanged =
  | { readonly kind: 'stored'; readonly created: boolean }
  | {
      readonly kind: 'refused';
      /** `stale`: somebody stored another version meanwhile; `busy`: an import or the cut-off holds the programme. */
      readonly reason: 'not_found' | 'faults' | 'exists' | 'stale' | 'needs_second' | 'deadline_not_later' | 'busy';
    };

/** What the database says no with. */
const REFUSED: Readonly<Record<string, 'stale' | 'needs_second' | 'deadline_not_later' | 'busy'>> = {
  UK005: 'deadline_not_later',
  UK008: 'needs_second',
  UK009: 'stale',
  [LOCK_WAIT_ENDED]: 'busy',
};

/**
 * Stores a programme as one person set it up: a new one, or changes that need nobody else. Dates that people were told
 * already and limits that rise are refused here; they are proposed (`change_campaign`) and a second person agrees.
 */
export async function storeCampaignChange(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto'>,
  {
    staff,
    file,
    base,
    note,
    publicUrl,
  }: {
    staff: { readonly id: string; readonly scope: CampaignScope };
    file: CampaignFile;
    /** The version that the person had before them; null: it is new. */
    base: number | null;
    note: string;
    publicUrl: string;
  },
): Promise<CampaignChanged> {
  const isNew = base === null;
  const stored = toStore(file);
  // A new programme is nobody's yet: whoever is bound to some may make none.
  if (isNew ? staff.scope !== 'all' : !isInScope(staff.scope, file.id)) return { kind: 'refused', reason: 'not_found' };
  const offers = file.offers.map((offer) => ({ ...offer, paused: false }));
  const messages = messageFit(stored, publicUrl);
  if (checkCampaign({ ...stored, offers, messages }).some(({ weight }) => weight === 'fault')) return { kind: 'refused', reason: 'faults' };
  try {
    return await inTransaction(portal.db, async (trx): Promise<CampaignChanged> => {
      const there = await lockCampaign(trx, file.id);
      if (isNew && there) return { kind: 'refused', reason: 'exists' };
      if (!isNew && !there) return { kind: 'refused', reason: 'not_found' };
      if (!isNew && (await findCampaignVersion(trx, file.id)) !== base) return { kind: 'refused', reason: 'stale' };
      const now = portal.clock.now();
      const actor = actorOf(staff.id);
      await changeCampaign(trx, file.id, campaignContent(stored), { actor, note, at: now, approvalId: null, base });
      await appendAudit(trx, {
        id: portal.crypto.newId(now),
        campaignId: file.id,
        at: now,
        actor,
        act: isNew ? 'campaign.create' : 'campaign.update',
        subjectKind: 'campaign',
        subjectId: file.id,
        detail: { note },
      });
      return { kind: 'stored', created: isNew };
    });
  } catch (error) {
    const reason = REFUSED[sqlState(error) ?? ''];
    if (reason === undefined) throw error;
    return { kind: 'refused', reason };
  }
}

import { sql } from 'kysely';
import type { CampaignSettings } from '../app/domain/campaign';
import { type ClaimTimes, claimTimesOf } from '../app/domain/claim-times';
import type { Db } from './database';

/** The times that the sentence of a claim speaks of. */
export async function getClaimTimes(db: Db, { number, now }: { number: string; now: Date }): Promise<ClaimTimes> {
  const { rows } = await sql<{ settings: CampaignSettings; deadline_at: Date; wave_until: string | null }>`
    select p.settings, coalesce(g.deadline_at, p.redeem_until) as deadline_at,
        (select max(w.until_on)::text from waves w where w.campaign_id = c.campaign_id and w.sending_group = 'claim'
          and w.purpose = 'invitation' and w.state in ('planned', 'running', 'paused')) as wave_until
      from claims c join campaigns p on p.id = c.campaign_id left join grants g on g.id = c.grant_id where c.number = ${number}`.execute(
    db,
  );
  const [row] = rows;
  if (!row) throw new Error('the claim is gone');
  return claimTimesOf(row.settings, { deadlineAt: row.deadline_at, waveUntil: row.wave_until, now });
}

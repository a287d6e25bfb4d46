import { sql } from 'kysely';
import { appendAudit } from '#db/audit';
import { inTransaction } from '#db/transaction';
import type { Portal } from '../portal';

/**
 * Leads approved claims on as their links go out (sent) and as the applicants receive points (collected), so that
 * /claim/status and the call centre say what happened. Safe in many processes at once. @returns how many moved
 */
export async function followClaims(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto'>,
  { limit = 500 }: { limit?: number } = {},
): Promise<number> {
  return inTransaction(portal.db, async (trx) => {
    const now = portal.clock.now();
    const { rows } = await sql<{ id: string; campaign_id: string; state: 'sent' | 'collected' }>`
      update claims c set state = f.to_state, state_at = ${now} from (
        select w.id, case w.state when 'approved' then 'sent' else 'collected' end as to_state from claims w
          where w.state = 'approved' and exists (select 1 from messages m where m.grant_id = w.grant_id and m.link_generation is not null
              and m.state in ('sent', 'accepted', 'delivered', 'complained'))
            or w.state = 'sent' and exists (select 1 from redemptions r where r.grant_id = w.grant_id and r.state = 'issued')
          order by w.id limit ${limit} for no key update skip locked
      ) f where c.id = f.id returning c.id, c.campaign_id, c.state`.execute(trx);
    for (const { id, campaign_id, state } of rows) {
      await appendAudit(trx, {
        id: portal.crypto.newId(now),
        campaignId: campaign_id,
        at: now,
        actor: 'worker',
        act: `claim.${state}`,
        subjectKind: 'claim',
        subjectId: id,
      });
    }
    return rows.length;
  });
}

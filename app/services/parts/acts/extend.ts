import { appendEntry } from '#db/ledger';
import { refuseAct, whyNot, yenOf } from '../../../domain/acts';
import { policyOf } from '../../../domain/campaign';
import { exclusiveDeadline } from '../../../domain/deadline';
import { restoredLegs } from '../../../domain/ledger';
import { queueMessage } from '../queue-message';
import { type Act, actorOf } from './act';

const DAY_MS = 86_400_000;

/**
 * Gives one person more time, to the end of a day in Japan (延長). What had lapsed returns to the grant; both stand in
 * the journal.
 */
export const extend: Act = {
  async plan({ trx, person, now }, { fields }) {
    const no = whyNot('extend', person, null, now);
    if (no) return refuseAct(no);
    const day = /^\d{4}-\d{2}-\d{2}$/.exec(fields.until ?? '')?.[0];
    const announced = day ? new Date(`${day}T23:59:59+09:00`) : null;
    if (!announced || Number.isNaN(announced.getTime())) return refuseAct('until_invalid', 'until');
    const until = exclusiveDeadline(announced);
    if (until <= person.deadlineAt || until <= now) return refuseAct('deadline_not_later', 'until');
    const { settings } = await trx.selectFrom('campaigns').select('settings').where('id', '=', person.campaignId).executeTakeFirstOrThrow();
    const { extensionDaysMost } = policyOf(settings);
    if (until.getTime() > person.programmeDeadlineAt.getTime() + extensionDaysMost * DAY_MS) return refuseAct('deadline_too_late', 'until');
    return {
      input: { until: day ?? '' },
      yen: Number(yenOf('extend', person, null)),
      before: { deadline: person.deadlineAt.toISOString(), residual: Number(person.residualYen), lapsed: Number(person.lapsedYen) },
      after: { deadline: until.toISOString(), residual: Number(person.residualYen + person.lapsedYen), lapsed: 0 },
    };
  },
  async carryOut({ portal, trx, grant, person, now }, _input, plan, leave) {
    const entry = {
      campaignId: grant.campaign_id,
      grantId: grant.id,
      approvalId: leave.approvalId,
      actor: actorOf(leave.staffId),
      reason: leave.reason,
      at: now,
    };
    await trx
      .updateTable('grants')
      .set({ deadline_at: new Date(String(plan.after.deadline)), deadline_by: leave.approvalId })
      .where('id', '=', grant.id)
      .execute();
    await appendEntry(trx, { ...entry, id: portal.crypto.newId(now), kind: 'extended' }, []);
    if (person.lapsedYen > 0n) {
      await appendEntry(trx, { ...entry, id: portal.crypto.newId(now), kind: 'corrected' }, restoredLegs(grant.id, person.lapsedYen));
    }
    await queueMessage(portal, trx, { grantId: grant.id, purpose: 'deadline_extended', actor: entry.actor });
    return 'done';
  },
};

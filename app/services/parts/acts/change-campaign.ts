import { changeCampaign, hasGrants } from '#db/campaigns';
import { type ActPlan, type ActRefusal, type Facts, refuseAct } from '../../../domain/acts';
import { actorOf } from './act';
import type { OfficeAct, OfficeContext, OfficePlan } from './office-act';

/** The dates of a version that both people look at. */
interface Content {
  readonly redeemUntil: string;
  readonly settings: {
    readonly claims?: { readonly opensAt: string; readonly closesAt: string };
    readonly coupon?: { readonly extendedUntil: string; readonly residualTakenAt: string };
    readonly sending?: Readonly<Record<string, { readonly from: string; readonly until: string }>>;
  };
}

/** Changes the dates of a programme that people know already. What is stored is exactly what both people saw. */
export const changeDates: OfficeAct = {
  async plan({ trx, campaign, now }: OfficeContext, fields): Promise<OfficePlan | ActRefusal> {
    const after = readContent(fields.content);
    if (!after) return refuseAct('not_found');
    const { redeemUntil, settings } = campaign;
    const later = new Date(after.redeemUntil);
    if (later.getTime() !== redeemUntil.getTime() && (later < redeemUntil || now >= redeemUntil) && (await hasGrants(trx, campaign.id))) {
      return refuseAct('deadline_not_later');
    }
    const before = { redeemUntil: redeemUntil.toISOString(), settings: settings as Content['settings'] };
    const [old, next] = [datesOf(before), datesOf(after)];
    const changed = Object.keys({ ...old, ...next }).filter((name) => old[name] !== next[name]);
    const only = (facts: Facts) => Object.fromEntries(changed.map((name) => [name, facts[name] ?? null]));
    return {
      subject: { kind: 'campaign', id: campaign.id },
      plan: { input: { content: fields.content ?? '' }, yen: 0, before: only(old), after: only(next) },
    };
  },
  async carryOut({ trx, campaign, now }, plan: ActPlan, leave): Promise<'done'> {
    await changeCampaign(trx, campaign.id, plan.input.content ?? '', {
      actor: actorOf(leave.staffId),
      note: leave.reason,
      at: now,
      approvalId: leave.approvalId,
    });
    return 'done';
  },
};

function readContent(text: string | undefined): Content | null {
  try {
    return JSON.parse(text ?? '') as Content;
  } catch {
    return null;
  }
}

function datesOf({ redeemUntil, settings: { claims, coupon, sending = {} } }: Content): Facts {
  const window = (group: string) => (sending[group] ? `${sending[group].from}～${sending[group].until}` : null);
  return {
    deadline: new Date(redeemUntil).toISOString(),
    claims_open: claims?.opensAt ?? null,
    claims_close: claims?.closesAt ?? null,
    extended: coupon?.extendedUntil ?? null,
    cutoff: coupon?.residualTakenAt ?? null,
    sending_app: window('app'),
    sending_claim: window('claim'),
  };
}

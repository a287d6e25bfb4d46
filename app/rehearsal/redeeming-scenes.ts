import { listOffers } from '#db/offers';
import type { CampaignFile } from '../domain/campaign';
import { exclusiveDeadline } from '../domain/deadline';
import { type Choice, canEmpty, mostOf } from '../domain/offer';
import { issueCode } from '../services/issue-code';
import { lapseGrants } from '../services/lapse-grants';
import { requestRedemption } from '../services/request-redemption';
import { findClosingReport } from '../views/closing-report';
import { after, DAY_MS, latest, type Played, type Scene, SECOND_MS } from './scene';
import { lastLink } from './sending-scenes';
import type { Stage } from './stage';

/** Of the choices: one with every offer, the last second, the first that is too late, and what is left over. */
export function redeemingScenes(campaign: CampaignFile): Scene[] {
  const deadline = exclusiveDeadline(new Date(campaign.redeemUntil));
  const someDay = new Date(Math.min(latest(lastLink(campaign), after(deadline, -7 * DAY_MS)).getTime(), deadline.getTime() - DAY_MS));
  return [
    { scene: 'redemptions', at: someDay, play: playRedemptions },
    { scene: 'deadline_last', at: after(deadline, -SECOND_MS), play: playLastSecond },
    { scene: 'deadline_over', at: deadline, play: playTooLate },
    { scene: 'lapse', at: deadline, play: playLapse },
    { scene: 'report', at: after(deadline, DAY_MS), play: playReport },
  ];
}

interface Owed {
  readonly id: string;
  readonly yen: bigint;
}

/** Who has not chosen yet. */
async function listOwed({ portal, campaignId }: Stage): Promise<Owed[]> {
  const rows = await portal.db
    .selectFrom('grants')
    .select(['id', 'granted_yen as yen'])
    .where('campaign_id', '=', campaignId)
    .where('id', 'not in', (eb) => eb.selectFrom('redemptions').select('grant_id'))
    .orderBy('number')
    .execute();
  return rows;
}

/** As much of it as an offer makes without leaving what nobody could take; null: not with this one. */
async function chooseFrom({ portal, campaignId }: Stage, provider: string, { yen }: Owed): Promise<Choice | null> {
  const offers = await listOffers(portal.db, { campaignId, now: portal.clock.now() });
  const offer = offers.find((each) => each.provider === provider && !each.paused);
  const most = offer ? mostOf(offer, yen) : 0n;
  return most > 0n && canEmpty(yen - most, offers) ? { provider, yen: most } : null;
}

async function redeem({ portal }: Stage, grantId: string, choice: Choice): Promise<string> {
  const result = await requestRedemption(portal, { grantId, requestKey: portal.crypto.newKey(), choices: [choice] });
  if (result.kind !== 'accepted') return result.reason;
  const codes = await portal.db.selectFrom('codes').select('id').where('redemption_id', 'in', result.redemptionIds).execute();
  for (const { id } of codes) await issueCode(portal, { codeId: id }, { wait: async () => {} });
  return result.kind;
}

async function playRedemptions(stage: Stage): Promise<Played> {
  const { offers } = stage.campaign;
  let persons = 0;
  let redeemedYen = 0n;
  let ok = true;
  for (const { provider } of offers) {
    let taken = false;
    for (const owed of await listOwed(stage)) {
      const choice = await chooseFrom(stage, provider, owed);
      if (!choice) continue;
      taken = (await redeem(stage, owed.id, choice)) === 'accepted';
      if (taken) redeemedYen += choice.yen;
      break;
    }
    if (taken) persons += 1;
    ok &&= taken;
  }
  const codes = await countIssued(stage);
  return { ok: ok && codes.yen === redeemedYen, facts: { persons, codes: codes.count, redeemedYen: Number(redeemedYen) } };
}

async function countIssued({ portal, campaignId }: Stage): Promise<{ count: number; yen: bigint }> {
  const rows = await portal.db
    .selectFrom('codes')
    .innerJoin('redemptions', 'redemptions.id', 'codes.redemption_id')
    .innerJoin('grants', 'grants.id', 'redemptions.grant_id')
    .where('grants.campaign_id', '=', campaignId)
    .where('redemptions.state', '=', 'issued')
    .select('codes.yen')
    .execute();
  return { count: rows.length, yen: rows.reduce((sum, { yen }) => sum + yen, 0n) };
}

/** Whoever comes with any offer that serves them. */
async function playOne(stage: Stage): Promise<{ answer: string; yen: bigint }> {
  for (const owed of await listOwed(stage))
    for (const { provider } of stage.campaign.offers) {
      const choice = await chooseFrom(stage, provider, owed);
      if (choice) return { answer: await redeem(stage, owed.id, choice), yen: choice.yen };
    }
  return { answer: 'nothing_left', yen: 0n };
}

async function playLastSecond(stage: Stage): Promise<Played> {
  const { answer, yen } = await playOne(stage);
  return { ok: answer === 'accepted', facts: { answer, redeemedYen: Number(yen) } };
}

async function playTooLate(stage: Stage): Promise<Played> {
  const { answer } = await playOne(stage);
  return { ok: answer === 'closed', facts: { answer } };
}

async function playLapse({ portal, campaignId }: Stage): Promise<Played> {
  const first = await lapseGrants(portal, { campaignId, actor: 'rehearsal' });
  const again = await lapseGrants(portal, { campaignId, actor: 'rehearsal' });
  return {
    ok: first.finished && first.yen > 0n && again.yen === 0n,
    facts: { persons: first.grants, lapsedYen: Number(first.yen) },
  };
}

async function playReport({ portal, campaignId }: Stage): Promise<Played> {
  const report = await findClosingReport(portal, { campaignId, now: portal.clock.now() });
  if (!report) return { ok: false, facts: { answer: 'not_found' } };
  const { granted, received, lapsed, residual, unexplainedYen } = report;
  return {
    ok: unexplainedYen === 0n && residual.yen === 0n && granted.yen === received.yen + lapsed.yen,
    facts: {
      persons: report.grants,
      grantedYen: Number(granted.yen),
      redeemedYen: Number(received.yen),
      lapsedYen: Number(lapsed.yen),
      unexplainedYen: Number(unexplainedYen),
    },
  };
}

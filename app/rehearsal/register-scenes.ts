import { findExtensionOfAll } from '#db/coupon-acts';
import type { CampaignFile } from '../domain/campaign';
import { couponTermsOf } from '../domain/cutoff';
import { exclusiveDeadline } from '../domain/deadline';
import { importCoupons } from '../services/import-coupons';
import { importGrants } from '../services/import-grants';
import { importPayments } from '../services/import-payments';
import { moveCase } from '../services/move-case';
import { openCase } from '../services/open-case';
import { ownCase } from '../services/own-case';
import { recordShopAnswer } from '../services/record-shop-answer';
import { runCutoff } from '../services/run-cutoff';
import { listCandidates } from '../views/coupon-candidates';
import { getProof } from '../views/proof';
import { callOf, couponLines, grantLines, type Invented, type InventedCoupon, inventCoupons, paymentLines } from './people';
import { after, DAY_MS, HOUR_MS, type Played, type Scene, SECOND_MS } from './scene';
import type { Stage } from './stage';

/** Of a register of coupons: its import, the failure's payments, the extension, calls, and the cut-off. */
export function registerScenes(campaign: CampaignFile): Scene[] {
  const { incident, coupon } = campaign;
  const terms = couponTermsOf(campaign);
  if (!incident || !coupon || !terms) return [];
  const invented = inventCoupons(campaign);
  const validUntil = new Date(incident.couponExpiredAt);
  const expired = exclusiveDeadline(validUntil);
  const taken = exclusiveDeadline(new Date(coupon.residualTakenAt));
  const call = (held: InventedCoupon, kind: 'unanswered' | 'repeated') => (stage: Stage) =>
    playCase(stage, { held, kind, invented, validUntil });
  const scenes: Scene[] = [
    { scene: 'register', at: after(expired, 9 * HOUR_MS), play: (stage) => playRegister(stage, invented, validUntil) },
    { scene: 'candidates', at: after(expired, 10 * HOUR_MS), play: playCandidates },
    { scene: 'extension', at: after(expired, 11 * HOUR_MS), play: playExtension },
    { scene: 'case_before', at: after(expired, 12 * HOUR_MS), play: call(invented.unanswered, 'unanswered') },
    { scene: 'cutoff_early', at: after(taken, -SECOND_MS), play: playEarlyCutoff },
    { scene: 'cutoff', at: taken, play: playCutoff },
    { scene: 'case_after', at: after(taken, DAY_MS + 10 * HOUR_MS), play: call(invented.repeated, 'repeated') },
  ];
  // Days may lie so close together that there is no time for a call between them.
  return scenes.filter(({ scene, at }) => !['extension', 'case_before'].includes(scene) || at < taken);
}

/** Where there are no coupons, a list says who is owed what. */
export function listScene(campaign: CampaignFile, at: Date): Scene {
  return {
    scene: 'list',
    at,
    async play(stage) {
      const file = await stage.file('grants.csv', grantLines(campaign));
      const result = await importGrants(stage.portal, { ...common(stage), file });
      if (result.kind !== 'imported') return { ok: false, facts: { answer: result.kind } };
      return { ok: result.rejected === 0, facts: { persons: result.accepted, grantedYen: Number(result.totalYen) } };
    },
  };
}

function common({ campaignId }: Stage) {
  return { campaignId, actor: 'rehearsal', rejectedFile: null };
}

async function playRegister(stage: Stage, { coupons, payments }: Invented, validUntil: Date): Promise<Played> {
  const { portal } = stage;
  const first = await importCoupons(portal, { ...common(stage), file: await stage.file('coupons.csv', couponLines(coupons, validUntil)) });
  const second = await importPayments(portal, { ...common(stage), file: await stage.file('payments.csv', paymentLines(payments)) });
  const books = await booksOf(stage);
  const faceYen = coupons.reduce((sum, { faceYen }) => sum + faceYen, 0);
  const remainingYen = coupons.reduce((sum, { balanceYen }) => sum + balanceYen, 0);
  return {
    ok:
      first.kind === 'imported' &&
      second.kind === 'imported' &&
      Number(books?.faceYen) === faceYen &&
      Number(books?.remainingYen) === remainingYen,
    facts: { coupons: coupons.length, faceYen, remainingYen: Number(books?.remainingYen ?? 0) },
  };
}

async function playCandidates({ portal, campaignId }: Stage): Promise<Played> {
  const found = (await listCandidates(portal.db, { campaignId }))?.candidates ?? [];
  return { ok: found.length === 2, facts: { found: found.length } };
}

async function playExtension(stage: Stage): Promise<Played> {
  const yen = await stage.byTwo('extend_coupons', { evidence: 'rehearsal' }, 'failure');
  const until = await findExtensionOfAll(stage.portal.db, stage.campaignId);
  const wanted = exclusiveDeadline(new Date(stage.campaign.coupon?.extendedUntil ?? 0));
  return { ok: until?.getTime() === wanted.getTime() && yen > 0n, facts: { extendedYen: Number(yen) } };
}

async function playCase(
  stage: Stage,
  { held, kind, invented, validUntil }: { held: InventedCoupon; kind: 'unanswered' | 'repeated'; invented: Invented; validUntil: Date },
): Promise<Played> {
  const { portal, campaignId, agent } = stage;
  const own = invented.payments.filter(({ coupon }) => coupon === held.number);
  // Of two that were pressed, one was meant.
  const wrong = kind === 'repeated' ? own.slice(1) : own;
  const numbers = wrong.map(({ number }) => number);
  const call = { ...callOf(held, numbers, kind, validUntil), staff: agent, campaignId, requestKey: portal.crypto.newKey() };
  const opened = await openCase(portal, call);
  if (opened.kind !== 'opened') return { ok: false, facts: { answer: opened.kind } };
  const work = { caseId: opened.caseId, staff: agent };
  await ownCase(portal, work);
  await moveCase(portal, { ...work, to: 'asking_shop', reason: '', body: '' });
  await recordShopAnswer(portal, { ...work, answer: 'agrees', body: 'rehearsal' });
  const before = await booksOf(stage);
  await stage.byTwo('decide_case', { case: opened.caseId, evidence: 'rehearsal' }, 'shop_confirmed');
  const books = await booksOf(stage);
  const backYen = Number((books?.putBackYen ?? 0n) - (before?.putBackYen ?? 0n) + (books?.casesYen ?? 0n) - (before?.casesYen ?? 0n));
  return { ok: backYen === wrong.reduce((sum, { yen }) => sum + yen, 0), facts: { backYen } };
}

async function playEarlyCutoff({ portal, campaignId }: Stage): Promise<Played> {
  const result = await runCutoff(portal, { campaignId, actor: 'rehearsal' });
  return result.kind === 'refused'
    ? { ok: result.reason === 'too_early', facts: { answer: result.reason } }
    : { ok: false, facts: { answer: result.kind } };
}

async function playCutoff(stage: Stage): Promise<Played> {
  const { portal, campaignId } = stage;
  const input = { campaignId, actor: 'rehearsal' };
  const result = await runCutoff(portal, input);
  if (result.kind !== 'ran') return { ok: false, facts: { answer: result.reason } };
  const again = await runCutoff(portal, input);
  const nothing = again.kind === 'ran' && again.grants === 0 && again.grantedYen === 0n && again.waitingYen === 0n;
  return {
    ok: nothing && result.finished && result.grants > 0,
    facts: { persons: result.grants, grantedYen: Number(result.grantedYen), waitingYen: Number(result.waitingYen) },
  };
}

async function booksOf({ portal, campaignId }: Stage) {
  return (await getProof(portal.db, { campaignId })).campaigns[0]?.coupons;
}

import { sql } from 'kysely';
import { appendAudit } from '#db/audit';
import { type Bulk, type BulkTrx, takeLock } from '#db/bulk';
import { type CampaignTerms, findCampaign, holdCampaign } from '#db/campaigns';
import { findListedDifferences } from '#db/coupon-proof';
import { registerLock } from '#db/coupons';
import {
  beginCutoff,
  type CutoffScope,
  type CutoffWay,
  countDraft,
  draftCutoff,
  findCutoff,
  hasOldIndexes,
  listShortCoupons,
  noteDone,
  type ShortCoupons,
  type WayCount,
} from '#db/cutoff';
import type { Trx } from '#db/database';
import { inTransaction } from '#db/transaction';
import { type CouponTerms, couponTermsOf } from '../domain/cutoff';
import type { Portal } from '../portal';
import { type CutoffBatch, type CutoffDone, type CutoffHand, prepareBatch } from './parts/cutoff-batch';

export interface CutoffPlan {
  readonly takenAt: Date;
  /** Coupons whose holder the app can reach become grants, one for each person; the others wait for a claim. */
  readonly ways: Readonly<Record<'app' | 'claim', WayCount>>;
  /** Covered, and taken by nobody: granted by a list already, or a coupon above the ceiling of a grant, which keeps the cut-off from beginning. */
  readonly held: Readonly<Record<'granted_elsewhere' | 'above_ceiling', WayCount>>;
  /** Coupons whose payments do not make what the file said was left. */
  readonly differences: number;
}

export type CutoffRefusal =
  | { readonly kind: 'refused'; readonly reason: 'campaign_unknown' | 'no_terms' | 'old_indexes' }
  | { readonly kind: 'refused'; readonly reason: 'too_early'; readonly takenAt: Date }
  | { readonly kind: 'refused'; readonly reason: 'differences'; readonly differences: number }
  /** So many coupons hold more than one grant may: they would be owed and taken by nobody. */
  | { readonly kind: 'refused'; readonly reason: 'above_ceiling'; readonly coupons: number };

/** What a plan says beyond: of the coupons that a list granted already, those of which it grants less than is left. */
export type CutoffPlanResult =
  | ({ readonly kind: 'planned'; readonly short: ShortCoupons } & CutoffPlan)
  | { readonly kind: 'begun' }
  | CutoffRefusal;

/** What this run did; a run that finds nothing left has zeros. */
export interface CutoffResult extends CutoffDone {
  readonly kind: 'ran';
  /** False when the signal ended the work early; running again goes on. */
  readonly finished: boolean;
}

export interface CutoffInput {
  readonly campaignId: string;
  readonly actor: string;
  /** Goes on although coupons differ from their file. */
  readonly withDifferences?: boolean;
  /** Persons of one transaction. */
  readonly batchSize?: number;
  readonly onProgress?: (done: { coupons: number }) => void;
  readonly signal?: AbortSignal;
}

type CutoffPortal = Pick<Portal, 'db' | 'clock' | 'crypto'> & { readonly bulk: Bulk };

/** Counting goes through the whole register. */
const COUNT_LONGEST = '120s';

/** Thrown inside the transaction of a plan, so that it leaves nothing. */
class Planned extends Error {
  constructor(readonly plan: CutoffPlan & { readonly short: ShortCoupons }) {
    super('planned');
  }
}

/**
 * Counts what the cut-off would take at this moment, exactly, and writes nothing. May be asked before the instant. Of what
 * lists fall short by, `shortMost` coupons are named; all, where it is left out.
 */
export async function planCutoff(
  portal: Pick<Portal, 'db'>,
  { campaignId, shortMost = null }: { campaignId: string; shortMost?: number | null },
): Promise<CutoffPlanResult> {
  const found = termsIn(await findCampaign(portal.db, campaignId));
  if ('kind' in found) return found;
  if (await findCutoff(portal.db, campaignId)) return { kind: 'begun' };
  try {
    return await inTransaction(portal.db, async (trx) => {
      await sql`set local statement_timeout = ${sql.lit(COUNT_LONGEST)}`.execute(trx);
      const short = await listShortCoupons(trx, { campaignId, ...found.terms }, shortMost);
      throw new Planned({ ...(await draft(trx, found)), short });
    });
  } catch (error) {
    if (error instanceof Planned) return { kind: 'planned', ...error.plan };
    throw error;
  }
}

/**
 * The cut-off: takes what is left on every covered coupon. Whoever the app can reach gets one grant for all their
 * coupons, with a line for each; the other coupons wait for a claim. What is taken is fixed in one transaction, then
 * carried out person by person in committed batches: stopped or dead anywhere, the next run goes on from there, and
 * one that finds everything done does nothing.
 */
export async function runCutoff(portal: CutoffPortal, input: CutoffInput): Promise<CutoffResult | CutoffRefusal> {
  const refusal = await portal.bulk.transaction((bulk) => begin(portal, bulk, input));
  if (refusal) return refusal;
  const { actor, batchSize } = input;
  const hand: Hand = { portal, campaignId: input.campaignId, actor, batchSize };
  const done = { grants: 0, grantedCoupons: 0, grantedYen: 0n, waitingCoupons: 0, waitingYen: 0n };
  let batch = await prepareNext(hand);
  while (batch && !input.signal?.aborted) {
    // The next persons are opened and sealed while the database writes these.
    const writing = writeBatch(hand, batch);
    const [written, following] = await Promise.all([writing, batch.done && prepareBatch(hand, batch.last)]);
    if (written && batch.done) {
      done.grants += batch.done.grants;
      done.grantedCoupons += batch.done.grantedCoupons;
      done.grantedYen += batch.done.grantedYen;
      done.waitingCoupons += batch.done.waitingCoupons;
      done.waitingYen += batch.done.waitingYen;
      input.onProgress?.({ coupons: done.grantedCoupons + done.waitingCoupons });
    }
    // Another run was here or the deadline moved meanwhile: it goes on where the cut-off stands now.
    batch = written ? following : await prepareNext(hand);
  }
  return { kind: 'ran', ...done, finished: !batch };
}

interface Found {
  readonly campaign: CampaignTerms;
  readonly terms: CouponTerms;
}

function termsIn(campaign: CampaignTerms | null): Found | CutoffRefusal {
  if (!campaign) return { kind: 'refused', reason: 'campaign_unknown' };
  const terms = couponTermsOf(campaign.settings);
  return terms ? { campaign, terms } : { kind: 'refused', reason: 'no_terms' };
}

async function draft(trx: Trx, { campaign, terms }: Found): Promise<CutoffPlan> {
  const scope: CutoffScope = { campaignId: campaign.id, ceilingYen: campaign.grantCeilingYen, ...terms };
  await draftCutoff(trx, scope);
  const counts = await countDraft(trx);
  const of = (way: CutoffWay): WayCount => counts.get(way) ?? { coupons: 0, persons: 0, yen: 0n };
  return {
    takenAt: terms.takenAt,
    ways: { app: of('app'), claim: of('claim') },
    held: { granted_elsewhere: of('granted_elsewhere'), above_ceiling: of('above_ceiling') },
    differences: (await findListedDifferences(trx, campaign.id)).length,
  };
}

/**
 * Fixes what is taken, once; behind the register's lock, so that no payment comes in between, and by the terms of then,
 * which stand still: an import may have been waited for, while which the programme was changed.
 */
async function begin(portal: CutoffPortal, { trx }: BulkTrx, input: CutoffInput): Promise<CutoffRefusal | null> {
  await takeLock(trx, registerLock(input.campaignId));
  if (await findCutoff(trx, input.campaignId)) return null;
  const found = termsIn(await holdCampaign(trx, input.campaignId));
  if ('kind' in found) return found;
  const { campaign, terms } = found;
  if (portal.clock.now() < terms.takenAt) return { kind: 'refused', reason: 'too_early', takenAt: terms.takenAt };
  const plan = await draft(trx, found);
  if (await hasOldIndexes(trx, portal.crypto.indexKeyId)) return { kind: 'refused', reason: 'old_indexes' };
  if (plan.differences > 0 && !input.withDifferences) {
    return { kind: 'refused', reason: 'differences', differences: plan.differences };
  }
  const { coupons } = plan.held.above_ceiling;
  if (coupons > 0) return { kind: 'refused', reason: 'above_ceiling', coupons };
  const at = portal.clock.now();
  await beginCutoff(trx, { campaignId: campaign.id, takenAt: terms.takenAt, at, actor: input.actor });
  await appendAudit(trx, {
    id: portal.crypto.newId(at),
    campaignId: campaign.id,
    at,
    actor: input.actor,
    act: 'cutoff.begin',
    subjectKind: 'campaign',
    subjectId: campaign.id,
    detail: {
      appCoupons: plan.ways.app.coupons,
      appPersons: plan.ways.app.persons,
      appYen: Number(plan.ways.app.yen),
      claimCoupons: plan.ways.claim.coupons,
      claimYen: Number(plan.ways.claim.yen),
      differences: plan.differences,
    },
  });
  return null;
}

type Hand = CutoffHand & { readonly portal: CutoffPortal };

/** The batch that comes next where the cut-off stands now; null when it is finished. */
async function prepareNext(hand: Hand): Promise<CutoffBatch | null> {
  const state = await findCutoff(hand.portal.db, hand.campaignId);
  return state && !state.finishedAt ? prepareBatch(hand, state.donePerson) : null;
}

/**
 * Writes a batch: register, ledger and grants in one transaction. Only if the cut-off still stands where the batch was
 * prepared for, with the same deadline; else it answers false and nothing is written.
 */
function writeBatch({ portal, campaignId, actor }: Hand, batch: CutoffBatch): Promise<boolean> {
  return portal.bulk.transaction(async (bulk) => {
    const { trx } = bulk;
    await takeLock(trx, `cutoff ${campaignId}`);
    const [held, state] = [await holdCampaign(trx, campaignId), await findCutoff(trx, campaignId)];
    if (!state || state.finishedAt || state.donePerson !== batch.after) return false;
    if (held?.redeemUntil.getTime() !== batch.deadlineAt.getTime()) return false;
    const { at, last } = batch;
    if (last === null) {
      await noteDone(trx, campaignId, { finishedAt: at });
      const about = { id: portal.crypto.newId(at), campaignId, at, actor };
      await appendAudit(trx, { ...about, act: 'cutoff.finish', subjectKind: 'campaign', subjectId: campaignId });
      return true;
    }
    await batch.grants.write(bulk);
    await batch.taken.write(bulk);
    await noteDone(trx, campaignId, { person: last });
    return true;
  });
}

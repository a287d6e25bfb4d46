import { sql } from 'kysely';
import { appendAudit } from '#db/audit';
import { type Bulk, type BulkTrx, takeLock } from '#db/bulk';
import { type CampaignTerms, findCampaign } from '#db/campaigns';
import { findListedDifferences } from '#db/coupon-proof';
import { registerLock } from '#db/coupons';
import {
  beginCutoff,
  type CutoffLine,
  type CutoffScope,
  type CutoffWay,
  countDraft,
  draftCutoff,
  findCutoff,
  hasOldIndexes,
  listNextLines,
  noteDone,
  type WayCount,
} from '#db/cutoff';
import type { Trx } from '#db/database';
import { TakenCoupons } from '#db/grant-coupons';
import { GrantRows } from '#db/recipients';
import { inTransaction } from '#db/transaction';
import { readPhone } from '../domain/contact';
import { type CouponTerms, couponTermsOf } from '../domain/cutoff';
import { grantedLegs } from '../domain/ledger';
import { sumYen, type Yen } from '../domain/yen';
import type { Portal } from '../portal';
import { type AppContact, openAppContact, sealContact } from './parts/sealed-contact';

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

export type CutoffPlanResult = ({ readonly kind: 'planned' } & CutoffPlan) | { readonly kind: 'begun' } | CutoffRefusal;

export interface CutoffResult {
  readonly kind: 'ran';
  /** What this run did; a run that finds nothing left has zeros. */
  readonly grants: number;
  readonly grantedCoupons: number;
  readonly grantedYen: Yen;
  readonly waitingCoupons: number;
  readonly waitingYen: Yen;
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

const BATCH_PERSONS = 2_000;

/** Thrown inside the transaction of a plan, so that it leaves nothing. */
class Planned extends Error {
  constructor(readonly plan: CutoffPlan) {
    super('planned');
  }
}

/** Counts what the cut-off would take at this moment, exactly, and writes nothing. May be asked before the instant. */
export async function planCutoff(portal: Pick<Portal, 'db'>, { campaignId }: { campaignId: string }): Promise<CutoffPlanResult> {
  const found = await findTerms(portal, campaignId);
  if ('kind' in found) return found;
  if (await findCutoff(portal.db, campaignId)) return { kind: 'begun' };
  try {
    return await inTransaction(portal.db, async (trx) => {
      await sql`set local statement_timeout = ${sql.lit(COUNT_LONGEST)}`.execute(trx);
      throw new Planned(await draft(trx, found));
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
  const found = await findTerms(portal, input.campaignId);
  if ('kind' in found) return found;
  const { terms } = found;
  if (portal.clock.now() < terms.takenAt) return { kind: 'refused', reason: 'too_early', takenAt: terms.takenAt };
  const refusal = await portal.bulk.transaction((bulk) => begin(portal, bulk, { ...found, input }));
  if (refusal) return refusal;
  const done = { grants: 0, grantedCoupons: 0, grantedYen: 0n, waitingCoupons: 0, waitingYen: 0n };
  while (!input.signal?.aborted) {
    const batch = await portal.bulk.transaction((bulk) => takeBatch(portal, bulk, found.campaign, input));
    if (!batch) return { kind: 'ran', ...done, finished: true };
    done.grants += batch.grants;
    done.grantedCoupons += batch.grantedCoupons;
    done.grantedYen += batch.grantedYen;
    done.waitingCoupons += batch.waitingCoupons;
    done.waitingYen += batch.waitingYen;
    input.onProgress?.({ coupons: done.grantedCoupons + done.waitingCoupons });
  }
  return { kind: 'ran', ...done, finished: false };
}

interface Found {
  readonly campaign: CampaignTerms;
  readonly terms: CouponTerms;
}

async function findTerms(portal: Pick<Portal, 'db'>, campaignId: string): Promise<Found | CutoffRefusal> {
  const campaign = await findCampaign(portal.db, campaignId);
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

/** Fixes what is taken, once; behind the register's lock, so that no payment comes in between. */
async function begin(portal: CutoffPortal, bulk: BulkTrx, of: Found & { input: CutoffInput }): Promise<CutoffRefusal | null> {
  const { campaign, terms, input } = of;
  const { trx } = bulk;
  await takeLock(trx, registerLock(campaign.id));
  if (await findCutoff(trx, campaign.id)) return null;
  const plan = await draft(trx, of);
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

type BatchDone = Omit<CutoffResult, 'kind' | 'finished'>;

/** Takes the coupons of the next persons: register, ledger and grants in one transaction. Null when all is done. */
async function takeBatch(portal: CutoffPortal, bulk: BulkTrx, campaign: CampaignTerms, input: CutoffInput): Promise<BatchDone | null> {
  const { trx } = bulk;
  const { actor, batchSize = BATCH_PERSONS } = input;
  await takeLock(trx, `cutoff ${campaign.id}`);
  const state = await findCutoff(trx, campaign.id);
  if (!state || state.finishedAt) return null;
  const at = portal.clock.now();
  const lines = await listNextLines(trx, { campaignId: campaign.id, after: state.donePerson, persons: batchSize });
  const last = lines.at(-1);
  if (!last) {
    await noteDone(trx, campaign.id, { finishedAt: at });
    const about = { id: portal.crypto.newId(at), campaignId: campaign.id, at, actor };
    await appendAudit(trx, { ...about, act: 'cutoff.finish', subjectKind: 'campaign', subjectId: campaign.id });
    return null;
  }
  const grants = new GrantRows({ campaignId: campaign.id, importId: null, actor, deadlineAt: campaign.redeemUntil, at });
  const taken = new TakenCoupons({ campaignId: campaign.id, actor, at });
  const legs: { grantId: string; yen: Yen }[] = [];
  for (const own of byPerson(lines)) {
    const yen = sumYen(own.map((line) => line.yen));
    const grantId = own[0]?.way === 'app' ? portal.crypto.newId(at) : null;
    if (grantId) {
      addGrant(portal, grants, { grantId, at, yen, own });
      legs.push({ grantId, yen });
    }
    for (const line of own) taken.add(line.coupon_id, line.yen, grantId);
  }
  if (legs.length > 0) await grants.write(bulk, portal.crypto.newId(at), grantedLegs(legs));
  await taken.write(bulk);
  await noteDone(trx, campaign.id, { person: last.person });
  const app = lines.filter((line) => line.way === 'app');
  const grantedYen = sumYen(app.map((line) => line.yen));
  return {
    grants: legs.length,
    grantedCoupons: app.length,
    grantedYen,
    waitingCoupons: lines.length - app.length,
    waitingYen: sumYen(lines.map((line) => line.yen)) - grantedYen,
  };
}

function byPerson(lines: readonly CutoffLine[]): CutoffLine[][] {
  const persons: CutoffLine[][] = [];
  for (const line of lines) {
    const own = persons.at(-1);
    if (own?.[0]?.person === line.person) own.push(line);
    else persons.push([line]);
  }
  return persons;
}

/**
 * One grant for a person. Their contact is the first mobile number (else the first number) and the first mail address in
 * the order of inquiry numbers; the link goes by SMS when the first coupon has a mobile number, else by mail.
 */
function addGrant(
  { crypto }: CutoffPortal,
  grants: GrantRows,
  { grantId, at, yen, own }: { grantId: string; at: Date; yen: Yen; own: readonly CutoffLine[] },
): void {
  const contacts = own.map((line) => openLine(crypto, line));
  const recipientId = crypto.newId(at);
  const phones = contacts.flatMap((contact) => contact.phone ?? []);
  const phone = phones.find((each) => readPhone(each)?.kind === 'mobile') ?? phones[0] ?? null;
  const mail = contacts.find((contact) => contact.mail)?.mail ?? null;
  const first = contacts[0]?.phone ? readPhone(contacts[0].phone) : null;
  const number = own[0]?.person ?? '';
  grants.add({
    recipientId,
    contact: sealContact(crypto, recipientId, { name: null, kana: null, phone, mail }),
    grantId,
    number: `C-${number}`,
    inquiryNumber: number,
    yen,
    channel: first?.kind === 'mobile' ? 'sms' : 'mail',
    linkKeyId: crypto.linkKeyId,
    linkDigest: crypto.linkDigest(crypto.linkToken(grantId, 1)),
  });
}

function openLine(crypto: Portal['crypto'], line: CutoffLine): AppContact {
  const { coupon_id: id, contact_sealed, contact_key_id } = line;
  if (!contact_sealed || !contact_key_id) throw new Error(`coupon ${id} has no contact`);
  return openAppContact(crypto, { id, contact_sealed, contact_key_id });
}

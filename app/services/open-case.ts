import type { Insertable } from 'kysely';
import { appendAudit } from '#db/audit';
import { findCampaign } from '#db/campaigns';
import { findCaseCoupon, findCouponByPlainNumber, listCouponPaymentsForCase, replaceCasePayments } from '#db/cases';
import type { Trx } from '#db/database';
import type { CasesTable } from '#db/tables/cases';
import { inTransaction } from '#db/transaction';
import { type CampaignScope, isInScope } from '../domain/access';
import { caseDue, caseSettingsOf } from '../domain/case';
import { heldFacts } from '../domain/case-contact';
import { type CallField, type CaseError, readCall, readStory, type TypedCall, type TypedStory } from '../domain/case-form';
import { claimNumber } from '../domain/claim-number';
import { couponTermsOf } from '../domain/cutoff';
import type { Portal } from '../portal';
import { actorOf } from './parts/acts/act';
import { mayGuess, recordWrongFacts } from './parts/case-caller';
import { sealCaller } from './parts/case-contact';
import { appendCaseNote } from './parts/case-step';

export interface CaseCall {
  readonly staff: { readonly id: string; readonly scope: CampaignScope };
  readonly campaignId: string;
  readonly typed: TypedCall;
  readonly told: TypedStory;
  /** Made with the form: pressed twice, it is one case. */
  readonly requestKey: string;
}

export type CaseOpened =
  | { readonly kind: 'opened'; readonly caseId: string; readonly number: string }
  /** Back to the first step, or the second. */
  | { readonly kind: 'incomplete'; readonly step: 1; readonly errors: readonly CaseError<CallField>[] }
  | { readonly kind: 'incomplete'; readonly step: 2; readonly errors: readonly CaseError[] }
  | { readonly kind: 'refused'; readonly reason: 'not_found' | 'too_many_today' };

/** Two numbers drawn at random are the same once in 900 million times; three times never. */
const DRAWS = 5;
const REQUEST_KEY = /^[\w-]{20,60}$/;

/**
 * Takes a call (受付): who called, the four things of the notice, what happened. The caller is compared with what the
 * register holds; wrong facts are on the record and few. Whoever takes the call owns the case.
 */
export async function openCase(portal: Pick<Portal, 'db' | 'clock' | 'crypto'>, input: CaseCall): Promise<CaseOpened> {
  const { staff, campaignId, typed, told, requestKey } = input;
  const { crypto } = portal;
  const read = readCall(typed);
  if (!read.ok) return { kind: 'incomplete', step: 1, errors: read.errors };
  const { call } = read;
  if (!isInScope(staff.scope, campaignId) || !REQUEST_KEY.test(requestKey)) return { kind: 'refused', reason: 'not_found' };
  return inTransaction(portal.db, async (trx): Promise<CaseOpened> => {
    const before = await findOpened(trx, campaignId, requestKey);
    if (before) return { kind: 'opened', caseId: before.id, number: before.number };
    const campaign = await findCampaign(trx, campaignId);
    if (!campaign || !couponTermsOf(campaign.settings)) return { kind: 'refused', reason: 'not_found' };
    const now = portal.clock.now();
    const actor = actorOf(staff.id);
    const found = await findCouponByPlainNumber(trx, { campaignId, number: call.number });
    const coupon = found && (await findCaseCoupon(trx, found.id));
    const payments = coupon ? (await listCouponPaymentsForCase(trx, coupon.id)).map(({ number }) => number) : [];
    if (coupon && told.way === 'facts' && !(await mayGuess(trx, coupon.id, now))) return { kind: 'refused', reason: 'too_many_today' };
    const heard = readStory(told, coupon && { facts: heldFacts(crypto, coupon), payments });
    if (!heard.ok) {
      if (coupon && heard.wrongFacts.length > 0) await recordWrongFacts(portal, trx, { coupon, asked: heard.wrongFacts, actor, now });
      return { kind: 'incomplete', step: 2, errors: heard.errors };
    }
    const { story } = heard;
    const id = crypto.newId(now);
    const number = await insertCase(portal, trx, {
      id,
      campaign_id: campaignId,
      state: 'received' as const,
      state_at: now,
      kind: story.kind,
      ...sealCaller(crypto, id, call),
      inquiry_number: call.number,
      valid_on: call.validOn,
      prefecture: call.prefecture,
      shop: call.shop,
      caller_way: story.way,
      caller_facts: story.facts?.join(' ') ?? null,
      identified_at: story.facts ? now : null,
      coupon_id: coupon?.id ?? null,
      owner_id: staff.id,
      due_at: caseDue('received', now, caseSettingsOf(campaign.settings)),
      request_key: requestKey,
      opened_by: staff.id,
      opened_at: now,
    });
    if (number === null) {
      const other = await findOpened(trx, campaignId, requestKey);
      if (other) return { kind: 'opened', caseId: other.id, number: other.number };
      throw new Error('no reference number is free');
    }
    await replaceCasePayments(trx, { id, campaign_id: campaignId }, story.payments);
    const own = { id, campaign_id: campaignId };
    await appendCaseNote(portal, trx, own, { kind: 'opened', state: 'received', reason: null, body: story.story, actor, now });
    await appendAudit(trx, {
      id: crypto.newId(now),
      campaignId,
      at: now,
      actor,
      act: 'case.opened',
      subjectKind: 'case',
      subjectId: id,
      detail: { happened: story.kind, identity: story.facts?.join(' ') ?? story.way, payments: story.payments.length },
    });
    return { kind: 'opened', caseId: id, number };
  });
}

function findOpened(trx: Trx, campaignId: string, requestKey: string) {
  return trx
    .selectFrom('cases')
    .select(['id', 'number'])
    .where('campaign_id', '=', campaignId)
    .where('request_key', '=', requestKey)
    .executeTakeFirst();
}

type NewCase = Omit<Insertable<CasesTable>, 'number'>;

async function insertCase({ crypto }: Pick<Portal, 'crypto'>, trx: Trx, values: NewCase): Promise<string | null> {
  for (let draw = 0; draw < DRAWS; draw += 1) {
    const number = claimNumber(BigInt(`0x${Buffer.from(crypto.newKey(), 'base64url').toString('hex')}`));
    const [written] = await trx
      .insertInto('cases')
      .values({ ...values, number })
      .onConflict((conflict) => conflict.doNothing())
      .returning('number')
      .execute();
    if (written) return written.number;
  }
  return null;
}
